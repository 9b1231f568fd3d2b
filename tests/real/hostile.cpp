// Suite hostile: servers that break the rules, and what becomes of each. docs/hostile-servers.md
// has the outcomes for people.

#define CAF_SUITE hostile

#include "real/adapter.hpp"
#include "real/compression.hpp"
#include "real/descriptors.hpp"
#include "real/engine_fixture.hpp"
#include "real/raw_peer.hpp"

#include <caf/deep_to_string.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace wsengine;
using namespace wsengine::tests;
using namespace std::literals;

namespace {

constexpr bool more = false;

std::string frame(std::uint8_t opcode, std::string_view payload, bool fin = true) {
  return raw_session::frame_of(opcode, payload, fin);
}

std::string close_frame(std::uint16_t code, const std::string& reason = {}) {
  return frame(8, std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)}
                    + reason);
}

std::string repeat(const std::string& what, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i)
    result += what;
  return result;
}

struct fixture : engine_fixture {
  fixture() {
    options = {};
    options.connection.ping_interval = timespan{0};
    options.connection.timeouts.close = 10s;
  }

  /// Opens a session with a server and waits for its end. Returns why it never opened, if so.
  caf::error run(raw_peer::script server) {
    raw_peer peer{std::move(server)};
    client = std::make_shared<probe>();
    client->in_close = [](session_context& context, const optional<close_details>&) {
      context.exit();
      return close_details{};
    };
    options.request.url = peer.url();
    spawn();
    auto failed = start();
    if (!failed && !ask<stop_report>(wait_stopped_msg{}))
      CAF_ERROR("the engine does not stop");
    engine = nullptr;
    return failed;
  }

  /// A server that answers the upgrade request with this, and waits.
  caf::error run_response(const std::function<std::string(const std::string&)>& respond) {
    return run([=](raw_session& session) {
      session.send(respond(session.read_request()));
      session.wait_end();
    });
  }

  /// Reads until the client's close frame has come, or its end.
  static void wait_close(raw_session& session) {
    while (session.read_frame().opcode != 8) {
    }
  }

  /// A server that sends these bytes in an open session, and ends when the client has answered.
  void check_frames(const std::string& name, const std::string& bytes, close_code expected,
                    std::vector<std::string> messages = {}) {
    auto failed = run([&](raw_session& session) {
      session.upgrade();
      session.send(bytes);
      wait_close(session);
    });
    CAF_CHECK_EQUAL(failed, caf::none);
    messages.insert(messages.begin(), "open");
    messages.push_back("close " + std::to_string(static_cast<unsigned>(expected)));
    if (client->lines() != messages)
      CAF_ERROR(name << ": " << caf::deep_to_string(client->lines()));
  }
};

