// plain_stream.cpp: websocketpp's WebSocket over TCP.

#include "protocol_stream.hpp"
#include "streams.hpp"
#include "transport_streams.hpp"

namespace wsengine::io {

std::unique_ptr<stream> make_websocketpp_stream(asio_unit& unit, stream_user& user) {
  return std::make_unique<plain_stream<protocol_stream>>(unit, user);
}

} // namespace wsengine::io
