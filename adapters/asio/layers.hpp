// layers.hpp: what lies below the buffers: a TCP socket or TLS over one, and how each is torn down
// at the end of a session.

#pragma once

#include "net.hpp"

#include <boost/asio/compose.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <memory>
#include <utility>

namespace wsengine::io {

// -- TCP ------------------------------------------------------------------------------------------

/// A TCP socket.
class tcp_transport {
public:
  /// Whether one can wait until there is something to read, and read then without waiting.
  static constexpr bool is_readiness_based = true;

  explicit tcp_transport(asio::io_context& context) : stream_(context) {}

  [[nodiscard]] tcp_socket& stream() noexcept { return stream_; }

  [[nodiscard]] tcp_socket& socket() noexcept { return stream_; }

private:
  tcp_socket stream_;
};

/// Waits until the peer has closed: the server closes first (RFC 6455, section 7.1.1). Then closes,
/// and reports success whatever happened: a reset after the close handshake is a clean end, and
/// after a broken protocol Beast reports that.
class tcp_teardown {
public:
  explicit tcp_teardown(tcp_socket& socket) noexcept : socket_(socket) {}

  template <class Self>
  void operator()(Self& self, error_code ec = {}) {
    if (!std::exchange(started_, true))
      return socket_.async_wait(tcp_socket::wait_read, std::move(self));
    std::array<char, 2048> rest;
    // A peer that sends on and on gets its turn again later.
    for (int i = 0; !ec && i < 16; ++i)
      socket_.read_some(asio::buffer(rest), ec);
    if (!ec || ec == asio::error::would_block)
      return socket_.async_wait(tcp_socket::wait_read, std::move(self));
    socket_.close(ec);
    self.complete({});
  }

private:
  tcp_socket& socket_;
  bool started_ = false;
};

template <class Handler>
void tear_down(tcp_transport& transport, Handler&& handler) {
  asio::async_compose<Handler, void(error_code)>(tcp_teardown{transport.socket()}, handler,
                                                 transport.socket());
}

// -- TLS ------------------------------------------------------------------------------------------

/// TLS over a TCP socket.
class tls_transport {
public:
  // What the socket has to read says little about what TLS has; and a part of a record that was
  // written must not be forgotten.
  static constexpr bool is_readiness_based = false;

  tls_transport(asio::io_context& context, std::shared_ptr<asio::ssl::context> trust)
    : trust_(std::move(trust)),
      stream_(tcp_socket{context}, *trust_) {}

  [[nodiscard]] asio::ssl::stream<tcp_socket>& stream() noexcept { return stream_; }

  [[nodiscard]] tcp_socket& socket() noexcept { return stream_.next_layer(); }

private:
  std::shared_ptr<asio::ssl::context> trust_;
  asio::ssl::stream<tcp_socket> stream_;
};

/// Says good-bye in TLS, too, then closes. Many servers do not answer that, so how it ends does not
/// matter.
template <class Handler>
void tear_down(tls_transport& transport, Handler&& handler) {
  auto shut_down = [&transport, started = false](auto& self, error_code ec = {}) mutable {
    if (!std::exchange(started, true))
      return transport.stream().async_shutdown(std::move(self));
    transport.socket().close(ec);
    self.complete({});
  };
  asio::async_compose<Handler, void(error_code)>(std::move(shut_down), handler, transport.socket());
}

} // namespace wsengine::io
