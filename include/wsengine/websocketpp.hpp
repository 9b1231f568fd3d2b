// websocketpp.hpp: connections over websocketpp: the same ways to a server as over Boost.Beast,
// with another library's protocol.

#pragma once

#include "wsengine/connector.hpp"
#include "wsengine/host.hpp"

namespace wsengine {

/// Connections that run on a thread of `io`; like `beast_connector`. What websocketpp cannot do is
/// refused when a connection is dialed, with `dial_errc::invalid_request` and a text that names the
/// option: `connection.deflate.enabled` or `connection.max_part_size`.
connector websocketpp_connector(host& io);

} // namespace wsengine
