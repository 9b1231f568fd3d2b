// encoding.hpp: bytes for formats that take text only, such as JSON.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wsengine {

/// Encodes bytes in base64 (RFC 4648, section 4), with padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// The bytes that a text stands for; nothing when it is not base64 with padding.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// The bytes themselves when they are UTF-8; else each that is not ASCII is replaced by U+FFFD.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

} // namespace wsengine
