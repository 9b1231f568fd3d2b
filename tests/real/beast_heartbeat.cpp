// beast_heartbeat.cpp: pings, pongs, and peers that are silent.

#define CAF_SUITE beast_heartbeat

#include "real/connection_fixture.hpp"
#include "real/raw_peer.hpp"

#include <atomic>
#include <future>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::error_of;
using tests::raw_peer;
using tests::raw_session;

CAF_TEST_FIXTURE_SCOPE(beast_heartbeat_tests, tests::connection_fixture)

// -- pings of ours --------------------------------------------------------------------------------

CAF_TEST(a ping tells the round trip time while nobody reads) {
  auto uut = open_path();
  for (const std::string data : {"", "x", "x", "0123456789"}) {
    auto time = tests::get<timespan>(request(uut, ping_msg{data}));
    CAF_REQUIRE_EQUAL(error_of(time), caf::none);
    CAF_CHECK(time->count() > 0);
  }
  CAF_CHECK_EQUAL(server.counters().pings, 4U);
}

CAF_TEST(a ping behind unread messages) {
  auto uut = open_path();
  for (int i = 0; i < 10; ++i)
    CAF_REQUIRE_EQUAL(write(uut, text("unread")), caf::none);
  CAF_CHECK(tests::get<timespan>(request(uut, ping_msg{"p"})));
  CAF_CHECK(*read(uut) == text("unread"));
}

CAF_TEST(many pings at once) {
  auto uut = open_path();
  std::vector<decltype(request(uut, ping_msg{}))> all;
  for (int i = 0; i < 100; ++i)
    all.push_back(request(uut, ping_msg{i % 3 == 0 ? "same" : std::to_string(i)}));
  for (auto& x : all)
    CAF_CHECK(tests::get<timespan>(x));
}

CAF_TEST(a pong settles the pings before it) {
  std::promise<void> all_came;
  raw_peer peer{[&](raw_session& session) {
    session.upgrade();
    for (int i = 0; i < 3; ++i)
      session.read_frame();
    session.send_frame(10, "unasked");
    session.send_frame(10, "two");
    session.send_frame(1, "between");
    session.read_frame();
    session.send_frame(10, "three");
    session.wait_end();
  }};
  auto uut = open(peer.url());
  auto one = request(uut, ping_msg{"one"});
  auto two = request(uut, ping_msg{"two"});
  auto three = request(uut, ping_msg{"three"});
  CAF_CHECK(tests::get<timespan>(one));
  CAF_CHECK(tests::get<timespan>(two));
  CAF_CHECK(*read(uut) == text("between"));
  CAF_CHECK_EQUAL(write(uut, text("go on")), caf::none);
  CAF_CHECK(tests::get<timespan>(three));
}

CAF_TEST(a ping with too much) {
  auto uut = open_path();
  auto time = tests::get<timespan>(request(uut, ping_msg{std::string(126, 'x')}));
  CAF_CHECK_EQUAL(error_of(time), connection_errc::invalid_message);
  CAF_CHECK(tests::get<timespan>(request(uut, ping_msg{std::string(125, 'x')})));
}

CAF_TEST(a ping that is never answered) {
  auto uut = open_path("/silent");
  auto ping = request(uut, ping_msg{"hello?"});
  options.timeouts.close = 100ms;
  self->send_exit(uut, caf::exit_reason::user_shutdown);
  CAF_CHECK_EQUAL(error_of(tests::get<timespan>(ping)), connection_errc::ping_failed);
}

CAF_TEST(pings go out by themselves) {
  options.ping_interval = 10ms;
  auto uut = open_path();
  CAF_CHECK(server.wait_until([](const auto& x) { return x.pings >= 5; }));
}

CAF_TEST(no pings when they are turned off) {
  options.ping_interval = timespan{0};
  options.idle_timeout = 100ms;
  auto uut = open_path();
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::abnormal);
  CAF_CHECK_EQUAL(server.counters().pings, 0U);
}

// -- pings of the peer ----------------------------------------------------------------------------

CAF_TEST(pings are answered while nobody reads) {
  auto uut = open_path();
  CAF_REQUIRE_EQUAL(write(uut, text("unread")), caf::none);
  CAF_REQUIRE(server.wait_until([](const auto& x) { return x.sent == 1; }));
  for (std::uint64_t i = 1; i <= 3; ++i) {
    server.ping_all("ping");
    CAF_CHECK(server.wait_until([i](const auto& x) { return x.pongs == i; }));
  }
}

CAF_TEST(pings are answered with their payload in the middle of a message) {
  std::promise<std::string> pong;
  raw_peer peer{[&](raw_session& session) {
    session.upgrade();
    session.send_frame(1, "be", false);
    session.send_frame(9, "payload");
    pong.set_value(session.read_frame().payload);
    session.send_frame(0, "fore", true);
    session.wait_end();
  }};
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(pong.get_future().get(), "payload");
  CAF_CHECK(*read(uut) == text("before"));
}

// -- silence --------------------------------------------------------------------------------------

CAF_TEST(a silent peer is declared dead) {
  options.idle_timeout = 100ms;
  options.ping_interval = 20ms;
  auto uut = open_path("/silent");
  auto end = end_of(uut);
  CAF_CHECK_EQUAL(end.code, close_code::abnormal);
  CAF_CHECK_EQUAL(end.reason, "the peer was silent for 100 ms");
  CAF_CHECK_EQUAL(text_of(read(uut).error()), "the peer was silent for 100 ms");
}

CAF_TEST(pongs are signs of life) {
  options.idle_timeout = 1s;
  options.ping_interval = 50ms;
  auto uut = open_path();
  CAF_CHECK(server.wait_until([](const auto& x) { return x.pings >= 30; }));
  CAF_CHECK_EQUAL(write(uut, text("alive")), caf::none);
  CAF_CHECK(*read(uut) == text("alive"));
}

CAF_TEST(the bytes of a message that is not complete are signs of life) {
  constexpr std::size_t size = 16;
  options.idle_timeout = 1s;
  options.ping_interval = 100ms;
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.send_header(2, size);
    // Our pings set the pace; it does not answer them.
    for (std::size_t i = 0; i < size; ++i) {
      session.read_frame();
      session.send("x");
    }
    session.wait_end();
  }};
  auto uut = open(peer.url());
  CAF_CHECK(*read(uut) == binary(std::string(size, 'x')));
}

CAF_TEST_FIXTURE_SCOPE_END()
