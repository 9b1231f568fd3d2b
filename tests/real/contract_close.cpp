// contract_close.cpp: the ends of a session: ours, the peer's, and those that nobody wanted.

#define CAF_SUITE contract_close

#include "real/connection_fixture.hpp"
#include "real/raw_peer.hpp"

#include <future>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::error_of;
using tests::raw_peer;
using tests::raw_session;
using tests::value_of;

CAF_TEST_FIXTURE_SCOPE(contract_close_tests, tests::connection_fixture)

// -- closed by us ---------------------------------------------------------------------------------

CAF_TEST(a close handshake of ours) {
  auto uut = open_path();
  auto end = request(uut, wait_closed_msg{});
  auto waiting = request(uut, read_msg{});
  CAF_CHECK_EQUAL(close(uut, {close_code::normal, "done"}), caf::none);
  // The echo server answers with the same code.
  CAF_CHECK_EQUAL(value_of(tests::get<close_details>(end)).code, close_code::normal);
  CAF_CHECK_EQUAL(error_of(tests::get<data_message>(waiting)), connection_errc::closed);
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
  CAF_CHECK(last_close() == (close_details{close_code::normal, "done"}));
}

CAF_TEST(after the end) {
  auto uut = open_path();
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK_EQUAL(write(uut, text("x")), connection_errc::closed);
  CAF_CHECK_EQUAL(error_of(tests::get<timespan>(request(uut, ping_msg{}))),
                  connection_errc::closed);
  auto reason = read(uut).error();
  CAF_CHECK_EQUAL(reason, connection_errc::closed);
  CAF_REQUIRE(close_details_of(reason));
  CAF_CHECK_EQUAL(value_of(close_details_of(reason)).code, close_code::going_away);
  CAF_CHECK_EQUAL(error_of(demand(uut, 9)), connection_errc::closed);
  CAF_CHECK(demand(uut, 0));
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::going_away);
}

CAF_TEST(queued writes go out before the close frame) {
  auto uut = open_path();
  for (int i = 0; i < 200; ++i)
    caf::anon_send(uut, write_msg{message_kind::binary, std::string(10000, 'x')});
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
  CAF_CHECK_EQUAL(server.counters().messages, 200U);
  CAF_CHECK(last_close() == close_details{});
}

CAF_TEST(two closes wait for the same end) {
  auto uut = open_path();
  auto first = request(uut, close_msg{});
  auto second = request(uut, close_msg{{close_code::normal, {}}});
  CAF_CHECK(write(uut, text("late")));
  CAF_CHECK_EQUAL(tests::get_void(first), caf::none);
  CAF_CHECK_EQUAL(tests::get_void(second), caf::none);
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
  CAF_CHECK_EQUAL(last_close().code, close_code::going_away);
}

CAF_TEST(details that no frame may carry) {
  auto uut = open_path();
  CAF_CHECK_EQUAL(close(uut, {close_code::abnormal, {}}), connection_errc::invalid_message);
  CAF_CHECK_EQUAL(close(uut, {close_code::normal, std::string(124, 'x')}),
                  connection_errc::invalid_message);
  CAF_CHECK_EQUAL(write(uut, text("still open")), caf::none);
  CAF_CHECK_EQUAL(close(uut, {close_code{4999}, std::string(123, 'x')}), caf::none);
}

CAF_TEST(a peer that does not answer the close frame) {
  options.timeouts.close = 100ms;
  auto uut = open_path("/silent");
  auto end = request(uut, wait_closed_msg{});
  CAF_CHECK_EQUAL(close(uut), connection_errc::close_timeout);
  CAF_CHECK_EQUAL(value_of(tests::get<close_details>(end)).code, close_code::abnormal);
  CAF_CHECK_EQUAL(close(uut), caf::none);
}

CAF_TEST(a peer that answers the close frame and does not hang up) {
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.read_frame();
    session.send_close(4000, "bye");
    session.wait_end();
  }};
  options.timeouts.close = 100ms;
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK(end_of(uut) == (close_details{close_code{4000}, "bye"}));
}

