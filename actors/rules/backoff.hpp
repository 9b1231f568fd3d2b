// backoff.hpp: the rule how long to wait between attempts, and when to give up.

#pragma once

#include "wsengine/options.hpp"

#include <cstdint>

namespace wsengine::rules {

/// Counts failures and draws delays. Knows no clock: its user tells it how long a session was open.
class backoff {
public:
  explicit backoff(const backoff_options& options) noexcept : options_(options) {}

  /// Forgets everything; for a new start.
  void reset() noexcept;

  /// A session has opened.
  void opened() noexcept { failures_ = 0; }

  /// The session that had opened is over after having been open for `duration`.
  void closed_after(timespan duration) noexcept;

  /// An attempt failed. Returns how many had failed before it since a session was last open.
  std::uint32_t failed() noexcept { return failures_++; }

  /// How many attempts failed since a session was last open.
  [[nodiscard]] std::uint32_t failures() const noexcept { return failures_; }

  /// Whether no further attempt may be made.
  [[nodiscard]] bool exhausted() const noexcept {
    return options_.max_attempts != 0 && failures_ >= options_.max_attempts;
  }

  /// The delay before the next attempt; each call lengthens the one after it. `random` is from 0 up
  /// to, not including, 1 and picks the part of the jitter to take away. `asked` is how long the
  /// server wants us to stay away: the delay is not shorter than that, up to `retry_after_cap`; the
  /// random part then comes on top, for others were told the same.
  timespan next_delay(double random, timespan asked = timespan{0}) noexcept;

private:
  backoff_options options_;
  std::uint32_t failures_ = 0;
  std::uint32_t step_ = 0;
};

} // namespace wsengine::rules
