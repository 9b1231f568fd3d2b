// duration.hpp: durations as people write them: 250ms, 5s, 1m.

#pragma once

#include "wsengine/compat.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace wsengine::cli {

/// Reads a decimal number with a unit: us, ms, s, m or h; a plain 0 needs no unit. Empty when the
/// text is something else, negative, or longer than a hundred years.
std::optional<timespan> parse_duration(std::string_view text);

/// Writes a duration with the unit that suits it, such as "1.5s".
std::string format_duration(timespan value);

} // namespace wsengine::cli
