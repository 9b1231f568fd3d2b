// refusal.hpp: what a server answered to the upgrade request, as far as it came.

#pragma once

#include "net.hpp"

#include "wsengine/handshake.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace wsengine::io {

/// How much is kept of the body of a response that refuses the upgrade.
inline constexpr std::size_t max_refused_body = 16U << 10U;

/// How much is kept of such a response at all.
inline constexpr std::size_t max_refusal = max_refused_body + (16U << 10U);

/// A response, or the beginning of one.
struct partial_response {
  /// At most `max_refused_body` bytes of the body.
  handshake_response response;
  /// Whether it is of HTTP/1.1 or later.
  bool current = false;
  /// Whether its body has come as a whole.
  bool complete = false;
};

/// Understands the first bytes of a response. Nothing when its header is not complete or is no
/// HTTP.
std::optional<partial_response> parse_response(std::string_view bytes);

/// The same for a response that refuses the upgrade. Nothing when its header is not complete, is no
/// HTTP, or has the status 101.
std::optional<handshake_response> parse_refusal(std::string_view bytes);

/// The error of a response whose header is larger than we accept.
[[nodiscard]] error_code header_too_large();

} // namespace wsengine::io
