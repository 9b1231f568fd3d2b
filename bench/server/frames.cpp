// frames.cpp: see frames.hpp.

#include "server/frames.hpp"

#include <algorithm>
#include <cstring>

namespace wsengine::bench {

namespace {

// Enough that the cost of a write is small beside that of its bytes.
constexpr std::size_t block_size = 256U << 10U;

constexpr std::uint8_t final_frame = 0x80;

} // namespace

std::size_t write_header(std::byte* to, std::uint8_t first, std::uint64_t payload_size) {
  std::size_t length_bytes = payload_size < 126 ? 0 : payload_size <= 0xffff ? 2 : 8;
  to[0] = static_cast<std::byte>(first);
  to[1] = static_cast<std::byte>(length_bytes == 0   ? payload_size
                                 : length_bytes == 2 ? std::uint64_t{126}
                                                     : std::uint64_t{127});
  for (std::size_t i = 0; i < length_bytes; ++i)
    to[2 + i] = static_cast<std::byte>(payload_size >> (8 * (length_bytes - 1 - i)));
  return 2 + length_bytes;
}

std::string make_frame(opcode what, std::string_view payload) {
  std::byte header[max_plain_header];
  auto first = static_cast<std::uint8_t>(final_frame | static_cast<std::uint8_t>(what));
  auto size = write_header(header, first, payload.size());
  std::string result(reinterpret_cast<const char*>(header), size);
  return result.append(payload);
}

std::string make_close_frame() {
  return make_frame(opcode::close, "\x03\xe8");
}

flood_block::flood_block(std::size_t message_size) {
  auto frame = make_frame(opcode::binary, std::string(message_size, 'x'));
  frame_size = frame.size();
  frames = std::max<std::size_t>(1, block_size / frame_size);
  bytes.reserve(frames * frame_size);
  for (std::size_t i = 0; i < frames; ++i)
    bytes += frame;
}

} // namespace wsengine::bench
