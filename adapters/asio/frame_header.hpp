// frame_header.hpp: the headers of frames (RFC 6455, section 5.2).

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wsengine::io {

namespace opcode {

inline constexpr std::uint8_t continuation = 0;
inline constexpr std::uint8_t text = 1;
inline constexpr std::uint8_t binary = 2;
inline constexpr std::uint8_t close = 8;
inline constexpr std::uint8_t ping = 9;
inline constexpr std::uint8_t pong = 10;

} // namespace opcode

inline constexpr std::uint8_t fin_bit = 0x80;
/// Says that a message is compressed (RFC 7692, section 6), in the header of its first frame.
inline constexpr std::uint8_t rsv1_bit = 0x40;
inline constexpr std::uint8_t reserved_bits = 0x70;

/// The header of a frame of a server, which has no masking key, as it comes in.
class frame_header {
public:
  /// Takes what belongs to the header from the front of `bytes`. Returns whether it is complete;
  /// the next call begins another one then.
  bool collect(std::span<const std::byte>& bytes) noexcept;

  [[nodiscard]] bool fin() const noexcept { return (bytes_[0] & fin_bit) != 0; }

  [[nodiscard]] std::uint8_t opcode() const noexcept { return bytes_[0] & 0x0FU; }

  /// The reserved bits where they are in the first byte.
  [[nodiscard]] std::uint8_t reserved() const noexcept { return bytes_[0] & reserved_bits; }

  [[nodiscard]] bool masked() const noexcept { return (bytes_[1] & mask_bit) != 0; }

  /// The size of the payload.
  [[nodiscard]] std::uint64_t length() const noexcept { return length_; }

  /// Whether the length is written in its shortest form.
  [[nodiscard]] bool is_shortest() const noexcept {
    return size_ == 2 || length_ >= (size_ == 4 ? 126U : 65536U);
  }

  /// The header itself.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept {
    return std::span{bytes_}.first(size_);
  }

private:
  static constexpr std::uint8_t mask_bit = 0x80;

  [[nodiscard]] std::size_t expected_size() const noexcept;

  std::array<std::uint8_t, 10> bytes_{};
  std::uint8_t filled_ = 0;
  std::uint8_t size_ = 0;
  std::uint64_t length_ = 0;
};

/// The most bytes that a header has.
inline constexpr std::size_t max_frame_header = 14;

/// Writes the header of a frame without a masking key. `first` is its first byte. Returns its size.
std::size_t write_frame_header(std::span<std::byte> to, std::uint8_t first,
                               std::uint64_t length) noexcept;

/// Writes the header of a frame of a client with a fresh masking key, and masks the payload in
/// place. Returns the size of the header.
std::size_t write_masked_header(std::span<std::byte, max_frame_header> to, std::uint8_t first,
                                std::span<std::byte> payload) noexcept;

} // namespace wsengine::io
