// contract_life.cpp: pings, pongs, and peers that are silent.

#define CAF_SUITE contract_life

#include "real/connection_fixture.hpp"
#include "real/descriptors.hpp"
#include "real/raw_peer.hpp"

#include <atomic>
#include <future>
#include <netinet/tcp.h>
#include <string>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::error_of;
using tests::raw_peer;
using tests::raw_session;
using tests::value_of;

namespace {

// More than the buffers of the system hold between a writer and a peer that does not read.
const std::string too_much(15U << 20U, 'x');

struct fixture : tests::connection_fixture {
  // Only these deadlines run.
  void watch(timespan ping, timespan pong, timespan idle, timespan write) {
    options.ping_interval = ping;
    options.pong_timeout = pong;
    options.idle_timeout = idle;
    options.write_timeout = write;
  }

  // The session ends by itself, and says why in every place.
  void check_dead(const connection_actor& uut, const std::string& why) {
    CAF_CHECK(end_of(uut) == (close_details{close_code::abnormal, why}));
    CAF_CHECK_EQUAL(text_of(write(uut, text("late"))), why);
  }
};

// Answers pings with whatever `answer` sends, so many times.
template <class Answer>
void answer_pings(raw_session& session, int times, Answer answer) {
  while (times > 0) {
    auto frame = session.read_frame();
    if (frame.opcode != 9)
      continue;
    answer(frame.payload);
    --times;
  }
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(contract_life_tests, fixture)

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

// -- pings without answers ------------------------------------------------------------------------

CAF_TEST(a peer that stops reading is declared dead) {
  watch(20ms, 100ms, 0ms, 0ms);
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.wait_error();
  }};
  check_dead(open(peer.url()), "nothing came for 100 ms after a ping");
}

CAF_TEST(a peer that stops reading is declared dead though no ping gets through to it) {
  watch(20ms, 200ms, 0ms, 0ms);
  raw_peer peer{[](raw_session& session) {
                  session.upgrade();
                  session.wait_error();
                },
                "127.0.0.1", 4096};
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(write(uut, binary(too_much)), connection_errc::write_unknown);
  check_dead(uut, "nothing came for 200 ms after a ping");
}

CAF_TEST(a peer that reads and says nothing is declared dead) {
  watch(20ms, 100ms, 0ms, 0ms);
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.wait_end();
  }};
  check_dead(open(peer.url()), "nothing came for 100 ms after a ping");
}

CAF_TEST(a ping of the user has a deadline as well) {
  watch(0ms, 100ms, 0ms, 0ms);
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.wait_end();
  }};
  auto uut = open(peer.url());
  auto ping = tests::get<timespan>(request(uut, ping_msg{"hello?"}));
  CAF_CHECK_EQUAL(error_of(ping), connection_errc::ping_failed);
  check_dead(uut, "nothing came for 100 ms after a ping");
}

CAF_TEST(a peer that only answers pings is alive) {
  watch(50ms, 1s, 1s, 1s);
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    answer_pings(session, 40, [&](const std::string& data) { session.send_frame(10, data); });
    session.send_frame(1, "alive");
    session.wait_end();
  }};
  auto uut = open(peer.url());
  CAF_CHECK(value_of(read(uut)) == text("alive"));
}

CAF_TEST(a peer that sends data but no pongs is alive) {
  constexpr int count = 40;
  watch(50ms, 1s, 0ms, 0ms);
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    answer_pings(session, count, [&](const std::string&) { session.send_frame(1, "alive"); });
    session.wait_end();
  }};
  auto uut = open(peer.url());
  for (int i = 0; i < count; ++i)
    CAF_CHECK(value_of(read(uut)) == text("alive"));
}

CAF_TEST(frames that make no message yet are signs of life) {
  constexpr int count = 40;
  watch(50ms, 1s, 1s, 0ms);
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.send_frame(1, "a", false);
    answer_pings(session, count, [&](const std::string&) { session.send_frame(0, "", false); });
    session.send_frame(0, "live");
    session.wait_end();
  }};
  auto uut = open(peer.url());
  CAF_CHECK(value_of(read(uut)) == text("alive"));
}

// -- while we do not read -------------------------------------------------------------------------

