// session.hpp: starts the service of one TCP connection of the echo server.

#pragma once

#include "registry.hpp"
#include "transport.hpp"

namespace wsengine::examples {

/// Serves a connection until it ends.
void serve_connection(transport stream, registry& shared);

} // namespace wsengine::examples
