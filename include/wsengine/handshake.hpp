// handshake.hpp: what the client asks for in the opening handshake and what the server answered.

#pragma once

#include "wsengine/compat.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wsengine {

/// The name and the value of an HTTP header field.
using header_field = std::pair<std::string, std::string>;

/// HTTP header fields in the order in which they were sent; names may repeat.
using header_fields = std::vector<header_field>;

/// The value of the first field with that name, compared without regard to case; `nullptr` when
/// there is none.
[[nodiscard]] const std::string* find_header(const header_fields& fields,
                                             std::string_view name) noexcept;

/// Makes the field `Authorization` of the Basic scheme (RFC 7617). A colon in the user's name or a
/// control character in either cannot be expressed: throws `std::invalid_argument`.
[[nodiscard]] header_field basic_auth(std::string_view user, std::string_view password);

/// Makes the field `Authorization` for a token (RFC 6750, section 2.1). A token with characters
/// that no header may carry is refused when the request is validated.
[[nodiscard]] header_field bearer_auth(std::string_view token);

/// Whether the field carries credentials: `Authorization`, `Proxy-Authorization` or `Cookie`. Their
/// values print as "***", and no redirect takes them to another host.
[[nodiscard]] bool is_credential(std::string_view name) noexcept;

/// What the client asks for (RFC 6455, section 4.1). The whole of it, credentials included, crosses
/// nodes when the connection runs on another one.
struct handshake_request {
  /// Where to connect: `ws://host[:port][/path][?query]`, or `wss://` for TLS.
  std::string url;
  /// Fields to send besides those of the handshake itself. `Host` may be set; `Connection`,
  /// `Upgrade` and `Sec-WebSocket-*` are reserved.
  header_fields headers;
  /// Subprotocols in the order of preference (`Sec-WebSocket-Protocol`).
  std::vector<std::string> subprotocols;

  friend bool operator==(const handshake_request&, const handshake_request&) = default;
};

WSENGINE_INSPECT(handshake_request, url, headers, subprotocols)

/// Returns the request as CAF prints it, with the values of credentials replaced by "***". Put no
/// secrets into the URL: that is printed.
std::string to_string(const handshake_request& request);

/// What TLS has agreed upon; all empty for a connection without TLS.
struct tls_summary {
  /// The protocol's version, such as "TLSv1.3".
  std::string version;
  /// The protocol that the server chose of `tls_options::alpn`; empty when it chose none.
  std::string alpn;
  /// Whether an earlier session was resumed.
  bool resumed = false;

  friend bool operator==(const tls_summary&, const tls_summary&) = default;
};

WSENGINE_INSPECT(tls_summary, version, alpn, resumed)

/// What the server answered (RFC 6455, section 4.2.2).
struct handshake_response {
  /// The HTTP status; 101 when the session opened.
  std::uint16_t status = 0;
  /// The subprotocol that the server chose; empty when it chose none.
  std::string subprotocol;
  /// The extensions that the server accepted, as in `Sec-WebSocket-Extensions`.
  std::string extensions;
  /// All header fields of the response.
  header_fields headers;
  /// The body of a response that refuses the upgrade, at most its first 16 KiB.
  std::string body = {};
  tls_summary tls = {};

  friend bool operator==(const handshake_response&, const handshake_response&) = default;
};

WSENGINE_INSPECT(handshake_response, status, subprotocol, extensions, headers, body, tls)

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(11, wsengine::handshake_request)
WSENGINE_MESSAGE_TYPE(12, wsengine::handshake_response)
WSENGINE_MESSAGE_TYPE(13, wsengine::tls_summary)
