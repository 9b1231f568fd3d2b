// tls.hpp: the load server's side of TLS.

#pragma once

#include <boost/asio/ssl/context.hpp>

namespace wsengine::bench {

/// A context with a certificate for 127.0.0.1 that is made on the spot and signs itself.
boost::asio::ssl::context make_server_context();

} // namespace wsengine::bench