CAF_TEST(while we do not read pings go out and nobody is declared dead) {
  watch(50ms, 1s, 1s, 0ms);
  const std::string payload(32768, 'p');
  std::promise<std::size_t> blocked;
  raw_peer peer{[&](raw_session& session) {
    session.upgrade();
    auto frames = session.send_until_blocked(payload, 64U << 20U);
    // Longer than either deadline.
    answer_pings(session, 40, [](const std::string&) {});
    blocked.set_value(frames);
    session.finish_frame();
    answer_pings(session, 1000, [&](const std::string& data) { session.send_frame(10, data); });
  }};
  auto uut = open(peer.url());
  auto frames = blocked.get_future().get();
  std::size_t received = 0;
  while (received < frames) {
    auto batch = demand(uut, 100);
    CAF_REQUIRE_EQUAL(error_of(batch), caf::none);
    received += batch->messages.size();
  }
  CAF_CHECK_EQUAL(received, frames);
}

// -- writes that stall ----------------------------------------------------------------------------

CAF_TEST(a peer that talks but takes nothing is declared dead) {
  watch(0ms, 0ms, 0ms, 200ms);
  std::atomic<std::size_t> taken{0};
  raw_peer peer{[&](raw_session& session) {
                  session.upgrade();
                  for (std::size_t sent = 1;; ++sent) {
                    session.send_frame(1, "alive");
                    taken.wait(sent - 1);
                  }
                },
                "127.0.0.1", 4096};
  auto uut = open(peer.url());
  auto writing = request(uut, write_msg{message_kind::binary, too_much});
  auto received = read(uut);
  while (received) {
    ++taken;
    taken.notify_one();
    received = read(uut);
  }
  const std::string why = "the peer took nothing of what waits to be sent for 200 ms";
  CAF_CHECK(taken > 0);
  CAF_CHECK_EQUAL(text_of(received.error()), why);
  auto written = tests::get_void(writing);
  CAF_CHECK_EQUAL(written, connection_errc::write_unknown);
  CAF_CHECK_EQUAL(text_of(written), why);
  check_dead(uut, why);
  // Lets it find out that we are gone.
  taken = std::size_t{1} << 40U;
  taken.notify_one();
}

CAF_TEST(a peer that takes nothing is declared dead while we do not read) {
  watch(50ms, 500ms, 500ms, 1s);
  raw_peer peer{[&](raw_session& session) {
                  session.upgrade();
                  session.send_until_blocked(std::string(32768, 'p'), 64U << 20U);
                  session.wait_error();
                },
                "127.0.0.1", 4096};
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(write(uut, binary(too_much)), connection_errc::write_unknown);
  check_dead(uut, "the peer took nothing of what waits to be sent for 1000 ms");
}

// -- TCP ------------------------------------------------------------------------------------------

CAF_TEST(the options of TCP are set on the socket) {
  options.tcp_keepalive = {true, 11s, 1500ms, 7};
  options.tcp_user_timeout = 12345ms;
  auto uut = open_path();
  auto socket = tests::socket_to(server.port());
  CAF_REQUIRE(socket >= 0);
  CAF_CHECK_EQUAL(tests::socket_option(socket, SOL_SOCKET, SO_KEEPALIVE), 1);
  CAF_CHECK_EQUAL(tests::socket_option(socket, IPPROTO_TCP, TCP_KEEPIDLE), 11);
  CAF_CHECK_EQUAL(tests::socket_option(socket, IPPROTO_TCP, TCP_KEEPINTVL), 2);
  CAF_CHECK_EQUAL(tests::socket_option(socket, IPPROTO_TCP, TCP_KEEPCNT), 7);
  CAF_CHECK_EQUAL(tests::socket_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 12345);
  CAF_CHECK(tests::socket_option(socket, IPPROTO_TCP, TCP_NODELAY) > 0);
}

CAF_TEST(nobody who does not ask for them gets probes or a user timeout) {
  auto uut = open_path();
  auto socket = tests::socket_to(server.port());
  CAF_REQUIRE(socket >= 0);
  CAF_CHECK_EQUAL(tests::socket_option(socket, SOL_SOCKET, SO_KEEPALIVE), 0);
  CAF_CHECK_EQUAL(tests::socket_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
