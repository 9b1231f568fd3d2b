// base64.hpp: the encoding of bytes as text (RFC 4648, section 4).

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wsengine {

/// Encodes bytes, with padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// How many bytes a text stands for; nothing when it is not base64 with padding.
[[nodiscard]] std::optional<std::size_t> base64_size(std::string_view text) noexcept;

} // namespace wsengine
