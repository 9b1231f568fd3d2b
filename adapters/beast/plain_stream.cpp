// plain_stream.cpp: Beast's WebSocket over TCP.

#include "stream_impl.hpp"
#include "streams.hpp"
#include "transport_streams.hpp"

namespace wsengine::io {

std::unique_ptr<stream> make_beast_stream(asio_unit& unit, stream_user& user) {
  return std::make_unique<plain_stream<stream_impl>>(unit, user);
}

} // namespace wsengine::io
