// token_bucket.cpp: see token_bucket.hpp.

#include "rules/token_bucket.hpp"

#include <algorithm>
#include <cmath>

namespace wsengine::rules {

void token_bucket::configure(double rate, std::uint32_t burst) noexcept {
  // Rounded so that the rate is never exceeded.
  interval_ = std::chrono::nanoseconds{static_cast<std::int64_t>(std::ceil(1e9 / rate))};
  others_ = interval_ * (std::int64_t{burst} - 1);
}

bool token_bucket::take(time_point now) noexcept {
  if (when(now) > now)
    return false;
  full_at_ = std::max(full_at_, now) + interval_;
  return true;
}

token_bucket::time_point token_bucket::when(time_point now, std::uint64_t ahead) const noexcept {
  auto full_at = std::max(full_at_, now) + interval_ * static_cast<std::int64_t>(ahead);
  return std::max(now, full_at - others_);
}

} // namespace wsengine::rules
