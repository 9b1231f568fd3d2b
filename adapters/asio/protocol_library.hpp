// protocol_library.hpp: the WebSocket library that an adapter brings.

#pragma once

#include "stream.hpp"

#include "wsengine/connector.hpp"
#include "wsengine/host.hpp"

#include <memory>
#include <string>

namespace wsengine::io {

/// All that differs between the adapters over Asio.
struct protocol_library {
  /// The name of connection actors.
  const char* actor_name;
  /// Makes a stream over TCP.
  std::unique_ptr<stream> (*make_plain_stream)(asio_unit& unit, stream_user& user);
  /// Makes a stream over TLS.
  std::unique_ptr<stream> (*make_tls_stream)(asio_unit& unit, stream_user& user,
                                             std::shared_ptr<asio::ssl::context> trust);
  /// Names an option that asks for what the library cannot do; empty when there is none.
  std::string (*find_unsupported)(const connection_options& options);
};

/// The connector of an adapter: see `beast_connector`. The library must outlive its connections.
connector make_connector(host& io, const protocol_library& library);

} // namespace wsengine::io
