// responder.cpp: see responder.hpp.

#include "server/responder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace wsengine::bench {

namespace {

constexpr std::uint8_t final_flag = 0x80;
constexpr std::uint8_t opcode_bits = 0x0f;

// The size of a header with a mask, as its second byte tells.
std::size_t header_size(std::byte second) {
  auto length = std::to_integer<unsigned>(second) & 0x7fU;
  return 6U + (length == 126 ? 2U : length == 127 ? 8U : 0U);
}

std::uint64_t payload_size(const std::byte* header) {
  auto length = std::to_integer<std::uint64_t>(header[1]) & 0x7fU;
  if (length < 126)
    return length;
  std::size_t bytes = length == 126 ? 2 : 8;
  length = 0;
  for (std::size_t i = 0; i < bytes; ++i)
    length = length << 8U | std::to_integer<std::uint64_t>(header[2 + i]);
  return length;
}

// Removes the mask while it moves the bytes; `to` may lie before `from` and overlap it. In blocks
// that are loaded whole before they are stored, so that the compiler can use wide registers.
void unmask(const std::byte* from, std::size_t size, std::byte* to,
            const std::array<std::byte, 4>& mask) {
  constexpr std::size_t width = 64;
  std::byte pattern[width];
  for (std::size_t i = 0; i < width; ++i)
    pattern[i] = mask[i % 4];
  std::byte block[width];
  for (; size >= width; size -= width, from += width, to += width) {
    std::memcpy(block, from, width);
    for (std::size_t i = 0; i < width; ++i)
      block[i] ^= pattern[i];
    std::memcpy(to, block, width);
  }
  for (std::size_t i = 0; i < size; ++i)
    to[i] = from[i] ^ pattern[i];
}

} // namespace

std::size_t responder::answer(std::span<const std::byte> chunk, std::byte* to) {
  const auto* begin = to;
  const auto* at = chunk.data();
  const auto* end = at + chunk.size();
  while (at != end && !closed_)
    at = in_payload_ ? take_payload(at, end, to) : take_header(at, end, to);
  return static_cast<std::size_t>(to - begin);
}

const std::byte* responder::take_header(const std::byte* at, const std::byte* end, std::byte*& to) {
  auto available = static_cast<std::size_t>(end - at);
  if (header_size_ == 0 && available >= header_.size()) {
    auto size = header_size(at[1]);
    begin_frame(at, size, to);
    return at + size;
  }
  // The rare case: the header may go on in the next chunk.
  while (at != end) {
    header_[header_size_++] = *at++;
    if (header_size_ >= 2 && header_size_ == header_size(header_[1])) {
      begin_frame(header_.data(), std::exchange(header_size_, 0), to);
      break;
    }
  }
  return at;
}

void responder::begin_frame(const std::byte* header, std::size_t size, std::byte*& to) {
  first_ = std::to_integer<std::uint8_t>(header[0]);
  left_ = payload_size(header);
  std::memcpy(mask_.data(), header + size - mask_.size(), mask_.size());
  auto what = static_cast<opcode>(first_ & opcode_bits);
  auto is_data = what < opcode::close;
  answered_ = is_data ? echo_ : what != opcode::pong;
  if (answered_) {
    auto first = what == opcode::ping
                   ? static_cast<std::uint8_t>(final_flag | static_cast<unsigned>(opcode::pong))
                   : first_;
    to += write_header(to, first, left_);
  }
  in_payload_ = left_ > 0;
  if (!in_payload_)
    end_frame();
}

const std::byte* responder::take_payload(const std::byte* at, const std::byte* end,
                                         std::byte*& to) {
  auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, end - at));
  if (answered_) {
    unmask(at, size, to, mask_);
    std::rotate(mask_.begin(), mask_.begin() + static_cast<std::ptrdiff_t>(size % 4), mask_.end());
    to += size;
  }
  left_ -= size;
  if (left_ == 0)
    end_frame();
  return at + size;
}

void responder::end_frame() {
  in_payload_ = false;
  auto what = static_cast<opcode>(first_ & opcode_bits);
  if (what == opcode::close)
    closed_ = true;
  else if (what < opcode::close && (first_ & final_flag) != 0)
    ++messages_;
}

} // namespace wsengine::bench
