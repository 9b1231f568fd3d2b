// refusal.hpp: what a server said that does not upgrade, as far as it came.

#pragma once

#include "wsengine/handshake.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace wsengine::io {

/// How much is kept of the body of a response that refuses the upgrade.
inline constexpr std::size_t max_refused_body = 16U << 10U;

/// How much is kept of such a response at all.
inline constexpr std::size_t max_refusal = max_refused_body + (16U << 10U);

/// Understands the first bytes of a response. Nothing when its header is not complete, is no HTTP,
/// or has the status 101.
std::optional<handshake_response> parse_refusal(std::string_view bytes);

} // namespace wsengine::io
