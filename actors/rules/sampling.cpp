// sampling.cpp: see sampling.hpp.

#include "rules/sampling.hpp"

namespace wsengine::rules {

bool is_sampled(trace_id id, double ratio) noexcept {
  if (ratio >= 1)
    return true;
  // Also what is no number.
  if (!(ratio > 0))
    return false;
  constexpr auto all = static_cast<double>(std::uint64_t{1} << 63U);
  return (id.low >> 1U) < static_cast<std::uint64_t>(ratio * all);
}

} // namespace wsengine::rules
