// shown_url.hpp: the rule what of a URL may be seen by those who look at traces.

#pragma once

#include <string>
#include <string_view>

namespace wsengine::rules {

/// The URL with "REDACTED" for user, password, and each value of the query: tokens are often there
/// (OpenTelemetry's semantic conventions, `url.full`). Anything may be given; what is no URL stays
/// as it is, save for these.
[[nodiscard]] std::string shown_url(std::string_view url);

} // namespace wsengine::rules
