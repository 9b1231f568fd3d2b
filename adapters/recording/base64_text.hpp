// base64_text.hpp: bytes as text (RFC 4648, section 4), and back.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wsengine::base64_text {

/// Encodes bytes, with padding.
std::string encode(std::string_view bytes);

/// Nothing when the text is not base64 with padding.
std::optional<std::string> decode(std::string_view text);

} // namespace wsengine::base64_text
