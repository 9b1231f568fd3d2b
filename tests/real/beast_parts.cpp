// beast_parts.cpp: messages that are read in parts, while they still arrive.

#define CAF_SUITE beast_parts

#include "real/connection_fixture.hpp"
#include "real/raw_peer.hpp"
#include "real/resident_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <future>
#include <string>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::error_of;
using tests::memory_is_freed;
using tests::raw_peer;
using tests::raw_session;
using tests::resident_bytes;
using tests::value_of;

namespace {

constexpr std::uint64_t huge = 256U << 20U;

// Far below the message, and beyond what is held of it.
constexpr std::uint64_t most_memory = 24U << 20U;

std::string digits(std::size_t size) {
  std::string result;
  for (int i = 0; result.size() < size; ++i)
    result += std::to_string(i);
  return result.substr(0, size);
}

struct fixture : tests::connection_fixture {
  fixture() { options.max_part_size = 1000; }

  // Reads one message and returns the sizes of its parts.
  std::vector<std::size_t> read_parts(const connection_actor& from, data_message& whole) {
    std::vector<std::size_t> result;
    std::string all;
    for (bool last = false; !last;) {
      auto part = value_of(read(from));
      whole.kind = part.kind;
      all += part.data.text();
      result.push_back(part.data.size());
      last = part.last;
    }
    whole.data = std::move(all);
    return result;
  }

  // Writes a message and checks that it comes back in parts that are as large as they may be.
  void echo(const connection_actor& uut, const data_message& message) {
    CAF_REQUIRE_EQUAL(write(uut, message), caf::none);
    data_message whole;
    auto sizes = read_parts(uut, whole);
    if (whole != message)
      CAF_FAIL("a message of " << message.data.size() << " bytes came back as another one");
    auto expected = std::max<std::size_t>((message.data.size() + 999) / 1000, 1);
    CAF_CHECK_EQUAL(sizes.size(), expected);
    CAF_CHECK(std::all_of(sizes.begin(), sizes.end() - 1, [](auto x) { return x == 1000; }));
  }

  void echo_all(const connection_actor& uut) {
    for (std::size_t size : {0, 1, 999, 1000, 1001, 2000, 65536, 300'000}) {
      echo(uut, text(digits(size)));
      echo(uut, binary(digits(size)));
    }
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(beast_parts_tests, fixture)

CAF_TEST(a message comes in parts of the largest size and a last one) {
  echo_all(open_path());
}

CAF_TEST(how the server fragments does not matter) {
  echo_all(open_path("/echo?fragment=16"));
}

CAF_TEST(compressed messages come in parts too) {
  options.deflate.enabled = true;
  echo_all(open_path("/echo?deflate=1"));
}

CAF_TEST(a last frame that is empty is an empty last part) {
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.send_frame(2, std::string(1000, 'x'), false);
    session.send_frame(0, "");
    session.wait_end();
  }};
  auto uut = open(peer.url());
  CAF_CHECK(value_of(read(uut))
            == (data_message{message_kind::binary, std::string(1000, 'x'), false}));
  CAF_CHECK(value_of(read(uut)) == (data_message{message_kind::binary, "", true}));
}

CAF_TEST(parts come while the message still arrives) {
  std::promise<void> seen;
  raw_peer peer{[&](raw_session& session) {
    session.upgrade();
    session.send_header(2, 1500);
    session.send(std::string(1000, 'x'));
    seen.get_future().wait();
    session.send(std::string(500, 'y'));
    session.wait_end();
  }};
  auto uut = open(peer.url());
  CAF_CHECK(value_of(read(uut))
            == (data_message{message_kind::binary, std::string(1000, 'x'), false}));
  seen.set_value();
  CAF_CHECK(value_of(read(uut))
            == (data_message{message_kind::binary, std::string(500, 'y'), true}));
}

CAF_TEST(text that is not UTF - 8 ends the session behind the parts before) {
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.send_frame(1, std::string(1000, 'x') + "\xff");
    session.read_frame();
    session.finish();
  }};
  auto uut = open(peer.url());
  CAF_CHECK(value_of(read(uut))
            == (data_message{message_kind::text, std::string(1000, 'x'), false}));
  CAF_CHECK(error_of(read(uut)) == connection_errc::closed);
  CAF_CHECK(end_of(uut).code == close_code::invalid_payload);
}

