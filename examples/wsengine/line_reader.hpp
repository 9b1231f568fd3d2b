// line_reader.hpp: reads lines from a file descriptor until its end or until somebody ends the
// waiting.

#pragma once

#include "byte_source.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace wsengine::cli {

/// The lines of a file descriptor. Never holds more than the longest line and what came with its
/// end.
class line_reader {
public:
  /// Stops when `end_fd` becomes readable. A line longer than `longest` is cut off there.
  line_reader(int fd, int end_fd, std::size_t longest);

  /// The next line, without its line feed. Empty at the end of the input; see `ended`.
  std::optional<std::string> next();

  /// Whether the line that `next` has returned was cut off.
  [[nodiscard]] bool was_too_long() const noexcept { return too_long_; }

  /// Whether the input itself has ended.
  [[nodiscard]] bool ended() const noexcept { return source_.ended(); }

private:
  bool fill();
  std::optional<std::string> take(std::size_t size);

  byte_source source_;
  const std::size_t longest_;
  std::string buffer_;
  /// How many bytes of the buffer have been searched for a line feed.
  std::size_t searched_ = 0;
  bool too_long_ = false;
  bool skipping_ = false;
};

} // namespace wsengine::cli
