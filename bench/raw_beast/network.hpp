// network.hpp: what all scenarios of the yardstick need: the thread's context, streams, dialing.

#pragma once

#include "common/arguments.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace wsengine::bench {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

using beast::error_code;
using tcp = asio::ip::tcp;
using plain_stream = websocket::stream<beast::tcp_stream>;
using secure_stream = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

struct network {
  asio::io_context io{1};
  asio::ssl::context tls{asio::ssl::context::tls_client};
};

/// No scenario goes on after an error that it does not expect.
inline void check(const error_code& error, const char* what) {
  if (error)
    throw std::runtime_error(std::string{what} + ": " + error.message());
}

template <class Stream>
Stream make_stream(network& net) {
  if constexpr (std::is_same_v<Stream, secure_stream>)
    return Stream{net.io, net.tls};
  else
    return Stream{net.io};
}

/// Opens a session for the scenario and calls `opened`. The stream must stay where it is.
template <class Stream, class Opened>
void dial(Stream& stream, const arguments& args, Opened opened) {
  auto upgrade = [&stream, &args, opened = std::move(opened)] {
    if (args.deflate) {
      websocket::permessage_deflate options;
      options.client_enable = true;
      stream.set_option(options);
    }
    stream.binary(true);
    stream.async_handshake("127.0.0.1:" + std::to_string(args.target_port()), args.path(),
                           [opened](const error_code& error) {
                             check(error, "handshake");
                             opened();
                           });
  };
  auto& lowest = beast::get_lowest_layer(stream);
  auto connected = [&stream, &lowest, upgrade = std::move(upgrade)](const error_code& error) {
    check(error, "connect");
    lowest.socket().set_option(tcp::no_delay{true});
    if constexpr (std::is_same_v<Stream, secure_stream>)
      stream.next_layer().async_handshake(asio::ssl::stream_base::client,
                                          [upgrade](const error_code& failed) {
                                            check(failed, "TLS handshake");
                                            upgrade();
                                          });
    else
      upgrade();
  };
  lowest.async_connect(tcp::endpoint{asio::ip::address_v4::loopback(), args.target_port()},
                       std::move(connected));
}

} // namespace wsengine::bench
