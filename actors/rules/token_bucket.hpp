// token_bucket.hpp: the rule how fast something may be done: at once some times, then at a rate.

#pragma once

#include <chrono>
#include <cstdint>

namespace wsengine::rules {

/// A bucket that holds at most `burst` tokens and gets `rate` of them per second; it begins full.
/// In any time t no more than `burst + rate * t` are taken. Knows no clock: its user says what time
/// it is.
class token_bucket {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `rate` is from 0.001 to 1000000, `burst` from 1 to 1000000.
  token_bucket(double rate, std::uint32_t burst) noexcept { configure(rate, burst); }

  /// Changes both. Tokens that were taken stay taken.
  void configure(double rate, std::uint32_t burst) noexcept;

  /// Takes a token, if there is one.
  bool take(time_point now) noexcept;

  /// When there will be a token for whom `ahead` others come before, if nobody else takes one; not
  /// before `now`.
  [[nodiscard]] time_point when(time_point now, std::uint64_t ahead = 0) const noexcept;

private:
  // Exact, without fractions of tokens: the time at which the bucket is full again, and how long a
  // token takes (the generic cell rate algorithm).
  time_point full_at_{};
  std::chrono::nanoseconds interval_{0};
  std::chrono::nanoseconds others_{0};
};

} // namespace wsengine::rules
