// status_page.hpp: the page itself: one HTML document that needs nothing else.

#pragma once

#include <string>
#include <string_view>

namespace wsengine::cli {

/// The page. `title` is shown as it is, whatever characters it has; `nonce` marks the page's own
/// style and script for its Content-Security-Policy.
[[nodiscard]] std::string status_page(std::string_view title, std::string_view nonce);

} // namespace wsengine::cli
