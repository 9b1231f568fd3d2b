// Suite unpacker: compressed messages become plain ones, whatever the cuts between reads.

#define CAF_SUITE unpacker

#include "unpacker.hpp"

#include "wire_samples.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace wsengine;
using namespace wsengine::tests;
using io::deflate_agreement;
using io::read_fault;

namespace {

constexpr unsigned rsv1 = 0x40;

std::string frame(unsigned opcode, std::string_view payload, bool fin = true) {
  std::string header(io::max_frame_header, '\0');
  auto size =
    io::write_frame_header(std::as_writable_bytes(std::span{header}),
                           static_cast<std::uint8_t>(opcode | (fin ? 0x80U : 0U)), payload.size());
  return header.substr(0, size) + std::string{payload};
}

/// Takes what is given on, as Beast does, and puts messages together.
struct fixture {
  explicit fixture(deflate_agreement agreed = {},
                   std::uint64_t max_frames = std::numeric_limits<std::uint64_t>::max(),
                   std::uint64_t max_message = std::numeric_limits<std::uint64_t>::max())
    : deflate(agreed.server_window_bits == 8 ? 9 : agreed.server_window_bits, 6, 8),
      wire(pool) {
    scanner.max_frames(max_frames);
    scanner.max_message_size(max_message);
    uut = std::make_unique<io::unpacker>(pool, scanner, agreed);
  }

  std::string pack(std::string_view message) { return deflate_all(deflate, message); }

  /// Puts bytes in, in steps, and takes at most `most` bytes out at once.
  void feed(std::string_view bytes, std::size_t step = 50000, std::size_t most = 1536) {
    while (!bytes.empty()) {
      auto n = std::min(step, bytes.size());
      auto space = wire.pooled_space();
      CAF_REQUIRE(space.size() >= n);
      std::memcpy(space.data(), bytes.data(), n);
      wire.commit(n);
      bytes.remove_prefix(n);
      uut->run(wire);
      take_all(most);
    }
  }

  void take_all(std::size_t most) {
    while (!uut->frames().empty()) {
      largest = std::max(largest, uut->frames().size());
      auto next = uut->frames().bytes();
      next = next.first(std::min(most, next.size()));
      out.append(reinterpret_cast<const char*>(next.data()), next.size());
      uut->frames().consume(next.size());
      uut->run(wire);
    }
    wire.release();
  }

  /// The messages in what was given on, which has no reserved bits. Control frames are messages of
  /// their own, with their opcode before them.
  std::vector<std::string> messages() {
    std::vector<std::string> result;
    std::string current;
    std::string_view rest = out;
    io::frame_header header;
    while (!rest.empty()) {
      auto bytes = std::as_bytes(std::span{rest});
      CAF_REQUIRE(header.collect(bytes));
      CAF_CHECK_EQUAL(header.reserved(), 0);
      CAF_REQUIRE(bytes.size() >= header.length());
      auto payload = rest.substr(header.bytes().size(), header.length());
      rest.remove_prefix(header.bytes().size() + payload.size());
      if (header.opcode() >= 8) {
        result.push_back(std::to_string(header.opcode()) + ":" + std::string{payload});
        continue;
      }
      CAF_CHECK_EQUAL(header.opcode() == 0, !current.empty());
      current += (current.empty() ? header.opcode() == 1 ? "t" : "b" : "") + std::string{payload};
      if (header.fin())
        result.push_back(std::exchange(current, {}));
    }
    CAF_CHECK_EQUAL(current, "");
    return result;
  }

  io::buffer_pool pool;
  io::deflater deflate;
  io::byte_block wire;
  io::frame_scanner scanner;
  std::unique_ptr<io::unpacker> uut;
  std::string out;
  std::size_t largest = 0;
};

} // namespace

CAF_TEST(messages become what they were) {
  for (const auto& agreed : {deflate_agreement{}, deflate_agreement{15, 9, false, false}}) {
    fixture f{agreed};
    std::vector<std::string> sent;
    for (const auto& message : sample_messages()) {
      f.feed(frame(2 | rsv1, f.pack(message)));
      sent.push_back("b" + message);
    }
    CAF_CHECK(f.messages() == sent);
    CAF_CHECK(!f.scanner.stopped());
  }
}

