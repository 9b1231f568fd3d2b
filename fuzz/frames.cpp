// frames.cpp: fuzzes what looks into frames before the WebSocket library does, and what inflates
// them: any bytes, in any parts. Faster than the whole of a connection, see server.cpp.

#include "unpacker.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

namespace {

using namespace wsengine::io;

void check(bool condition) {
  if (!condition)
    std::abort();
}

constexpr std::uint64_t max_message = 1U << 20U;
constexpr std::uint64_t max_frames = 100;

// What the scanner says must hold for whoever reads by it: it never promises more than there is.
void check_counts(const frame_scanner& scanner, std::uint64_t seen) {
  check(scanner.readable_bytes() <= seen);
  check(!scanner.stopped() || scanner.protocol_waits());
}

void fuzz_plain(std::span<const std::byte> bytes, std::size_t step) {
  frame_scanner scanner;
  scanner.max_message_size(max_message);
  scanner.max_frames(max_frames);
  std::uint64_t seen = 0;
  while (!bytes.empty()) {
    auto part = bytes.first(std::min(step, bytes.size()));
    auto taken = scanner.feed(part);
    check(taken <= part.size());
    seen += taken;
    check_counts(scanner, seen);
    bytes = bytes.subspan(part.size());
  }
}

void fuzz_compressed(std::span<const std::byte> bytes, std::size_t step, bool takeover) {
  buffer_pool pool;
  frame_scanner scanner;
  scanner.max_message_size(max_message);
  scanner.max_frames(max_frames);
  unpacker uut{pool, scanner, {15, 15, false, !takeover}};
  byte_block wire{pool};
  std::uint64_t seen = 0;
  while (!bytes.empty()) {
    auto part = bytes.first(std::min(step, bytes.size()));
    auto space = wire.pooled_space();
    if (space.empty())
      return;
    part = part.first(std::min(part.size(), space.size()));
    std::memcpy(space.data(), part.data(), part.size());
    wire.commit(part.size());
    bytes = bytes.subspan(part.size());
    uut.run(wire);
    while (!uut.frames().empty()) {
      check(uut.frames().size() <= buffer_pool::block_size);
      auto n = std::min<std::size_t>(uut.frames().size(), 1536);
      seen += n;
      uut.frames().consume(n);
      uut.run(wire);
    }
    check_counts(scanner, seen);
    // Otherwise nobody would ever go on.
    check(wire.empty() || scanner.stopped());
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2)
    return 0;
  auto bytes = std::as_bytes(std::span{data, size}).subspan(2);
  auto step = static_cast<std::size_t>(data[1]) + 1;
  if (data[0] % 3 == 0)
    fuzz_plain(bytes, step);
  else
    fuzz_compressed(bytes, step, data[0] % 3 == 1);
  return 0;
}
