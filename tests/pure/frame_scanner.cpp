// Suite frame_scanner: what can be read without waiting, for every way in which bytes may be cut.

#define CAF_SUITE frame_scanner

#include "frame_scanner.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace wsengine;
using io::frame_scanner;

namespace {

constexpr unsigned continuation = 0;
constexpr unsigned text = 1;
constexpr unsigned binary = 2;
constexpr unsigned close = 8;
constexpr unsigned ping = 9;
constexpr unsigned pong = 10;

void append_big_endian(std::string& to, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i > 0; --i)
    to += static_cast<char>(value >> (8 * (i - 1)));
}

std::string header(unsigned opcode, std::uint64_t size, bool fin = true) {
  std::string result;
  result += static_cast<char>(opcode | (fin ? 0x80U : 0U));
  if (size < 126) {
    result += static_cast<char>(size);
  } else if (size < 65536) {
    result += static_cast<char>(126);
    append_big_endian(result, size, 2);
  } else {
    result += static_cast<char>(127);
    append_big_endian(result, size, 8);
  }
  return result;
}

std::string frame(unsigned opcode, std::size_t size, bool fin = true) {
  return header(opcode, size, fin) + std::string(size, 'x');
}

void feed(frame_scanner& to, std::string_view bytes) {
  to.feed(std::as_bytes(std::span{bytes}));
}

frame_scanner fed(std::string_view bytes) {
  frame_scanner result;
  feed(result, bytes);
  return result;
}

// Reads all that is readable, as Beast would: what is left tells how many messages there were.
std::size_t messages_in(frame_scanner what) {
  std::size_t result = 0;
  what.took(what.readable_bytes());
  for (; what.readable(); ++result)
    what.took_message();
  return result;
}

} // namespace

CAF_TEST(nothing is readable at first) {
  frame_scanner uut;
  CAF_CHECK(!uut.readable());
  CAF_CHECK(!uut.protocol_waits());
  CAF_CHECK_EQUAL(uut.readable_bytes(), 0U);
}

CAF_TEST(each length of a header) {
  for (std::size_t size : {0U, 1U, 125U, 126U, 65535U, 65536U, 200000U}) {
    auto uut = fed(frame(binary, size));
    CAF_CHECK(uut.readable());
    CAF_CHECK(!uut.protocol_waits());
    CAF_CHECK_EQUAL(uut.readable_bytes(), size);
    CAF_CHECK_EQUAL(uut.missing_bytes(), 0U);
    CAF_CHECK_EQUAL(messages_in(uut), 1U);
  }
}

CAF_TEST(the cuts between reads do not matter) {
  auto bytes = frame(text, 3, false) + frame(ping, 2) + frame(continuation, 0, false)
               + frame(continuation, 300) + frame(binary, 70000) + frame(text, 0);
  for (std::size_t step = 1; step < 400; ++step) {
    frame_scanner uut;
    for (std::size_t i = 0; i < bytes.size(); i += step)
      feed(uut, std::string_view{bytes}.substr(i, step));
    if (uut.readable_bytes() != 70303 || messages_in(uut) != 3 || uut.protocol_waits())
      CAF_FAIL("wrong with steps of " << step);
  }
  CAF_CHECK_EQUAL(messages_in(fed(bytes)), 3U);
}

CAF_TEST(a part of a header is not readable) {
  auto bytes = frame(binary, 1000);
  for (std::size_t n = 0; n <= 4; ++n)
    CAF_CHECK(!fed(bytes.substr(0, n)).readable());
  auto uut = fed(bytes.substr(0, 5));
  CAF_CHECK(uut.readable());
  CAF_CHECK_EQUAL(uut.readable_bytes(), 1U);
  CAF_CHECK_EQUAL(uut.missing_bytes(), 999U);
  CAF_CHECK_EQUAL(messages_in(uut), 0U);
}

CAF_TEST(what was read is not readable any more) {
  auto uut = fed(frame(text, 10) + frame(text, 0));
  uut.took(10);
  CAF_CHECK(uut.readable());
  uut.took_message();
  CAF_CHECK(uut.readable());
  uut.took_message();
  CAF_CHECK(!uut.readable());
}

CAF_TEST(an empty frame that ends no message gives nothing to read) {
  auto uut = fed(frame(text, 0, false));
  CAF_CHECK(!uut.readable());
  // Beast takes it, so that many of them do not fill the buffer.
  CAF_CHECK(uut.protocol_waits());
  feed(uut, frame(continuation, 0));
  CAF_CHECK(uut.readable());
}

