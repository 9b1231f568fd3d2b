// connector.cpp: websocketpp as an adapter's library.

#include "protocol_library.hpp"
#include "streams.hpp"

#include "wsengine/websocketpp.hpp"

namespace wsengine {

namespace {

// The library's own compression inflates without a limit, and it hands out whole messages only.
std::string find_unsupported(const connection_options& options) {
  const std::string refused = " is not supported by the adapter websocketpp";
  if (options.deflate.enabled)
    return "connection.deflate.enabled" + refused;
  if (options.max_part_size != 0)
    return "connection.max_part_size" + refused;
  return {};
}

} // namespace

connector websocketpp_connector(host& where) {
  static constexpr io::protocol_library library{
    "wsengine.websocketpp",
    io::make_websocketpp_stream,
    io::make_websocketpp_tls_stream,
    find_unsupported,
  };
  return io::make_connector(where, library);
}

} // namespace wsengine
