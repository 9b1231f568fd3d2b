// durations.hpp: the limit of durations.

#pragma once

#include "wsengine/compat.hpp"

#include <chrono>

namespace wsengine {

/// Longer durations could overflow when they are added to a point in time.
inline constexpr timespan longest_duration = std::chrono::hours(24 * 365 * 100);

} // namespace wsengine