CAF_TEST(a peer that answers the close frame and resets) {
  for (int i = 0; i < 20; ++i) {
    raw_peer peer{[](raw_session& session) {
      session.upgrade();
      session.read_frame();
      session.send_close(1001);
      session.reset();
    }};
    auto uut = open(peer.url());
    CAF_CHECK_EQUAL(close(uut), caf::none);
    CAF_CHECK_EQUAL(end_of(uut).code, close_code::going_away);
  }
}

CAF_TEST(a peer that answers the close frame with a broken one) {
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.read_frame();
    session.send_close(1005);
  }};
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(close(uut), connection_errc::close_failed);
}

CAF_TEST(a peer that sends on while we close) {
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    while (session.read_frame().opcode != 8)
      continue;
    for (int i = 0; i < 100; ++i) {
      session.send_frame(2, std::string(50000, 'x'));
      session.send_frame(9, "ping");
    }
    session.send_close(1001);
  }};
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::going_away);
}

CAF_TEST(a peer that exceeds a limit while we close) {
  std::promise<std::vector<int>> frames;
  std::promise<void> ponged;
  raw_peer peer{[&](raw_session& session) {
    std::vector<int> seen;
    try {
      session.upgrade();
      // Makes the client read, which then waits for the next frame.
      session.send_frame(9, "");
      seen.push_back(session.read_frame().opcode);
      ponged.set_value();
      seen.push_back(session.read_frame().opcode);
      session.send_frame(1, "a", false);
      session.send_frame(0, "b");
      seen.push_back(session.read_frame().opcode);
    } catch (const boost::system::system_error&) {
      // The client has gone.
    }
    frames.set_value(seen);
  }};
  options.max_frames_per_message = 1;
  auto uut = open(peer.url());
  ponged.get_future().wait();
  CAF_CHECK_EQUAL(close(uut), connection_errc::close_failed);
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::abnormal);
  // One close frame is all there is.
  CAF_CHECK_EQUAL(frames.get_future().get(), (std::vector<int>{10, 8}));
}

CAF_TEST(a close while reading is stopped) {
  options.read_ahead_bytes = 1000;
  auto uut = open_path("/flood?n=10000&size=1000");
  CAF_REQUIRE(server.wait_until([](const auto& x) { return x.sent > 100; }));
  CAF_REQUIRE(read(uut));
  CAF_CHECK_EQUAL(close(uut), caf::none);
}

CAF_TEST(what was read before a close of ours is still there) {
  auto uut = open_path();
  CAF_REQUIRE_EQUAL(write(uut, text("kept")), caf::none);
  // The pong comes behind the echo.
  CAF_REQUIRE(tests::get<timespan>(request(uut, ping_msg{"x"})));
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK(value_of(read(uut)) == text("kept"));
}

// -- closed by the peer ---------------------------------------------------------------------------

CAF_TEST(a close of the peer with code and reason) {
  auto uut = open_path("/close?code=4321&reason=because");
  auto reason = read(uut).error();
  CAF_CHECK_EQUAL(reason, connection_errc::closed);
  CAF_REQUIRE(close_details_of(reason));
  CAF_CHECK(*close_details_of(reason) == (close_details{close_code{4321}, "because"}));
  CAF_CHECK(end_of(uut) == (close_details{close_code{4321}, "because"}));
}

CAF_TEST(a close of the peer without a code) {
  CAF_CHECK(end_of(open_path("/close?code=1005")) == (close_details{close_code::no_status, {}}));
}

CAF_TEST(unread messages stay readable after the peer closed) {
  auto uut = open_path("/flood?n=5&size=10");
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::normal);
  CAF_CHECK_EQUAL(demand(uut, 3)->messages.size(), 3U);
  CAF_CHECK(read(uut));
  CAF_CHECK_EQUAL(demand(uut, 3)->messages.size(), 1U);
  CAF_CHECK_EQUAL(error_of(demand(uut, 3)), connection_errc::closed);
}

CAF_TEST(a close of the peer that crosses ours) {
  std::promise<void> sent;
  raw_peer peer{[&](raw_session& session) {
    session.upgrade();
    session.send_close(1012, "restart");
    sent.set_value();
    session.wait_end();
  }};
  options.timeouts.close = 200ms;
  auto uut = open(peer.url());
  sent.get_future().wait();
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK(end_of(uut) == (close_details{close_code::service_restart, "restart"}));
}

