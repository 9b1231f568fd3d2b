// status_site.cpp: who gets what from the status page, and what it says of engines.

#define CAF_SUITE status_site

#include "status_site.hpp"

#include "status_board.hpp"
#include "status_page.hpp"

#include "wsengine/error.hpp"
#include "wsengine/testing/unit_test.hpp"
#include "wsengine/testing/virtual_system.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace wsengine;
using namespace wsengine::cli;
using namespace std::chrono_literals;

namespace {

namespace json = boost::json;

struct site_fixture {
  site_fixture() { uut.listen_on(8081); }

  site_response get(const std::string& target, const std::string& host = "127.0.0.1:8081") {
    return uut.answer({"GET", target, host, {}});
  }

  site_response post(const std::string& target, const std::string& authorization) {
    return uut.answer({"POST", target, "localhost:8081", authorization});
  }

  std::vector<std::pair<std::uint64_t, site_action>> acted;
  status_site uut{"a <title>",
                  "secret",
                  {[] { return "{}"; }, [] { return "numbers"; },
                   [this](std::uint64_t engine, site_action what) {
                     acted.emplace_back(engine, what);
                     return engine == 7;
                   }}};
};

// A board with one engine, in virtual time.
struct board_fixture {
  board_fixture() {
    uut.engine_spawned(who, {}, {"ws://example.org/", {}, {}});
    time.tick(2s);
  }

  json::object engine() {
    return json::parse(uut.json()).as_object().at("engines").as_array().at(0).as_object();
  }

  std::string error(std::size_t index) {
    auto all = engine().at("errors").as_array();
    return std::string{all.at(index).as_object().at("text").as_string()};
  }

  testing::virtual_system time;
  status_board uut{compat::clock_of(time.system())};
  subject who{5, session_id{0xabc}};
};

} // namespace

// -- the site -------------------------------------------------------------------------------------

CAF_TEST(everybody here may look) {
  site_fixture test;
  CAF_CHECK_EQUAL(test.get("/").status, 200u);
  CAF_CHECK_EQUAL(test.get("/?x=y", "localhost:8081").status, 200u);
  CAF_CHECK_EQUAL(test.get("/status.json").body, "{}");
  CAF_CHECK_EQUAL(test.get("/status.json").content_type, "application/json");
  CAF_CHECK_EQUAL(test.get("/metrics").body, "numbers");
  CAF_CHECK_EQUAL(test.get("/else").status, 404u);
  CAF_CHECK_EQUAL(test.uut.answer({"HEAD", "/", "localhost:8081", {}}).status, 200u);
  CAF_CHECK_EQUAL(test.uut.answer({"DELETE", "/", "localhost:8081", {}}).allow, "GET, HEAD");
}

CAF_TEST(a page from elsewhere whose name points here gets nothing) {
  site_fixture test;
  for (const auto* host : {"", "evil.example:8081", "127.0.0.1", "127.0.0.1:80", "localhost:80810",
                           "127.0.0.1:8081.evil.example"}) {
    CAF_CHECK_EQUAL(test.get("/status.json", host).status, 403u);
    CAF_CHECK_EQUAL(test.uut.answer({"POST", "/engines/7/stop", host, "Bearer secret"}).status,
                    403u);
  }
  CAF_CHECK(test.acted.empty());
}

CAF_TEST(acting takes the token and a post) {
  site_fixture test;
  for (const auto* wrong :
       {"", "secret", "Bearer ", "Bearer secreT", "Bearer secret2", "Bearer secre", "Basic secret"})
    CAF_CHECK_EQUAL(test.post("/engines/7/stop", wrong).status, 403u);
  auto asked = test.uut.answer({"GET", "/engines/7/stop", "localhost:8081", "Bearer secret"});
  CAF_CHECK_EQUAL(asked.status, 405u);
  CAF_CHECK_EQUAL(asked.allow, "POST");
  CAF_CHECK(test.acted.empty());
  CAF_CHECK_EQUAL(test.post("/engines/7/stop", "Bearer secret").status, 202u);
  CAF_CHECK_EQUAL(test.post("/engines/7/restart", "Bearer secret").status, 202u);
  CAF_REQUIRE_EQUAL(test.acted.size(), 2u);
  CAF_CHECK(test.acted[0] == std::pair(std::uint64_t{7}, site_action::stop));
  CAF_CHECK(test.acted[1] == std::pair(std::uint64_t{7}, site_action::restart));
}

CAF_TEST(what does not exist cannot be acted upon) {
  site_fixture test;
  CAF_CHECK_EQUAL(test.post("/engines/8/stop", "Bearer secret").status, 404u);
  for (const auto* target :
       {"/engines/", "/engines/7", "/engines/7/", "/engines/7/explode", "/engines/x/stop",
        "/engines/-7/stop", "/engines/7/stop/more", "/engines/99999999999999999999/stop"})
    CAF_CHECK_EQUAL(test.post(target, "Bearer secret").status, 404u);
  CAF_CHECK_EQUAL(test.acted.size(), 1u);
}

