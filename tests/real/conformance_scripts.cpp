// conformance_scripts.cpp: framing, faults, fragmentation and closing; see conformance.hpp.

#include "real/adapter.hpp"
#include "real/conformance.hpp"

namespace wsengine::tests {

namespace {

using steps = std::vector<std::variant<sends, expects, expects_close>>;

constexpr std::uint8_t text = 1;
constexpr std::uint8_t binary = 2;
constexpr std::uint8_t ping = 9;
constexpr std::uint8_t pong = 10;

std::string name_of(const char* what, std::size_t size) {
  return std::string{what} + " of " + std::to_string(size) + " bytes";
}

std::string name_of_bits(const char* what, unsigned bits) {
  return std::string{what} + " with " + std::to_string(bits);
}

// Cuts a message into frames.
std::string fragments(std::uint8_t opcode, const std::string& payload, std::size_t size) {
  std::string result;
  for (std::size_t i = 0; i < payload.size(); i += size)
    result += frame(i == 0 ? opcode : 0, payload.substr(i, size), i + size >= payload.size());
  return result;
}

} // namespace

// -- sections 1, 2 and 10 -------------------------------------------------------------------------

std::vector<script> framing_scripts() {
  std::vector<script> result;
  for (auto opcode : {text, binary})
    for (std::size_t size : {0U, 125U, 126U, 127U, 128U, 65535U, 65536U}) {
      std::string data(size, opcode == text ? '*' : '\xfe');
      result.push_back(
        good(name_of("1: a message", size), {sends{frame(opcode, data)}, expects{opcode, data}}));
    }
  std::string data(65536, '*');
  for (std::size_t chop : {997U, 4000U})
    result.push_back(
      good("1: a message in parts", {sends{frame(text, data), chop}, expects{text, data}}));
  for (const auto& payload :
       {std::string{}, std::string{"Hello"}, std::string{"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", 8},
        std::string(125, '\xfe')})
    result.push_back(good(name_of("2: a ping", payload.size()),
                          {sends{frame(ping, payload)}, expects{pong, payload}}));
  result.push_back(
    good("2: a ping, one byte at a time", {sends{frame(ping, std::string(125, '\xfe')), 1},
                                           expects{pong, std::string(125, '\xfe')}}));
  result.push_back(bad("2: a ping that is too long", {sends{frame(ping, std::string(126, 'x'))}}));
  result.push_back(good("2: pongs that nobody asked for",
                        {sends{frame(pong, "") + frame(pong, "unasked") + frame(ping, "asked")},
                         expects{pong, "asked"}}));
  for (std::size_t chop : {0U, 1U}) {
    std::string all;
    steps answers{sends{}};
    for (int i = 0; i < 10; ++i) {
      all += frame(ping, "payload-" + std::to_string(i));
      answers.emplace_back(expects{pong, "payload-" + std::to_string(i)});
    }
    answers.front() = sends{all, chop};
    result.push_back(good("2: ten pings at once", answers));
  }
  // What is sent is cut where control frames may pass.
  std::string large(200000, 'x');
  result.push_back(
    good("10: a message that we cut", {sends{fragments(text, large, 1300)}, expects{text, large}}));
  return result;
}

// -- sections 3 and 4 -----------------------------------------------------------------------------

std::vector<script> fault_scripts() {
  std::vector<script> result;
  const std::string hello = "Hello, world!";
  for (unsigned bits = 1; bits < 8; ++bits) {
    auto reserved = static_cast<std::uint8_t>(bits << 4U);
    for (std::uint8_t opcode : {text, binary, std::uint8_t{8}, ping, pong})
      for (std::size_t chop : {0U, 1U}) {
        auto name = name_of_bits("3: reserved bits", bits) + " in opcode " + std::to_string(opcode);
        auto reserved_frame = frame(static_cast<std::uint8_t>(opcode | reserved), hello);
        result.push_back(bad(name, {sends{reserved_frame, chop}}));
        result.push_back(bad(name + " behind a message and before a ping",
                             {sends{frame(text, hello), chop}, expects{text, hello},
                              sends{reserved_frame + frame(ping, ""), chop}}));
      }
  }
  for (std::uint8_t opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    for (const auto& payload : {std::string{}, hello})
      for (std::size_t chop : {0U, 1U}) {
        auto name = name_of_bits("4: the opcode", opcode);
        result.push_back(bad(name, {sends{frame(opcode, payload), chop}}));
        result.push_back(
          bad(name + " behind a message", {sends{frame(text, hello), chop}, expects{text, hello},
                                           sends{frame(opcode, payload) + frame(ping, ""), chop}}));
      }
  return result;
}

// -- sections 5 and 9 -----------------------------------------------------------------------------

namespace {

void add_fragments(std::vector<script>& to, std::size_t chop) {
  const auto first = frame(text, "fragment1", more);
  const auto last = frame(0, "fragment2");
  const expects whole{text, "fragment1fragment2"};
  to.push_back(bad("5: a ping in fragments",
                   {sends{frame(ping, "fragment1", more) + frame(0, "fragment2"), chop}}));
  to.push_back(bad("5: a pong in fragments",
                   {sends{frame(pong, "fragment1", more) + frame(0, "fragment2"), chop}}));
  to.push_back(good("5: a text in fragments", {sends{first + last, chop}, whole}));
  to.push_back(good("5: a ping between fragments", {sends{first + frame(ping, "ping") + last, chop},
                                                    expects{pong, "ping"}, whole}));
  for (bool fin : {true, false})
    to.push_back(bad("5: a continuation of nothing",
                     {sends{frame(0, "non-continuation", fin) + frame(text, "Hello"), chop}}));
  to.push_back(bad("5: a continuation behind a message that is complete",
                   {sends{first + last, chop}, whole,
                    sends{frame(0, "fragment3", more) + frame(text, "Hello"), chop}}));
  to.push_back(
    bad("5: a text in the middle of another one", {sends{first + frame(text, "fragment2"), chop}}));
  auto pings = frame(text, "fragment1", more) + frame(0, "fragment2", more)
               + frame(ping, "pongme 1!") + frame(0, "fragment3", more)
               + frame(0, "fragment4", more) + frame(ping, "pongme 2!") + frame(0, "fragment5");
  to.push_back(good("5: several fragments and pings",
                    {sends{pings, chop}, expects{pong, "pongme 1!"}, expects{pong, "pongme 2!"},
                     expects{text, "fragment1fragment2fragment3fragment4fragment5"}}));
}

} // namespace

std::vector<script> fragmentation_scripts() {
  std::vector<script> result;
  for (std::size_t chop : {0U, 1U, 3U})
    add_fragments(result, chop);
  for (std::size_t size : {64U << 10U, 1U << 20U, 4U << 20U, 16U << 20U}) {
    std::string data(size, '*');
    result.push_back(
      good(name_of("9: a text", size), {sends{frame(text, data)}, expects{text, data}}));
    std::string bytes(size, '\xfe');
    result.push_back(good(name_of("9: a binary message", size),
                          {sends{frame(binary, bytes)}, expects{binary, bytes}}));
  }
  std::string data(4U << 20U, '*');
  for (std::size_t size : {64U, 256U, 1024U, 4096U, 16384U, 65536U, 262144U, 1048576U, 4194304U})
    result.push_back(good(name_of("9: 4 MiB in frames", size),
                          {sends{fragments(text, data, size)}, expects{text, data}}));
  std::string mebibyte(1U << 20U, '\xfe');
  for (std::size_t chop : {64U, 128U, 256U, 512U, 1024U, 2048U})
    result.push_back(good(name_of("9: 1 MiB in parts", chop),
                          {sends{frame(binary, mebibyte), chop}, expects{binary, mebibyte}}));
  for (std::size_t size : {0U, 16U, 64U, 256U, 1024U, 4096U}) {
    steps all;
    for (int i = 0; i < 200; ++i) {
      all.emplace_back(sends{frame(text, std::string(size, 'r'))});
      all.emplace_back(expects{text, std::string(size, 'r')});
    }
    result.push_back(good(name_of("9: round trips", size), all));
  }
  return result;
}

// -- section 7 ------------------------------------------------------------------------------------

std::vector<script> close_scripts() {
  std::vector<script> result;
  const std::string hello = "Hello World!";
  auto closed = [&](std::string name, std::string bytes, std::uint16_t answer, close_code end,
                    steps before = {}) {
    before.emplace_back(sends{std::move(bytes)});
    before.emplace_back(expects_close{answer});
    result.push_back({std::move(name), std::move(before), end});
  };
  auto ok = close_code::normal;
  closed("7: a message, then a close", close_frame(1000), 1000, ok,
         {sends{frame(text, hello)}, expects{text, hello}});
  closed("7: two closes", close_frame(1000) + close_frame(1000), 1000, ok);
  closed("7: a ping behind a close", close_frame(1000) + frame(ping, ""), 1000, ok);
  closed("7: a text behind a close", close_frame(1000) + frame(text, hello), 1000, ok);
  closed("7: a close in the middle of a message",
         frame(text, "fragment1", more) + close_frame(1000) + frame(0, "fragment2"), 1000, ok);
  closed("7: a large message, a close and a ping", close_frame(1000) + frame(ping, ""), 1000, ok,
         {sends{frame(text, std::string(256U << 10U, '*'))},
          expects{text, std::string(256U << 10U, '*')}});
  // Beast answers a close without a code with 1000.
  closed("7: a close without a code", frame(8, ""), 1000, close_code::no_status);
  closed("7: a close with one byte", frame(8, "a"), 1002, close_code::protocol_error);
  closed("7: a close with a reason", close_frame(1000, "Hello World!"), 1000, ok);
  closed("7: a close with the longest reason", close_frame(1000, std::string(123, '*')), 1000, ok);
  closed("7: a close that is too long", close_frame(1000, std::string(124, '*')), 1002,
         close_code::protocol_error);
  closed("7: a reason that is not UTF-8",
         close_frame(1000, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80"
                           "edited"),
         1002, close_code::protocol_error);
  for (std::uint16_t code :
       {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999})
    closed("7: a close with " + std::to_string(code), close_frame(code), code, close_code{code});
  for (std::uint16_t code : {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999})
    closed("7: a close with " + std::to_string(code), close_frame(code), 1002,
           close_code::protocol_error);
  // No standard says what these are; Beast takes them.
  auto taken = adapter_name() == "beast";
  for (std::uint16_t code : {5000, 65535})
    closed("7: a close with " + std::to_string(code), close_frame(code), taken ? code : 1002,
           taken ? close_code{code} : close_code::protocol_error);
  return result;
}

} // namespace wsengine::tests
