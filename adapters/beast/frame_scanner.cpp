// frame_scanner.cpp: see frame_scanner.hpp.

#include "frame_scanner.hpp"

#include <algorithm>

namespace wsengine::io {

namespace {

constexpr std::uint8_t fin_bit = 0x80;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t continuation = 0;
constexpr std::uint8_t text = 1;
constexpr std::uint8_t binary = 2;
constexpr std::uint8_t ping = 9;
constexpr std::uint8_t pong = 10;

std::uint64_t big_endian(const std::uint8_t* first, std::size_t n) noexcept {
  std::uint64_t result = 0;
  for (std::size_t i = 0; i < n; ++i)
    result = result << 8U | first[i];
  return result;
}

} // namespace

void frame_scanner::feed(std::span<const std::byte> bytes) {
  while (!bytes.empty() && !stopped_) {
    if (remaining_ > 0) {
      auto n = std::min<std::uint64_t>(remaining_, bytes.size());
      remaining_ -= n;
      payload_ += control_ ? 0 : n;
      bytes = bytes.subspan(static_cast<std::size_t>(n));
      if (remaining_ == 0)
        frame_complete();
      continue;
    }
    auto n = std::min(header_size() - header_filled_, bytes.size());
    for (std::size_t i = 0; i < n; ++i)
      header_[header_filled_ + i] = std::to_integer<std::uint8_t>(bytes[i]);
    header_filled_ += n;
    bytes = bytes.subspan(n);
    if (header_filled_ == header_size())
      header_complete();
  }
}

std::size_t frame_scanner::header_size() const noexcept {
  if (header_filled_ < 2)
    return 2;
  auto length = header_[1] & ~mask_bit;
  return length == 126 ? 4 : length == 127 ? 10 : 2;
}

void frame_scanner::header_complete() {
  auto opcode = header_[0] & 0x0FU;
  auto length = std::uint64_t{header_[1]};
  auto extended = header_filled_ - 2;
  if (extended > 0)
    length = big_endian(&header_[2], extended);
  header_filled_ = 0;
  fin_ = (header_[0] & fin_bit) != 0;
  control_ = opcode == ping || opcode == pong;
  auto starts = opcode == text || opcode == binary;
  if (!control_)
    message_size_ = starts ? 0 : message_size_;
  auto known = control_ || (starts && !in_message_) || (opcode == continuation && in_message_);
  auto sound = (header_[0] & reserved_bits) == 0 && (header_[1] & mask_bit) == 0
               && (extended == 0 || length >= (extended == 2 ? 126U : 65536U));
  auto fits = control_ ? fin_ && length <= 125
                       : length <= max_message_ && message_size_ <= max_message_ - length;
  if (!known || !sound || !fits) {
    stopped_ = true;
    return;
  }
  remaining_ = length;
  if (!control_) {
    in_message_ = !fin_;
    message_size_ += length;
  }
  if (length == 0)
    frame_complete();
}

void frame_scanner::frame_complete() noexcept {
  if (control_) {
    control_payload_ = payload_;
    control_messages_ = messages_;
  } else if (fin_) {
    ++messages_;
  }
}

} // namespace wsengine::io
