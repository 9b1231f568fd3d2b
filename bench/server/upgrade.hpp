// upgrade.hpp: the server's half of the opening handshake (RFC 6455, section 4.2.2).

#pragma once

#include "server/net.hpp"

#include <string>
#include <string_view>

namespace wsengine::bench {

/// What a request with that key gets as `Sec-WebSocket-Accept`.
std::string accept_key(std::string_view key);

/// The bytes that upgrade the connection.
std::string upgrade_response(const request& what);

/// The bytes that refuse a request.
std::string refusal();

} // namespace wsengine::bench