CAF_TEST(the cuts between reads and between frames do not matter) {
  for (std::size_t step : {1U, 2U, 3U, 10U, 999U}) {
    fixture f;
    auto packed = f.pack("hello, hello, hello");
    std::string wire;
    for (std::size_t i = 0; i < packed.size(); ++i) {
      wire += frame(i == 0 ? 1 | rsv1 : 0, packed.substr(i, 1), false);
      wire += frame(9, "p");
    }
    wire += frame(0, "") + frame(2, "plain") + frame(1 | rsv1, f.pack("hello")) + frame(2, "");
    f.feed(wire, step, step);
    std::vector<std::string> wanted(packed.size(), "9:p");
    for (const auto* more : {"thello, hello, hello", "bplain", "thello", "b"})
      wanted.emplace_back(more);
    CAF_CHECK(f.messages() == wanted);
  }
}

CAF_TEST(nothing is held back once something was given on) {
  // What comes next may depend on it.
  fixture f;
  auto packed = f.pack(random_bytes(5000));
  f.feed(frame(2 | rsv1, packed.substr(0, 3000), false));
  CAF_CHECK(f.scanner.readable_bytes() > 2500);
  CAF_CHECK(f.wire.empty());
}

CAF_TEST(a bomb is inflated as far as there is room and stops at the size of a message) {
  fixture f{{}, 1000, 10U << 20U};
  auto packed = f.pack(std::string(40U << 20U, '\0'));
  CAF_REQUIRE(packed.size() < 50000);
  f.feed(frame(2 | rsv1, packed));
  CAF_CHECK(f.largest <= io::buffer_pool::block_size);
  CAF_CHECK(f.scanner.stopped());
  // Beast finds the fault.
  CAF_CHECK(f.scanner.fault() == read_fault::none);
  CAF_CHECK(f.out.size() > 10U << 20U);
  CAF_CHECK(f.out.size() < (10U << 20U) + 2 * io::buffer_pool::block_size);
}

CAF_TEST(each message by itself) {
  fixture f{{15, 15, false, true}};
  for (int i = 0; i < 3; ++i) {
    io::deflater fresh{15, 6, 8};
    f.feed(frame(1 | rsv1, deflate_all(fresh, "hello, hello")));
  }
  CAF_CHECK(f.messages() == std::vector<std::string>(3, "thello, hello"));
}

