// net.hpp: the types of Asio and Beast that the load server uses: one thread, so concrete
// executors.

#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/system/error_code.hpp>

namespace wsengine::bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using boost::system::error_code;
using tcp = asio::ip::tcp;
using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<tcp, executor>;
using tcp_acceptor = asio::basic_socket_acceptor<tcp, executor>;
using tls_socket = asio::ssl::stream<tcp_socket>;
using request = http::request<http::empty_body>;

/// The socket below a stream.
inline tcp_socket& socket_of(tcp_socket& stream) {
  return stream;
}

inline tcp_socket& socket_of(tls_socket& stream) {
  return stream.next_layer();
}

} // namespace wsengine::bench
