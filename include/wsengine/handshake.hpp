// handshake.hpp: what the client asks for in the opening handshake and what the server answered.

#pragma once

#include "wsengine/compat.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wsengine {

/// HTTP header fields in the order in which they were sent; names may repeat.
using header_fields = std::vector<std::pair<std::string, std::string>>;

/// The value of the first field with that name, compared without regard to case; `nullptr` when
/// there is none.
[[nodiscard]] const std::string* find_header(const header_fields& fields,
                                             std::string_view name) noexcept;

/// What the client asks for (RFC 6455, section 4.1).
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

  friend bool operator==(const handshake_response&, const handshake_response&) = default;
};

WSENGINE_INSPECT(handshake_response, status, subprotocol, extensions, headers)

} // namespace wsengine