CAF_TEST(a block that says it is the last) {
  // RFC 7692, section 7.2.3.4.
  fixture f;
  f.feed(frame(1 | rsv1, std::string{"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8}));
  // The second message refers to the first (section 7.2.3.2).
  f.feed(frame(1 | rsv1, std::string{"\xf2\x00\x11\x00\x00", 5}));
  CAF_CHECK(f.messages() == (std::vector<std::string>{"tHello", "tHello"}));
}

CAF_TEST(the examples of the RFC) {
  fixture f;
  // Section 7.2.3.1, in one frame and in two; 7.2.3.3; 7.2.3.5; 7.2.3.6.
  f.feed(frame(1 | rsv1, std::string{"\xf2\x48\xcd\xc9\xc9\x07\x00", 7}));
  f.feed(frame(1 | rsv1, std::string{"\xf2\x48\xcd", 3}, false));
  f.feed(frame(0, std::string{"\xc9\xc9\x07\x00", 4}));
  f.feed(frame(1 | rsv1, std::string{"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11}));
  f.feed(frame(1 | rsv1, std::string{"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13}));
  f.feed(frame(1 | rsv1, std::string{"\x00", 1}));
  CAF_CHECK(f.messages()
            == (std::vector<std::string>{"tHello", "tHello", "tHello", "tHello", "t"}));
}

CAF_TEST(data that is not compressed is a fault) {
  for (std::size_t step : {1U, 1000U}) {
    fixture f;
    f.feed(frame(1, "before") + frame(1 | rsv1, "\xff\xff\xff\xff") + frame(1, "after"), step);
    CAF_CHECK(f.scanner.fault() == read_fault::bad_deflate);
    CAF_CHECK(f.messages() == std::vector<std::string>{"tbefore"});
    CAF_CHECK(f.wire.empty());
  }
}

CAF_TEST(a message that is cut off is a fault) {
  for (std::size_t size : {0U, 1U, 3U, 6U}) {
    fixture f;
    f.feed(frame(1 | rsv1, std::string{"\xf2\x48\xcd\xc9\xc9\x07\x00", size}));
    CAF_CHECK(f.scanner.fault() == read_fault::bad_deflate);
    CAF_CHECK(f.messages().empty());
  }
}

CAF_TEST(frames that do not belong into a compressed message are a fault) {
  // Nothing of the message was given on yet, so that nobody else could tell.
  for (const auto& second :
       {frame(1, "x"), frame(2 | rsv1, "x"), frame(rsv1, "x"), frame(3, "x")}) {
    fixture f;
    f.feed(frame(1 | rsv1, "", false) + second);
    CAF_CHECK(f.scanner.fault() == read_fault::protocol);
  }
}

CAF_TEST(other faults are given on to be found) {
  for (const auto& bad : {frame(1 | 0x20, "x"), frame(1 | rsv1 | 0x10, "x"), frame(9 | rsv1, "x"),
                          frame(0 | rsv1, "x"), frame(0, "x"), frame(3, "x"), frame(11, "x"),
                          std::string{"\xc1\x80\x01\x02\x03\x04", 6}, frame(8, "xx")}) {
    fixture f;
    f.feed(bad + frame(1 | rsv1, "never inflated"));
    CAF_CHECK(f.scanner.stopped());
    CAF_CHECK(f.scanner.fault() == read_fault::none);
    CAF_CHECK(f.out == bad + frame(1 | rsv1, "never inflated"));
  }
}

CAF_TEST(the frames that come in are counted) {
  fixture f{{}, 3};
  auto packed = f.pack(std::string(1U << 20U, 'x'));
  // Given on in many frames.
  f.feed(frame(2 | rsv1, packed.substr(0, 10), false) + frame(0, packed.substr(10), false)
         + frame(0, ""));
  CAF_CHECK_EQUAL(f.messages().size(), 1U);
  CAF_CHECK(f.scanner.fault() == read_fault::none);
  f.feed(frame(2, "", false) + frame(0, "", false) + frame(0, "", false));
  CAF_CHECK(f.scanner.fault() == read_fault::none);
  f.feed(frame(0, "", false));
  CAF_CHECK(f.scanner.fault() == read_fault::too_many_frames);
}

CAF_TEST(who closes gets only control frames) {
  fixture f;
  auto packed = f.pack(random_bytes(1000));
  f.feed(frame(2, "half of", true).substr(0, 5));
  f.uut->discard_messages();
  f.feed(frame(2, "half of").substr(5) + frame(2 | rsv1, packed.substr(0, 500), false)
         + frame(9, "p") + frame(0, packed.substr(500)) + frame(1, "text") + frame(8, "xx"));
  CAF_CHECK(f.messages() == (std::vector<std::string>{"bhalf of", "9:p", "8:xx"}));
}

CAF_TEST(who closes in the middle of a compressed frame gets no more of it) {
  fixture f;
  auto wire = frame(2 | rsv1, f.pack(random_bytes(1000)));
  f.feed(wire.substr(0, 500));
  auto before = f.out.size();
  f.uut->discard_messages();
  f.feed(wire.substr(500) + frame(10, ""));
  CAF_CHECK(f.out.substr(before) == frame(10, ""));
}

CAF_TEST(without data it borrows nothing) {
  fixture f;
  f.feed(frame(2 | rsv1, f.pack("x")));
  f.uut->run(f.wire);
  CAF_CHECK(f.uut->frames().space().empty());
}
