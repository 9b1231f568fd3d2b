// engine_outbox.cpp: a server that goes away and comes back, while messages are sent: everything
// arrives exactly once and in order, behind what every session begins with.

#define CAF_SUITE engine_outbox

#include "engine_fixture.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

// What the server has got, by session.
class inbox_of_server {
public:
  void take(const examples::echo_event& what) {
    using type = examples::echo_event::type;
    std::lock_guard guard{mutex_};
    if (what.what == type::opened)
      sessions_.emplace_back();
    else if (what.what == type::message)
      sessions_.back().push_back(what.data);
  }

  std::vector<strings> sessions() const {
    std::lock_guard guard{mutex_};
    return sessions_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<strings> sessions_;
};

struct fixture {
  fixture() {
    server.start();
    options.request.url = server.url("/echo");
    options.backoff.base = 20ms;
    options.backoff.cap = 20ms;
    options.backoff.jitter = 0;
    options.outbox.enabled = true;
    options.setup = {{"login", text("login")}, {"trades", text("sub trades")}};
  }

  ~fixture() {
    engine = nullptr;
    io.reset();
  }

  void start() {
    auto result =
      spawn_engine(sys, tests::adapter_connector(*io), options, client, placement::io_thread);
    CAF_REQUIRE(result);
    engine = *result;
    caf::error failure;
    self->request(engine, 20s, start_msg{})
      .receive([](const session&) {}, [&](caf::error& x) { failure = std::move(x); });
    CAF_REQUIRE_EQUAL(failure, caf::none);
  }

  auto send(const std::string& content) {
    return self->request(
      engine, 20s, send_msg{message_kind::text, content, send_policy::keep, timespan{0}, false});
  }

  template <class Handle>
  caf::error fate(Handle& response) {
    caf::error result;
    response.receive([](const send_receipt&) {}, [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  void subscribe(const std::string& name) {
    self->request(engine, 20s, subscribe_msg{{name, text("sub " + name)}})
      .receive([] {}, [](const caf::error& x) { CAF_FAIL(describe(x)); });
  }

  config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self{sys};
  inbox_of_server inbox;
  examples::echo_server server{
    {0, false, {}, 64U << 20U, [this](const examples::echo_event& x) { inbox.take(x); }}};
  std::shared_ptr<tests::probe> client = std::make_shared<tests::probe>();
  engine_options options;
  std::unique_ptr<host> io = std::make_unique<host>(sys);
  engine_actor engine;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_outbox_tests, fixture)

CAF_TEST(what is sent around a restart of the server arrives once and in order) {
  start();
  subscribe("books");
  auto before = send("before");
  CAF_CHECK_EQUAL(fate(before), caf::none);
  // Written is not read: the server has it when it says so.
  CAF_REQUIRE(client->wait_for("message before"));
  server.stop();
  CAF_REQUIRE(client->wait_for("close 1006"));
  strings expected;
  std::vector<decltype(send(""))> pending;
  for (int i = 0; i < 200; ++i) {
    expected.push_back(std::to_string(i));
    pending.push_back(send(expected.back()));
  }
  subscribe("news");
  server.start();
  for (auto& x : pending)
    CAF_CHECK_EQUAL(fate(x), caf::none);
  CAF_REQUIRE(client->wait_for("message 199"));
  auto sessions = inbox.sessions();
  CAF_REQUIRE_EQUAL(sessions.size(), 2U);
  CAF_CHECK_EQUAL(sessions[0], (strings{"login", "sub trades", "sub books", "before"}));
  expected.insert(expected.begin(), {"login", "sub trades", "sub books", "sub news"});
  CAF_CHECK_EQUAL(sessions[1], expected);
}

CAF_TEST(over many cuts nothing arrives twice and nothing out of order) {
  start();
  constexpr std::uint64_t cuts = 6;
  std::vector<decltype(send(""))> pending;
  for (std::uint64_t i = 0; i < cuts; ++i) {
    for (int k = 0; k < 100; ++k) {
      if (k == 50) {
        // Each cut hits a session of its own.
        CAF_REQUIRE(server.wait_until(
          [i](const examples::echo_counters& x) { return x.opened == i + 1 && x.open == 1; }));
        server.drop_all();
      }
      pending.push_back(send(std::to_string(pending.size())));
    }
  }
  std::size_t unknown = 0;
  for (auto& x : pending) {
    auto answer = fate(x);
    if (answer)
      CAF_CHECK_EQUAL(answer, send_errc::unknown);
    unknown += answer ? 1 : 0;
  }
  CAF_REQUIRE(server.wait_until(
    [](const examples::echo_counters& x) { return x.opened == cuts + 1 && x.open == 1; }));
  auto last = send(std::to_string(pending.size()));
  CAF_CHECK_EQUAL(fate(last), caf::none);
  CAF_REQUIRE(client->wait_for("message " + std::to_string(pending.size())));
  // What the system had taken is lost with its session; all that arrives, does so once, in order.
  std::vector<int> arrived;
  for (const auto& session : inbox.sessions())
    for (std::size_t i = 0; i < session.size(); ++i) {
      if (i < 2)
        CAF_CHECK_EQUAL(session[i], i == 0 ? "login" : "sub trades");
      else
        arrived.push_back(std::stoi(session[i]));
    }
  auto repeated_or_late =
    std::adjacent_find(arrived.begin(), arrived.end(), std::greater_equal<>{});
  CAF_CHECK(repeated_or_late == arrived.end());
  CAF_MESSAGE(arrived.size() << " of " << pending.size() + 1 << " arrived, the fate of " << unknown
                             << " is unknown");
}

CAF_TEST_FIXTURE_SCOPE_END()