// How a response differs from a good one.
struct bad_response {
  std::string name;
  std::function<std::string(const std::string&)> respond;
  dial_errc expected;
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

bad_response changed(const std::string& what, const std::string& by,
                     dial_errc expected = dial_errc::upgrade_failed) {
  return {what + " -> " + by,
          [=](const std::string& request) {
            return replaced(raw_session::response_to(request), what, by);
          },
          expected};
}

// What a server says in a session, and what the client gets of it.
const std::string recorded = frame(1, "hello") + frame(2, "frag", more) + frame(9, "ping")
                             + frame(0, "ments") + frame(1, "") + close_frame(1000, "bye");
const std::vector<std::string> delivered{"message hello", "message fragments", "message "};

// How many of the messages are complete in the first `size` bytes.
std::size_t complete_in(std::size_t size) {
  const std::size_t ends[]{
    frame(1, "hello").size(),
    (frame(1, "hello") + frame(2, "frag") + frame(9, "ping") + frame(0, "ments")).size(),
    recorded.size() - close_frame(1000, "bye").size()};
  return static_cast<std::size_t>(
    std::count_if(std::begin(ends), std::end(ends), [=](auto end) { return end <= size; }));
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(hostile_tests, fixture)

// -- the handshake --------------------------------------------------------------------------------

CAF_TEST(responses that open no session) {
  for (const auto& what : std::vector<bad_response>{
         changed("HTTP/1.1 101", "HTTP/1.0 101"),
         changed("HTTP/1.1 101 Switching Protocols", "HTTP/1.1 200 OK\r\nContent-Length: 0",
                 dial_errc::upgrade_refused),
         changed("HTTP/1.1", "HTTP/3.7"),
         changed("Upgrade: websocket", "Upgrade: h2c"),
         changed("Upgrade: websocket\r\n", ""),
         changed("Connection: Upgrade", "Connection: close"),
         changed("Connection: Upgrade\r\n", ""),
         changed("Sec-WebSocket-Accept: ", "Sec-WebSocket-Accept: A"),
         changed("Sec-WebSocket-Accept: ", "X-Accept: "),
         changed("Upgrade: websocket", "Upgrade websocket"),
         changed("\r\n\r\n", "\r\nX: \x01\r\n\r\n"),
         changed("\r\n\r\n", "\r\nX: " + std::string(16384, 'x') + "\r\n\r\n"),
         {"a header without an end",
          [](const std::string& request) {
            return replaced(raw_session::response_to(request), "\r\n\r\n",
                            "\r\n" + repeat("X: 0123456789\r\n", 10000));
          },
          dial_errc::upgrade_failed},
         {"no HTTP", [](const std::string&) { return std::string(100000, '\xff'); },
          dial_errc::upgrade_failed},
       }) {
    options.connection.timeouts.upgrade = 10s;
    auto failed = run_response(what.respond);
    if (failed != what.expected)
      CAF_ERROR(what.name << ": " << describe(failed));
    CAF_CHECK(client->lines().empty());
  }
}

CAF_TEST(a header as large as allowed and one that is larger) {
  for (const auto& line :
       {"HTTP/1.1 101 Switching Protocols"s, "HTTP/1.1 404 No\r\nContent-Length: 0"s}) {
    auto refused = line.find("101") == std::string::npos;
    std::uint32_t size = 0;
    auto answer = [&](std::uint32_t allowed) {
      options.connection.max_header_size = allowed;
      return run([&, fits = allowed >= size](raw_session& session) {
        auto response = replaced(raw_session::response_to(session.read_request()),
                                 "HTTP/1.1 101 Switching Protocols", line);
        size = static_cast<std::uint32_t>(response.size());
        session.send(response + recorded);
        if (fits && !refused)
          return wait_close(session);
        session.wait_end();
      });
    };
    auto expected = refused ? caf::error{dial_errc::upgrade_refused} : caf::error{};
    auto generous = answer(8192);
    CAF_CHECK_EQUAL(generous, expected);
    auto exact = answer(size);
    CAF_CHECK_EQUAL(exact, expected);
    auto failed = answer(size - 1);
    CAF_CHECK_EQUAL(failed, dial_errc::upgrade_failed);
    CAF_CHECK(describe(failed).find("header limit") != std::string::npos);
  }
}

CAF_TEST(a response that stalls) {
  options.connection.timeouts.upgrade = 50ms;
  for (std::size_t size : {0U, 1U, 50U, 100U}) {
    auto failed = run_response([=](const std::string& request) {
      return raw_session::response_to(request).substr(0, size);
    });
    CAF_CHECK_EQUAL(failed, dial_errc::upgrade_timeout);
  }
}

CAF_TEST(a response in parts and frames in one piece with it) {
  for (std::size_t step : {1U, 1000U}) {
    auto failed = run([=](raw_session& session) {
      auto all = raw_session::response_to(session.read_request()) + recorded;
      for (std::size_t i = 0; i < all.size(); i += step)
        session.send(std::string_view{all}.substr(i, step));
      wait_close(session);
    });
    CAF_CHECK_EQUAL(failed, caf::none);
    CAF_CHECK_EQUAL(client->lines(), (std::vector<std::string>{"open", delivered[0], delivered[1],
                                                               delivered[2], "close 1000"}));
  }
}

// -- frames ---------------------------------------------------------------------------------------

CAF_TEST(frames that break the protocol) {
  auto fault = close_code::protocol_error;
  auto masked = std::string{"\x81\x85"} + "keyshello";
  check_frames("a masked frame", masked, fault);
  check_frames("an empty masked frame", std::string{"\x81\x80"} + "keys" + frame(1, "x"), fault);
  check_frames("a ping that is masked", std::string{"\x89\x80"} + "keys", fault);
  check_frames("a reserved bit", frame(1 | 0x40, "x"), fault);
  check_frames("a reserved opcode", frame(3, "x"), fault);
  check_frames("a reserved control opcode", frame(11, "x"), fault);
  check_frames("a control frame that is too long", frame(9, std::string(126, 'x')), fault);
  check_frames("a control frame in fragments", frame(9, "x", more), fault);
  check_frames("a length that has a shorter form", std::string{"\x82\x7e\x00\x01", 4} + "x", fault);
  check_frames("a length that has a shorter form",
               std::string{"\x82\x7f\0\0\0\0\0\0\0\x01", 10} + "x", fault);
  check_frames("a continuation of nothing", frame(0, "x"), fault);
  check_frames("a message in a message", frame(1, "x", more) + frame(1, "x"), fault);
}

CAF_TEST(texts that are not texts) {
  auto fault = close_code::invalid_payload;
  check_frames("a bad byte", frame(1, "\xff"), fault);
  check_frames("an end too early", frame(1, "\xe2\x82"), fault);
  check_frames("a character that is cut and goes on wrong",
               frame(1, "\xe2\x82", more) + frame(0, "x"), fault);
  check_frames("a character that is cut and good",
               frame(1, "\xe2\x82", more) + frame(0, "\xac") + close_frame(1000),
               close_code::normal, {"message \xe2\x82\xac"});
}

CAF_TEST(close frames that say nonsense) {
  for (std::uint16_t code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999})
    check_frames("code " + std::to_string(code), close_frame(code), close_code::protocol_error);
  check_frames("half a code", frame(8, "x"), close_code::protocol_error);
  check_frames("a reason that is no text", close_frame(1000, "\xff"), close_code::protocol_error);
}

CAF_TEST(messages that are too large) {
  auto fault = close_code::message_too_big;
  check_frames("a length of 63 bits", std::string{"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10},
               fault);
  check_frames("a length of 64 bits", std::string{"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10},
               fault);
  options.connection.max_message_size = 1000;
  check_frames("fragments that add up",
               repeat(frame(2, std::string(500, 'x'), more), 1)
                 + repeat(frame(0, std::string(250, 'x'), more), 3),
               fault);
  if (!adapter_compresses())
    return;
  options.connection.deflate.enabled = true;
  server_deflate deflate;
  auto bomb = deflate(std::string(100U << 20U, '\0'));
  auto failed = run([&](raw_session& session) {
    session.upgrade("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=15\r\n");
    session.send(frame(2 | 0x40, bomb));
    wait_close(session);
  });
  CAF_CHECK_EQUAL(failed, caf::none);
  CAF_CHECK_EQUAL(client->lines(), (std::vector<std::string>{"open", "close 1009"}));
}

CAF_TEST(fragments without an end) {
  auto fault = close_code::policy_violation;
  const std::size_t many = (1U << 20U) + 10;
  check_frames("fragments of nothing", frame(2, "", more) + repeat(frame(0, "", more), many),
               fault);
  options.connection.max_frames_per_message = 5000;
  check_frames("fragments of a byte", frame(2, "x", more) + repeat(frame(0, "x", more), 50000),
               fault);
  check_frames("fragments of nothing between pings",
               frame(1, "", more) + repeat(frame(0, "", more) + frame(9, ""), 6000), fault);
  options.connection.max_frames_per_message = 3;
  check_frames("as many as allowed",
               frame(1, "a", more) + frame(0, "b", more) + frame(0, "c") + close_frame(1000),
               close_code::normal, {"message abc"});
  check_frames("one more",
               frame(1, "before") + frame(1, "a", more) + frame(0, "b", more) + frame(0, "c", more)
                 + frame(0, "d"),
               fault, {"message before"});
}

CAF_TEST(many empty fragments of a message that is good) {
  check_frames("more of them than a block holds",
               frame(1, "a", more) + repeat(frame(0, "", more), 60000) + frame(0, "b")
                 + close_frame(1000),
               close_code::normal, {"message ab"});
}

CAF_TEST(a server that stalls in the middle of a frame) {
  options.connection.idle_timeout = 100ms;
  for (const auto& part : {recorded.substr(0, 1), frame(2, std::string(1000, 'x')).substr(0, 900)})
    check_frames("a stall", part, close_code::abnormal);
}

CAF_TEST(a server that answers a fault with silence) {
  options.connection.timeouts.close = 50ms;
  options.connection.max_frames_per_message = 1;
  for (const auto& [bytes, end] : std::vector<std::pair<std::string, std::string>>{
         {frame(3, "x"), "close 1002"}, {frame(1, "x", more) + frame(0, "x"), "close 1008"}}) {
    auto failed = run([&bytes = bytes](raw_session& session) {
      session.upgrade();
      session.send(bytes);
      session.wait_end();
    });
    CAF_CHECK_EQUAL(failed, caf::none);
    CAF_CHECK_EQUAL(client->lines(), (std::vector<std::string>{"open", end}));
  }
}

// -- cuts -----------------------------------------------------------------------------------------

CAF_TEST(an end at every byte of a session) {
  std::size_t handshake = 0;
  for (std::size_t size = 0; handshake == 0 || size < handshake + recorded.size(); ++size) {
    auto failed = run([&](raw_session& session) {
      auto response = raw_session::response_to(session.read_request());
      handshake = response.size();
      session.send((response + recorded).substr(0, size));
      session.finish();
    });
    std::vector<std::string> expected;
    if (size >= handshake) {
      expected.emplace_back("open");
      expected.insert(expected.end(), delivered.begin(),
                      delivered.begin()
                        + static_cast<std::ptrdiff_t>(complete_in(size - handshake)));
      expected.emplace_back("close 1006");
    }
    if (size < handshake ? failed != dial_errc::upgrade_failed : failed != caf::none)
      CAF_ERROR("after " << size << " bytes: " << describe(failed));
    if (client->lines() != expected)
      CAF_ERROR("after " << size << " bytes: " << caf::deep_to_string(client->lines()));
  }
  CAF_CHECK(handshake > 100);
}

CAF_TEST(a reset at every byte of a session) {
  const auto before = open_descriptors();
  std::size_t handshake = 0;
  for (std::size_t size = 0; handshake == 0 || size <= handshake + recorded.size(); ++size) {
    auto failed = run([&](raw_session& session) {
      auto response = raw_session::response_to(session.read_request());
      handshake = response.size();
      session.send((response + recorded).substr(0, size));
      session.reset();
    });
    auto lines = client->lines();
    // A reset may overtake what was sent before.
    if (failed) {
      CAF_CHECK_EQUAL(failed, dial_errc::upgrade_failed);
      CAF_CHECK(lines.empty());
      continue;
    }
    CAF_CHECK(size >= handshake);
    CAF_REQUIRE(lines.size() >= 2);
    auto end = lines.back();
    CAF_CHECK(end == "close 1006" || (end == "close 1000" && size == handshake + recorded.size()));
    CAF_CHECK_EQUAL(lines.front(), "open");
    CAF_CHECK(std::equal(lines.begin() + 1, lines.end() - 1, delivered.begin(),
                         delivered.begin() + static_cast<std::ptrdiff_t>(lines.size() - 2)));
  }
  io.reset();
  // The host had these from its first connection on.
  auto left = opened_since(before);
  for (const auto& what : left)
    CAF_MESSAGE("still open: " << what);
  CAF_CHECK(std::none_of(left.begin(), left.end(),
                         [](const auto& what) { return what.starts_with("socket:"); }));
}

CAF_TEST_FIXTURE_SCOPE_END()