CAF_TEST(a close of the peer that resets at once) {
  for (int i = 0; i < 20; ++i) {
    std::promise<void> answered;
    raw_peer peer{[&](raw_session& session) {
      session.upgrade();
      session.send_close(1013, "later");
      session.read_frame();
      session.reset();
    }};
    CAF_CHECK(end_of(open(peer.url())) == (close_details{close_code::try_again_later, "later"}));
  }
}

CAF_TEST(a close of the peer behind a write that is stuck) {
  raw_peer peer{[](raw_session& session) {
                  session.upgrade();
                  session.wait_readable();
                  session.send_close(1000);
                  session.wait_error();
                },
                "127.0.0.1", 4096};
  options.timeouts.close = 200ms;
  auto uut = open(peer.url());
  auto stuck = request(uut, write_msg{message_kind::binary, std::string(16U << 20U, 'x')});
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::normal);
  CAF_CHECK_EQUAL(tests::get_void(stuck), connection_errc::write_unknown);
}

// -- broken ---------------------------------------------------------------------------------------

CAF_TEST(a reset is 1006) {
  auto uut = open_path("/drop");
  auto end = request(uut, wait_closed_msg{});
  auto waiting = request(uut, read_msg{});
  CAF_CHECK_EQUAL(write(uut, text("x")), caf::none);
  CAF_CHECK_EQUAL(value_of(tests::get<close_details>(end)).code, close_code::abnormal);
  auto reason = tests::get<data_message>(waiting).error();
  CAF_CHECK_EQUAL(reason, connection_errc::closed);
  CAF_CHECK_EQUAL(value_of(close_details_of(reason)).code, close_code::abnormal);
  CAF_CHECK_EQUAL(close(uut), caf::none);
}

CAF_TEST(an end without a close frame is 1006) {
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.send_frame(1, "last words");
  }};
  auto uut = open(peer.url());
  auto end = end_of(uut);
  CAF_CHECK_EQUAL(end.code, close_code::abnormal);
  CAF_CHECK_EQUAL(end.reason, "the peer ended the connection without a close frame");
  CAF_CHECK(*read(uut) == text("last words"));
  CAF_CHECK_EQUAL(error_of(read(uut)), connection_errc::closed);
}

CAF_TEST(a reset while we close fails the close) {
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.read_frame();
    session.reset();
  }};
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(close(uut), connection_errc::close_failed);
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::abnormal);
}

CAF_TEST(messages beyond the limit end the session with 1009) {
  std::promise<std::string> answer;
  raw_peer peer{[&](raw_session& session) {
    session.upgrade();
    session.send_frame(2, std::string(1000, 'x'));
    session.send_frame(2, std::string(1001, 'x'));
    answer.set_value(session.read_frame().payload);
  }};
  options.max_message_size = 1000;
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::message_too_big);
  CAF_CHECK_EQUAL(answer.get_future().get().substr(0, 2), "\x03\xF1");
  CAF_CHECK(*read(uut) == binary(std::string(1000, 'x')));
  CAF_CHECK_EQUAL(value_of(close_details_of(read(uut).error())).code, close_code::message_too_big);
}

CAF_TEST(text that is not UTF - 8 ends the session with 1007) {
  std::promise<std::string> answer;
  raw_peer peer{[&](raw_session& session) {
    session.upgrade();
    session.send_frame(1, "\xFF\xFE");
    answer.set_value(session.read_frame().payload);
    session.wait_end();
  }};
  options.timeouts.close = 100ms;
  CAF_CHECK_EQUAL(end_of(open(peer.url())).code, close_code::invalid_payload);
  CAF_CHECK_EQUAL(answer.get_future().get().substr(0, 2), "\x03\xEF");
}

CAF_TEST(a peer that breaks the protocol and hangs on) {
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    // A continuation of nothing.
    session.send_frame(0, "what");
    session.wait_end();
  }};
  options.timeouts.close = 100ms;
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::protocol_error);
}

CAF_TEST_FIXTURE_SCOPE_END()
