// byte_source.hpp: reads from a file descriptor until its end or until somebody ends the waiting.

#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace wsengine::cli {

/// The bytes of a file descriptor.
class byte_source {
public:
  /// Stops when `end_fd` becomes readable.
  byte_source(int fd, int end_fd) : fd_(fd), end_fd_(end_fd) {}

  /// Waits until something is there; returns it, but at most `most` bytes, and 1 MiB. Empty at the
  /// end of the input, see `ended`, and when the waiting was ended.
  std::optional<std::string> next(std::size_t most);

  /// Whether the input itself has ended.
  [[nodiscard]] bool ended() const noexcept { return ended_; }

private:
  const int fd_;
  const int end_fd_;
  bool ended_ = false;
};

} // namespace wsengine::cli
