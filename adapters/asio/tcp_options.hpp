// tcp_options.hpp: what a connection wants of TCP.

#pragma once

#include "net.hpp"

#include "wsengine/options.hpp"

namespace wsengine::io {

/// Sets the options of a socket that is connected: no delay, keepalive, user timeout.
error_code set_tcp_options(tcp_socket& socket, const connection_options& options);

} // namespace wsengine::io
