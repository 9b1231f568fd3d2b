// streams.hpp: the streams of Boost.Beast, each compiled by itself.

#pragma once

#include "stream.hpp"

#include <memory>

namespace wsengine::io {

/// A stream over TCP.
std::unique_ptr<stream> make_beast_stream(asio_unit& unit, stream_user& user);

/// A stream over TLS.
std::unique_ptr<stream> make_beast_tls_stream(asio_unit& unit, stream_user& user,
                                              std::shared_ptr<asio::ssl::context> trust);

} // namespace wsengine::io
