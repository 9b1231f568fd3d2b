// frame_header.cpp: see frame_header.hpp.

#include "frame_header.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <random>

namespace wsengine::io {

namespace {

std::uint64_t big_endian(const std::uint8_t* first, std::size_t n) noexcept {
  std::uint64_t result = 0;
  for (std::size_t i = 0; i < n; ++i)
    result = result << 8U | first[i];
  return result;
}

// Nobody may guess the key (RFC 6455, section 10.3).
void fill_key(std::span<std::byte> key) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) == 1)
    return;
  std::random_device source;
  for (auto& byte : key)
    byte = static_cast<std::byte>(source());
}

} // namespace

// -- reading --------------------------------------------------------------------------------------

std::size_t frame_header::expected_size() const noexcept {
  if (filled_ < 2)
    return 2;
  auto length = bytes_[1] & 0x7FU;
  return length == 126 ? 4 : length == 127 ? 10 : 2;
}

bool frame_header::collect(std::span<const std::byte>& bytes) noexcept {
  // Nearly always all of it is there.
  if (filled_ == 0 && bytes.size() >= bytes_.size()) {
    std::memcpy(bytes_.data(), bytes.data(), bytes_.size());
    filled_ = 2;
    filled_ = static_cast<std::uint8_t>(expected_size());
    bytes = bytes.subspan(filled_);
  }
  // The first two bytes tell how many there are.
  while (filled_ < expected_size()) {
    auto n = std::min(expected_size() - filled_, bytes.size());
    if (n == 0)
      return false;
    for (std::size_t i = 0; i < n; ++i)
      bytes_[filled_ + i] = std::to_integer<std::uint8_t>(bytes[i]);
    filled_ = static_cast<std::uint8_t>(filled_ + n);
    bytes = bytes.subspan(n);
  }
  size_ = filled_;
  length_ = size_ == 2 ? bytes_[1] & 0x7FU : big_endian(&bytes_[2], size_ - 2U);
  filled_ = 0;
  return true;
}

// -- writing --------------------------------------------------------------------------------------

std::size_t write_frame_header(std::span<std::byte> to, std::uint8_t first,
                               std::uint64_t length) noexcept {
  to[0] = std::byte{first};
  std::size_t extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  to[1] = extended == 0 ? static_cast<std::byte>(length)
                        : static_cast<std::byte>(extended == 2 ? 126 : 127);
  for (std::size_t i = 0; i < extended; ++i)
    to[2 + i] = static_cast<std::byte>(length >> (8 * (extended - 1 - i)));
  return 2 + extended;
}

std::size_t write_masked_header(std::span<std::byte, max_frame_header> to, std::uint8_t first,
                                std::span<std::byte> payload) noexcept {
  auto size = write_frame_header(to, first, payload.size());
  to[1] |= std::byte{0x80};
  auto key = to.subspan(size, 4);
  fill_key(key);
  for (std::size_t i = 0; i < payload.size(); ++i)
    payload[i] ^= key[i % 4];
  return size + 4;
}

} // namespace wsengine::io
