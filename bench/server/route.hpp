// route.hpp: what a request's path and query ask of the load server.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wsengine::bench {

enum class behaviour : std::uint8_t {
  /// Sends each message back.
  echo,
  /// Sends `n` messages of `size` bytes, then closes with 1000.
  flood,
  /// Counts `n` messages, then sends the text `done`.
  sink,
  /// Answers pings and the close frame.
  hold,
  /// Resets the TCP connection after the first message.
  drop,
};

struct route {
  behaviour what = behaviour::echo;
  std::uint64_t n = 0;
  std::size_t size = 0;
  bool deflate = false;
};

/// Reads the target of a request; nothing when it asks for something else.
std::optional<route> parse_route(std::string_view target);

} // namespace wsengine::bench
