// connector.cpp: Boost.Beast as an adapter's library.

#include "protocol_library.hpp"
#include "streams.hpp"

#include "wsengine/beast.hpp"

namespace wsengine {

connector beast_connector(host& where) {
  static constexpr io::protocol_library library{
    "wsengine.beast",
    io::make_beast_stream,
    io::make_beast_tls_stream,
    [](const connection_options&) { return std::string{}; },
  };
  return io::make_connector(where, library);
}

} // namespace wsengine
