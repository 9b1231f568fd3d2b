// tls_stream.cpp: websocketpp's WebSocket over TLS.

#include "protocol_stream.hpp"
#include "streams.hpp"
#include "transport_streams.hpp"

#include <utility>

namespace wsengine::io {

std::unique_ptr<stream> make_websocketpp_tls_stream(asio_unit& unit, stream_user& user,
                                                    std::shared_ptr<asio::ssl::context> trust) {
  return std::make_unique<tls_stream<protocol_stream>>(unit, user, std::move(trust));
}

} // namespace wsengine::io