CAF_TEST(the limit of a message holds for all of its parts) {
  options.max_message_size = 2500;
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.send_frame(2, std::string(2500, 'x'));
    session.send_frame(2, std::string(2000, 'y'), false);
    session.send_frame(0, std::string(501, 'z'));
    session.read_frame();
    session.finish();
  }};
  auto uut = open(peer.url());
  data_message whole;
  CAF_CHECK_EQUAL(read_parts(uut, whole).size(), 3U);
  CAF_CHECK(end_of(uut).code == close_code::message_too_big);
}

CAF_TEST(a message far larger than what is held of it passes through) {
  options.max_message_size = huge;
  options.max_part_size = 64U << 10U;
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.send_header(2, huge);
    const std::string block(1U << 20U, 'h');
    for (std::uint64_t sent = 0; sent < huge; sent += block.size())
      session.send(block);
    session.wait_end();
  }};
  auto uut = open(peer.url());
  auto before = resident_bytes();
  auto most = before;
  std::uint64_t size = 0;
  for (bool last = false; !last;)
    for (const auto& part : value_of(demand(uut, 8)).messages) {
      last = part.last;
      size += part.data.size();
      if (size % (4U << 20U) == 0)
        most = std::max(most, resident_bytes());
    }
  CAF_CHECK_EQUAL(size, huge);
  if (memory_is_freed)
    CAF_CHECK_LESS(most - before, most_memory);
}

// -- writing --------------------------------------------------------------------------------------

CAF_TEST(a message that is written in parts arrives as one) {
  options.max_part_size = 0;
  auto uut = open_path();
  std::string all;
  for (int i = 0; i < 100; ++i) {
    auto part = digits(1000);
    CAF_REQUIRE_EQUAL(write(uut, {message_kind::text, part, i == 99}), caf::none);
    all += part;
  }
  CAF_CHECK(value_of(read(uut)) == text(all));
}

CAF_TEST(compressed messages are written in parts too) {
  options.max_part_size = 0;
  options.deflate.enabled = true;
  auto uut = open_path("/echo?deflate=1");
  CAF_REQUIRE_EQUAL(write(uut, {message_kind::text, digits(5000), false}), caf::none);
  CAF_REQUIRE_EQUAL(write(uut, {message_kind::text, digits(10), true}), caf::none);
  CAF_CHECK(value_of(read(uut)) == text(digits(5000) + digits(10)));
}

CAF_TEST(others wait for the end of a message and pings do not) {
  auto uut = open_path();
  caf::scoped_actor other{sys};
  CAF_REQUIRE_EQUAL(write(uut, {message_kind::text, "one ", false}), caf::none);
  auto waiting = other->request(uut, tests::patience, write_msg{message_kind::text, "after"});
  CAF_CHECK_EQUAL(error_of(tests::get<timespan>(request(uut, ping_msg{"now"}))), caf::none);
  CAF_REQUIRE_EQUAL(write(uut, {message_kind::text, "whole", true}), caf::none);
  CAF_CHECK_EQUAL(tests::get_void(waiting), caf::none);
  CAF_CHECK(value_of(read(uut)) == text("one whole"));
  CAF_CHECK(value_of(read(uut)) == text("after"));
}

CAF_TEST(a writer that dies within its message ends the session) {
  auto uut = open_path();
  {
    caf::scoped_actor other{sys};
    auto begun =
      other->request(uut, tests::patience, write_msg{message_kind::text, "never", false});
    CAF_REQUIRE_EQUAL(tests::get_void(begun), caf::none);
  }
  CAF_CHECK(end_of(uut).code == close_code::internal_error);
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
  CAF_CHECK(last_close().code == close_code::internal_error);
}

CAF_TEST_FIXTURE_SCOPE_END()
