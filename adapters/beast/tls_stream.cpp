// tls_stream.cpp: Beast's WebSocket over TLS.

#include "stream_impl.hpp"
#include "streams.hpp"
#include "transport_streams.hpp"

#include <utility>

namespace wsengine::io {

std::unique_ptr<stream> make_beast_tls_stream(asio_unit& unit, stream_user& user,
                                              std::shared_ptr<asio::ssl::context> trust) {
  return std::make_unique<tls_stream<stream_impl>>(unit, user, std::move(trust));
}

} // namespace wsengine::io
