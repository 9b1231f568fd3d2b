// url.hpp: WebSocket URLs (RFC 6455, section 3; RFC 3986).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wsengine {

/// The parts of a `ws` or `wss` URL.
struct url {
  /// Whether the scheme is `wss`.
  bool secure = false;
  /// A name, an IPv4 address, or an IPv6 address without its brackets.
  std::string host;
  /// The port as written, or 80 for `ws` and 443 for `wss`.
  std::uint16_t port = 0;
  /// The path and query for the request line, never empty; percent-encoded as written.
  std::string target;

  /// The value for the `Host` header: brackets around IPv6, the port only when it is not the
  /// default.
  [[nodiscard]] std::string authority() const;

  friend bool operator==(const url&, const url&) = default;
};

/// Splits a URL. On failure returns nothing and, when asked, says what is wrong in `problem`. User
/// information and fragments are refused (RFC 6455, section 3, forbids the latter).
std::optional<url> parse_url(std::string_view text, std::string* problem = nullptr);

} // namespace wsengine
