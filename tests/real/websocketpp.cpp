// websocketpp.cpp: what is the own of connections over websocketpp.

#define CAF_SUITE websocketpp

#include "wsengine/websocketpp.hpp"

#include "protocol.hpp"
#include "real/connection_fixture.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace wsengine;
using io::protocol;
using tests::error_of;

namespace {

// Everything that a protocol reports. What it sends is unmasked.
struct recorder : io::protocol_user {
  void on_bytes(std::string_view bytes) override { sent += bytes; }

  void on_message(bool is_text, std::string payload) override {
    events.push_back((is_text ? "text " : "binary ") + payload);
  }

  void on_ping_frame() override { events.emplace_back("ping"); }

  void on_pong_frame(std::string_view data) override {
    events.push_back("pong " + std::string{data});
  }

  std::string sent;
  std::vector<std::string> events;
};

struct fixture : tests::connection_fixture {
  connection_actor spawn() { return websocketpp_connector(io).spawn(*self); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(websocketpp_tests, fixture)

CAF_TEST(what the library cannot do is refused by name) {
  auto check_refused = [&](const std::string& field) {
    handshake_request wanted;
    wanted.url = server.url();
    auto reason =
      error_of(tests::get<handshake_response>(request(spawn(), dial_msg{wanted, options})));
    CAF_CHECK_EQUAL(reason, dial_errc::invalid_request);
    CAF_CHECK_EQUAL(text_of(reason), field + " is not supported by the adapter websocketpp");
    options = {};
  };
  options.deflate.enabled = true;
  check_refused("connection.deflate.enabled");
  options.max_part_size = 1000;
  check_refused("connection.max_part_size");
  CAF_CHECK_EQUAL(server.counters().accepted, 0U);
}

CAF_TEST(an answer that opens nothing is a failure) {
  recorder user;
  protocol uut{user, 100};
  uut.start("/there?x=1");
  CAF_CHECK(user.sent.starts_with("GET /there?x=1 HTTP/1.1\r\n"));
  CAF_CHECK(uut.current() == protocol::state::upgrading);
  uut.feed("HTTP/1.1 404 Not Found\r\n\r\n");
  CAF_CHECK(uut.current() == protocol::state::failed);
  CAF_CHECK(uut.failure());
}

CAF_TEST_FIXTURE_SCOPE_END()