CAF_TEST(the page runs nothing but its own script) {
  site_fixture test;
  auto first = test.get("/");
  auto second = test.get("/");
  CAF_CHECK(first.policy.find("default-src 'none'") != std::string::npos);
  CAF_CHECK(first.policy.find("frame-ancestors 'none'") != std::string::npos);
  CAF_CHECK_NOT_EQUAL(first.policy, second.policy);
  auto begin = first.policy.find("'nonce-") + 7;
  auto nonce = first.policy.substr(begin, first.policy.find('\'', begin) - begin);
  CAF_CHECK(first.body.find("<script nonce=\"" + nonce + "\">") != std::string::npos);
  CAF_CHECK(first.body.find("a &lt;title&gt;") != std::string::npos);
  CAF_CHECK_EQUAL(first.body.find("a <title>"), std::string::npos);
  CAF_CHECK_EQUAL(first.body.find("secret"), std::string::npos);
}

CAF_TEST(without metrics there are none) {
  status_site uut{"", "", {[] { return "{}"; }, {}, {}}};
  uut.listen_on(80);
  CAF_CHECK_EQUAL(uut.answer({"GET", "/metrics", "localhost:80", {}}).status, 404u);
}

CAF_TEST(tokens are long and never the same) {
  auto first = make_token();
  CAF_CHECK_EQUAL(first.size(), 32u);
  CAF_CHECK_NOT_EQUAL(first, make_token());
}

// -- the board ------------------------------------------------------------------------------------

CAF_TEST(an engine is shown from its beginning to its end) {
  board_fixture test;
  auto engine = test.engine();
  CAF_CHECK(engine.at("engine") == 5);
  CAF_CHECK(engine.at("url") == "ws://example.org/");
  CAF_CHECK(engine.at("state") == "idle");
  CAF_CHECK(engine.at("state_age_s") == 2.0);
  CAF_CHECK(engine.at("session").is_null());
  test.uut.engine_ended(test.who, engine_state::idle);
  auto all = json::parse(test.uut.json()).as_object();
  CAF_CHECK(all.at("engines_total") == 0);
  CAF_CHECK(all.at("uptime_s") == 2.0);
}

CAF_TEST(a session has an age and its messages are counted) {
  board_fixture test;
  test.uut.session_opened(test.who, {});
  test.time.tick(1500ms);
  test.uut.received(test.who, {2, 10});
  test.uut.write_began(test.who, {3, 30});
  test.uut.write_ended(test.who, {1, 10}, {});
  test.uut.write_ended(test.who, {1, 5}, make_error(connection_errc::dropped, ""));
  test.uut.pong_came(test.who, 25ms);
  auto engine = test.engine();
  CAF_CHECK(engine.at("session") == "0000000000000abc");
  CAF_CHECK(engine.at("session_age_s") == 1.5);
  CAF_CHECK(engine.at("received").as_object().at("bytes") == 10);
  CAF_CHECK(engine.at("sent").as_object().at("messages") == 1);
  CAF_CHECK(engine.at("queued").as_object().at("messages") == 1);
  CAF_CHECK(engine.at("queued").as_object().at("bytes") == 15);
  CAF_CHECK(engine.at("unsent") == 1);
  CAF_CHECK(engine.at("round_trip_ms") == 25.0);
  test.uut.session_closed(test.who, {close_details{close_code::going_away, "bye"}, {}, 1s});
  CAF_CHECK(test.engine().at("session_age_s").is_null());
  CAF_CHECK_EQUAL(test.error(0), "closed by the server: 1001 (going away): bye");
}

CAF_TEST(the last errors are kept and none twice) {
  board_fixture test;
  auto failed = make_error(dial_errc::connect_failed, "nobody listens");
  test.uut.dial_ended(test.who, failed, 1s);
  test.uut.retry_scheduled(test.who, retry_cause::attempt_failed, failed, 1s);
  CAF_CHECK_EQUAL(test.engine().at("errors").as_array().size(), 1u);
  CAF_CHECK(test.engine().at("reconnects") == 1);
  CAF_CHECK_EQUAL(test.error(0), "connect_failed: nobody listens");
  for (auto i = 0; i < 7; ++i)
    test.uut.callback_failed(test.who, callback_kind::on_message, 1s,
                             make_error(engine_errc::handler_crashed, std::to_string(i)));
  CAF_CHECK_EQUAL(test.engine().at("errors").as_array().size(), status_board::most_errors);
  CAF_CHECK_EQUAL(test.error(0), "on_message: handler_crashed: 6");
  // Who gave a dial up did not fail.
  test.uut.dial_ended(test.who, make_error(engine_errc::stopped, "given up"), 1s);
  CAF_CHECK_EQUAL(test.error(0), "on_message: handler_crashed: 6");
}

CAF_TEST(of very many engines the first are shown and all are counted) {
  testing::virtual_system time;
  status_board uut{compat::clock_of(time.system())};
  for (caf::actor_id i = 1; i <= status_board::most_engines + 10; ++i)
    uut.engine_spawned({i, {}}, {}, {});
  uut.state_changed({1, {}}, engine_state::idle, engine_state::dialing, {});
  auto all = json::parse(uut.json()).as_object();
  CAF_CHECK_EQUAL(all.at("engines").as_array().size(), status_board::most_engines);
  CAF_CHECK(all.at("engines_total") == status_board::most_engines + 10);
  CAF_CHECK(all.at("states").as_object().at("dialing") == 1);
  CAF_CHECK(all.at("states").as_object().at("idle") == status_board::most_engines + 9);
}

CAF_TEST(an engine that nobody knows changes nothing) {
  board_fixture test;
  test.uut.received({6, {}}, {1, 1});
  CAF_CHECK(!test.uut.find(6));
  CAF_CHECK(test.engine().at("received").as_object().at("messages") == 0);
}
