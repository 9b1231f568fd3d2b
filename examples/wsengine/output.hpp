// output.hpp: writes whole lines or bytes to a file descriptor whose reader may be slow, stuck or
// gone.

#pragma once

#include "wake_up.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace wsengine::cli {

/// Lines from any thread, one after the other, each written at once. A writer waits for a reader
/// that is slow: that is what holds a session back when nobody reads. The wait can be ended from
/// outside.
class output {
public:
  using clock = std::chrono::steady_clock;

  explicit output(int fd);

  /// Writes the line and a line feed. Returns false when nobody will ever read it.
  bool write_line(std::string_view line);

  /// Writes the line as the last one; whatever comes later is lost.
  bool write_last_line(std::string_view line);

  /// Writes bytes as they are, all of them before what another thread writes. Returns as
  /// `write_line`.
  bool write_bytes(std::string_view data);

  /// Whatever comes later is lost.
  void end();

  /// Calls a function when the reader is found to be gone. Set it before others write.
  void when_broken(std::function<void()> act) { when_broken_ = std::move(act); }

  /// From now on no writer waits longer than until then; lines that are late are lost. Callable
  /// from any thread, also while others wait.
  void wait_only_until(clock::time_point when);

  /// Whether the reader is gone or was given up.
  [[nodiscard]] bool broken() const noexcept { return broken_; }

  [[nodiscard]] bool is_terminal() const noexcept;

private:
  bool write(std::string_view data);
  bool write_all(std::string_view data);
  bool wait_for_room();
  long write_some(std::string_view data) const;

  const int fd_;
  const bool is_socket_;
  wake_up limit_changed_;
  std::mutex writing_;
  std::mutex limit_mutex_;
  std::optional<clock::time_point> limit_;
  std::atomic<bool> broken_ = false;
  std::function<void()> when_broken_;
};

} // namespace wsengine::cli
