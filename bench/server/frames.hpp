// frames.hpp: frames that a server sends, encoded ahead (RFC 6455, section 5.2).

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wsengine::bench {

enum class opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

/// The most bytes that the header of a frame without mask has.
inline constexpr std::size_t max_plain_header = 10;

/// Writes the header of a frame without mask to `to`; returns its size. `first` is the header's
/// first byte: flags and opcode.
std::size_t write_header(std::byte* to, std::uint8_t first, std::uint64_t payload_size);

/// One complete frame.
std::string make_frame(opcode what, std::string_view payload);

/// A close frame that says 1000.
std::string make_close_frame();

/// The same binary message many times, for one write.
struct flood_block {
  explicit flood_block(std::size_t message_size);

  /// The frames, one behind the other.
  std::string bytes;
  std::size_t frame_size = 0;
  std::size_t frames = 0;
};

} // namespace wsengine::bench
