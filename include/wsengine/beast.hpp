// beast.hpp: connections over Boost.Beast: ws and wss, TCP over IPv4 and IPv6.

#pragma once

#include "wsengine/connector.hpp"
#include "wsengine/host.hpp"

namespace wsengine {

/// Connections that run on a thread of `io`. Each call picks the next thread; call it once for each
/// engine. `io` must outlive the engine.
connector beast_connector(host& io);

} // namespace wsengine
