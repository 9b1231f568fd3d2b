// backoff.cpp: see backoff.hpp.

#include "rules/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace wsengine::rules {

void backoff::reset() noexcept {
  failures_ = 0;
  step_ = 0;
}

void backoff::closed_after(timespan duration) noexcept {
  if (duration >= options_.stable_after)
    step_ = 0;
}

timespan backoff::next_delay(double random, timespan asked) noexcept {
  // The power may be infinite after many steps; min() makes that the cap.
  auto exact = static_cast<double>(options_.base.count()) * std::pow(options_.factor, step_);
  auto bounded = std::min(exact, static_cast<double>(options_.cap.count()));
  if (bounded < static_cast<double>(options_.cap.count()))
    ++step_;
  timespan delay{static_cast<timespan::rep>(bounded * (1.0 - options_.jitter * random))};
  asked = std::min(asked, options_.retry_after_cap);
  if (asked <= timespan::zero())
    return delay;
  return std::max(delay, asked + timespan{static_cast<timespan::rep>(bounded)} - delay);
}

} // namespace wsengine::rules
