// Suite beast_deflate: permessage-deflate (RFC 7692) against Beast's own and against a server that
// works byte by byte.

#define CAF_SUITE beast_deflate

#include "real/compression.hpp"
#include "real/connection_fixture.hpp"
#include "real/raw_peer.hpp"

#include <chrono>
#include <future>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace wsengine;
using namespace wsengine::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::uint8_t rsv1 = 0x40;

std::string noise(std::size_t size, unsigned seed = 7) {
  std::mt19937 source{seed};
  std::string result(size, '\0');
  for (auto& byte : result)
    byte = static_cast<char>(source());
  return result;
}

std::string prose(std::size_t size) {
  std::string result;
  for (int i = 0; result.size() < size; ++i)
    result +=
      "{\"id\":" + std::to_string(i) + ",\"price\":" + std::to_string(i * 7919 % 10007) + "}";
  return result.substr(0, size);
}

const std::string accepted = "Sec-WebSocket-Extensions: permessage-deflate; "
                             "server_max_window_bits=15; client_max_window_bits=15\r\n";

struct fixture : connection_fixture {
  fixture() {
    options.deflate.enabled = true;
    options.ping_interval = timespan{0};
  }

  void echo(const connection_actor& uut, const data_message& message) {
    CAF_REQUIRE_EQUAL(write(uut, message), caf::none);
    auto received = read(uut);
    CAF_REQUIRE_EQUAL(error_of(received), caf::none);
    if (*received != message)
      CAF_FAIL("a message of " << message.data.size() << " bytes came back as another one");
  }

  void echo_all(const connection_actor& uut) {
    for (std::size_t size : {0, 1, 63, 64, 125, 126, 4096, 65535, 65536, 65537, 1 << 20}) {
      echo(uut, text(prose(size)));
      echo(uut, binary(noise(size)));
      echo(uut, binary(std::string(size, '\0')));
    }
  }

  /// What the server answered to the offer.
  std::string answer_to_offer(const std::string& path) {
    auto uut = spawn();
    return value_of(dial(uut, server.url(path))).extensions;
  }

  /// How a session ends when the server sends these bytes, and what it was told.
  void check_end(const std::string& bytes, close_code expected,
                 const std::vector<data_message>& before = {}) {
    std::promise<raw_session::frame> answer;
    raw_peer peer{[&](raw_session& session) {
      session.upgrade(options.deflate.enabled ? accepted : "");
      session.send(bytes);
      answer.set_value(session.read_frame());
    }};
    auto uut = open(peer.url());
    for (const auto& message : before)
      CAF_CHECK(value_of(read(uut)) == message);
    CAF_CHECK_EQUAL(error_of(read(uut)), connection_errc::closed);
    auto end = end_of(uut);
    CAF_MESSAGE(to_string(end.code) << ": " << end.reason);
    CAF_CHECK(end.code == expected);
    auto frame = answer.get_future().get();
    CAF_CHECK_EQUAL(frame.opcode, 8);
    CAF_CHECK(frame.payload.substr(0, 2)
              == (std::string{static_cast<char>(static_cast<unsigned>(expected) >> 8U),
                              static_cast<char>(static_cast<unsigned>(expected) & 0xFFU)}));
  }

