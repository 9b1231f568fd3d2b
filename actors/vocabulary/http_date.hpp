// http_date.hpp: the dates of HTTP headers.

#pragma once

#include "wsengine/compat.hpp"

#include <optional>
#include <string_view>

namespace wsengine {

/// Understands all three formats of HTTP (RFC 9110, section 5.6.7) and what browsers accept in
/// cookies (RFC 6265, section 5.1.1). Years beyond 2200 count as 2200, those before 1970 as 1970.
[[nodiscard]] std::optional<timestamp> parse_http_date(std::string_view text);

} // namespace wsengine