CAF_TEST(a control frame waits once it is complete and nothing readable is behind it) {
  for (auto opcode : {ping, pong}) {
    auto bytes = frame(opcode, 5);
    CAF_CHECK(!fed(bytes.substr(0, 6)).protocol_waits());
    auto uut = fed(bytes);
    CAF_CHECK(uut.protocol_waits());
    CAF_CHECK(!uut.readable());
    // Reading what is behind it takes the control frame along.
    feed(uut, frame(binary, 4));
    CAF_CHECK(uut.readable());
    uut.took(4);
    uut.took_message();
    CAF_CHECK(!uut.protocol_waits());
  }
}

CAF_TEST(a control frame behind data waits when the data was read) {
  auto uut = fed(frame(binary, 4) + frame(ping, 0));
  CAF_CHECK(!uut.protocol_waits());
  uut.took(4);
  uut.took_message();
  CAF_CHECK(uut.protocol_waits());
}

CAF_TEST(what is not plain data is left to Beast) {
  auto masked = frame(text, 1);
  masked[1] = static_cast<char>(masked[1] | 0x80);
  auto reserved = frame(text, 1);
  reserved[0] = static_cast<char>(reserved[0] | 0x40);
  // A length that has a shorter form (RFC 6455, section 5.2).
  auto long_form = std::string{"\x82\x7e", 2};
  append_big_endian(long_form, 125, 2);
  auto longest_form = std::string{"\x82\x7f", 2};
  append_big_endian(longest_form, 65535, 8);
  for (const auto& bytes : {masked, reserved, long_form, longest_form, frame(close, 2), frame(3, 1),
                            frame(11, 1), frame(ping, 1, false), header(ping, 126),
                            frame(continuation, 1), frame(text, 0, false) + frame(text, 1)}) {
    auto uut = fed(bytes + frame(text, 1));
    CAF_CHECK(!uut.readable());
    CAF_CHECK(uut.protocol_waits());
  }
}

CAF_TEST(what came before a fault is readable) {
  auto uut = fed(frame(text, 7) + frame(close, 0));
  CAF_CHECK_EQUAL(uut.readable_bytes(), 7U);
  CAF_CHECK_EQUAL(messages_in(uut), 1U);
}

CAF_TEST(a message beyond the limit is left to Beast) {
  frame_scanner uut;
  uut.max_message_size(100);
  feed(uut, frame(binary, 100));
  CAF_CHECK_EQUAL(uut.readable_bytes(), 100U);
  CAF_CHECK(!uut.protocol_waits());
  feed(uut, frame(binary, 60, false));
  CAF_CHECK_EQUAL(uut.readable_bytes(), 160U);
  feed(uut, frame(continuation, 41));
  CAF_CHECK_EQUAL(uut.readable_bytes(), 160U);
  CAF_CHECK(uut.protocol_waits());
}

CAF_TEST(Beast sees nothing of a frame beyond the limit of frames) {
  auto bytes = frame(text, 1, false) + frame(ping, 3) + frame(continuation, 2)
               + frame(binary, 0, false) + frame(continuation, 0, false)
               + frame(continuation, 4, false);
  const auto good = bytes.size();
  bytes += frame(continuation, 300) + frame(text, 1);
  for (std::size_t step : {1U, 2U, 3U, 7U, 1000U}) {
    frame_scanner uut;
    uut.max_frames(3);
    std::size_t seen = 0;
    for (std::size_t i = 0; i < bytes.size(); i += step)
      seen += uut.feed(std::as_bytes(std::span{std::string_view{bytes}.substr(i, step)}));
    // All of the header but its last byte, at most.
    CAF_CHECK(seen >= good && seen < good + 4);
    CAF_CHECK(uut.fault() == io::read_fault::too_many_frames);
    CAF_CHECK(uut.protocol_waits());
    CAF_CHECK_EQUAL(uut.readable_bytes(), 7U);
    CAF_CHECK_EQUAL(messages_in(uut), 1U);
  }
}

CAF_TEST(a message of as many frames as allowed is good) {
  frame_scanner uut;
  uut.max_frames(2);
  for (int i = 0; i < 3; ++i)
    feed(uut, frame(text, 1, false) + frame(ping, 0) + frame(continuation, 1));
  CAF_CHECK(uut.fault() == io::read_fault::none);
  CAF_CHECK_EQUAL(messages_in(uut), 3U);
}