  static std::string frame(std::uint8_t opcode, std::string_view payload, bool fin = true) {
    return raw_session::frame_of(opcode, payload, fin);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(beast_deflate_tests, fixture)

// -- against Beast --------------------------------------------------------------------------------

CAF_TEST(nothing is offered by default) {
  options = {};
  CAF_CHECK_EQUAL(answer_to_offer("/echo?deflate=1"), "");
  auto requests = server.requests();
  for (const auto& [name, value] : requests.back().headers)
    CAF_CHECK(name != "Sec-WebSocket-Extensions");
}

CAF_TEST(a server that does not take the offer gets messages as they are) {
  auto uut = spawn();
  CAF_CHECK_EQUAL(value_of(dial(uut, server.url())).extensions, "");
  echo_all(uut);
}

CAF_TEST(messages of every kind and size come back) {
  CAF_CHECK(answer_to_offer("/echo?deflate=1").starts_with("permessage-deflate"));
  echo_all(open_path("/echo?deflate=1"));
}

CAF_TEST(windows and takeover in every combination) {
  for (std::uint8_t bits : {9, 11, 15})
    for (bool takeover : {true, false}) {
      options.deflate.client_max_window_bits = bits;
      options.deflate.server_max_window_bits = static_cast<std::uint8_t>(24 - bits);
      options.deflate.client_no_context_takeover = !takeover;
      options.deflate.server_no_context_takeover = takeover && bits != 15;
      options.deflate.level = bits - 8;
      options.deflate.memory_level = bits - 7;
      options.deflate.threshold = 0;
      auto uut = open_path("/echo?deflate=1");
      for (int i = 0; i < 3; ++i)
        echo(uut, text(prose(5000)));
      echo(uut, binary(noise(100000)));
      echo(uut, text(prose(300000)));
      echo(uut, text(""));
    }
}

CAF_TEST(fragments become one message) {
  auto uut = open_path("/echo?deflate=1&fragment=16");
  echo(uut, text(prose(3000)));
  echo(uut, binary(noise(3000)));
}

CAF_TEST(a flood arrives whole and in order) {
  auto uut = open_path("/flood?n=20000&size=300&deflate=1");
  std::uint64_t next = 0;
  for (;;) {
    auto batch = demand(uut, 512);
    if (!batch)
      break;
    for (const auto& x : batch->messages) {
      std::uint64_t index = 0;
      for (std::size_t i = 0; i < 8; ++i)
        index = index << 8U | static_cast<std::uint8_t>(x.data.text()[i]);
      if (index != next++ || x.data.size() != 300)
        CAF_FAIL("message " << next << " is not the next");
    }
  }
  CAF_CHECK_EQUAL(next, 20000U);
  CAF_CHECK(end_of(uut).code == close_code::normal);
}

CAF_TEST(a session closes while compressed messages come in) {
  auto uut = open_path("/flood?n=1000000&size=1000&deflate=1");
  CAF_CHECK(demand(uut, 10));
  CAF_CHECK_EQUAL(close(uut, {close_code::normal, "enough"}), caf::none);
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
  CAF_CHECK(last_close() == (close_details{close_code::normal, "enough"}));
}

// -- on the wire ----------------------------------------------------------------------------------

CAF_TEST(what is sent is compressed as it was agreed) {
  for (bool takeover : {true, false}) {
    std::promise<std::vector<raw_session::frame>> frames;
    raw_peer peer{[&](raw_session& session) {
      session.upgrade(accepted);
      std::vector<raw_session::frame> all;
      for (int i = 0; i < 4; ++i)
        all.push_back(session.read_frame());
      frames.set_value(std::move(all));
      session.wait_end();
    }};
    options.deflate.client_no_context_takeover = !takeover;
    auto uut = open(peer.url());
    for (const auto& message : {text(prose(1000)), text(prose(1000)), text("short"), binary("")})
      CAF_REQUIRE_EQUAL(write(uut, message), caf::none);
    auto seen = frames.get_future().get();
    server_inflate inflate;
    CAF_CHECK_EQUAL(seen[0].reserved, 4);
    CAF_CHECK_EQUAL(inflate(seen[0].payload), prose(1000));
    CAF_CHECK_EQUAL(inflate(seen[1].payload), prose(1000));
    if (takeover)
      CAF_CHECK(seen[1].payload.size() < seen[0].payload.size() / 4);
    else
      CAF_CHECK_EQUAL(seen[1].payload, seen[0].payload);
    CAF_CHECK_EQUAL(seen[2].reserved, 0);
    CAF_CHECK_EQUAL(seen[2].payload, "short");
    CAF_CHECK_EQUAL(seen[3].reserved, 0);
  }
}

CAF_TEST(compressed frames one byte at a time with control frames between them) {
  raw_peer peer{[](raw_session& session) {
    session.upgrade(accepted);
    server_deflate deflate;
    auto packed = deflate(prose(300));
    for (std::size_t i = 0; i < packed.size(); ++i) {
      for (auto byte : frame(i == 0 ? 1 | rsv1 : 0, packed.substr(i, 1), i + 1 == packed.size()))
        session.send({&byte, 1});
      session.send_frame(9, std::to_string(i));
      if (session.read_frame().payload != std::to_string(i))
        return;
    }
    session.wait_end();
  }};
  auto uut = open(peer.url());
  CAF_CHECK(value_of(read(uut)) == text(prose(300)));
}

CAF_TEST(what is left of a message when all of its bytes have come is handed out) {
  // Far more than one read of ours takes, in bytes that come at once and never again.
  std::promise<void> done;
  raw_peer peer{[&](raw_session& session) {
    session.upgrade(accepted);
    server_deflate deflate;
    auto all = frame(2 | rsv1, deflate(std::string(8U << 20U, 'x'))) + frame(1, "plain");
    all += frame(2 | rsv1, deflate(noise(1000)));
    session.send(all);
    done.get_future().wait();
  }};
  options.read_ahead_bytes = 1000;
  auto uut = open(peer.url());
  CAF_CHECK(value_of(read(uut)) == binary(std::string(8U << 20U, 'x')));
  CAF_CHECK(value_of(read(uut)) == text("plain"));
  CAF_CHECK(value_of(read(uut)) == binary(noise(1000)));
  done.set_value();
}

// -- faults ---------------------------------------------------------------------------------------

CAF_TEST(a bomb ends like any message that is too big) {
  options.max_message_size = 1U << 20U;
  server_deflate deflate;
  auto before = deflate("before");
  auto bomb = deflate(std::string(64U << 20U, '\0'));
  check_end(frame(1 | rsv1, before) + frame(2 | rsv1, bomb), close_code::message_too_big,
            {text("before")});
  check_end(frame(1, "before") + frame(2 | rsv1, bomb.substr(0, 5000), false)
              + frame(0, bomb.substr(5000)),
            close_code::message_too_big, {text("before")});
  options.deflate.enabled = false;
  check_end(frame(1, "before") + frame(2, std::string((1U << 20U) + 1, '\0')),
            close_code::message_too_big, {text("before")});
}

CAF_TEST(a message of the largest size is accepted and one byte more is not ) {
  options.max_message_size = 300000;
  server_deflate deflate;
  auto largest = deflate(std::string(300000, 'x'));
  auto larger = deflate(std::string(300001, 'x'));
  check_end(frame(2 | rsv1, largest) + frame(2 | rsv1, larger), close_code::message_too_big,
            {binary(std::string(300000, 'x'))});
}

CAF_TEST(a bomb that comes while we close does not keep us) {
  options.max_message_size = 1000;
  raw_peer peer{[](raw_session& session) {
    session.upgrade(accepted);
    session.read_frame();
    server_deflate deflate;
    session.send(frame(2 | rsv1, deflate(std::string(8U << 20U, '\0'))) + frame(1, "text"));
    session.send_close(1000, "bye");
  }};
  auto uut = open(peer.url());
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK(end_of(uut) == (close_details{close_code::normal, "bye"}));
}

CAF_TEST(data that cannot be inflated ends with 1007) {
  check_end(frame(1, "before") + frame(1 | rsv1, "\xff\xff\xff\xff"), close_code::invalid_payload,
            {text("before")});
  server_deflate deflate;
  auto packed = deflate(prose(1000));
  check_end(frame(2 | rsv1, packed.substr(0, 50), false) + frame(0, "\xff\xff\xff\xff\xff"),
            close_code::invalid_payload);
  // Cut off.
  check_end(frame(2 | rsv1, packed.substr(0, packed.size() / 2)), close_code::invalid_payload);
}

CAF_TEST(a compressed text of bad bytes ends with 1007) {
  server_deflate deflate;
  check_end(frame(1 | rsv1, deflate("\xC3\x28 is not UTF-8")), close_code::invalid_payload);
}

CAF_TEST(reserved bits out of place end with 1002) {
  server_deflate deflate;
  auto packed = deflate("hello, hello");
  for (const auto& bytes :
       {frame(1 | 0x20, "x"), frame(2 | 0x10 | rsv1, packed), frame(9 | rsv1, ""),
        frame(1 | rsv1, packed.substr(0, 4), false) + frame(rsv1, packed.substr(4)),
        frame(1 | rsv1, packed.substr(0, 1), false) + frame(1, "x")})
    check_end(bytes, close_code::protocol_error);
  options.deflate.enabled = false;
  check_end(frame(1 | rsv1, packed), close_code::protocol_error);
}

CAF_TEST(answers that were not offered fail the dial) {
  for (const std::string answer :
       {"permessage-deflate; server_max_window_bits=16", "permessage-deflate; unknown",
        "permessage-deflate\r\nSec-WebSocket-Extensions: other", "other"}) {
    raw_peer peer{[&](raw_session& session) {
      session.upgrade("Sec-WebSocket-Extensions: " + answer + "\r\n");
      session.wait_end();
    }};
    CAF_CHECK_EQUAL(dial_error(peer.url()), dial_errc::upgrade_failed);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
