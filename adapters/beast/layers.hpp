// layers.hpp: what lies below Beast's WebSocket stream: a TCP socket or TLS over one, which tell
// when the session is torn down, and whose end never hides what Beast has to say.

#pragma once

#include "net.hpp"
#include "stream.hpp"

#include <boost/asio/compose.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <array>
#include <utility>

namespace wsengine::io {

// -- TCP ------------------------------------------------------------------------------------------

/// A TCP socket that knows who uses it.
class tcp_layer : public tcp_socket {
public:
  tcp_layer(asio::io_context& context, stream_user& user) : tcp_socket(context), user_(&user) {}

  [[nodiscard]] stream_user& user() const noexcept { return *user_; }

private:
  stream_user* user_;
};

/// Waits until the peer has closed: the server closes first (RFC 6455, section 7.1.1). Then closes,
/// and reports success whatever happened: a reset after the close handshake is a clean end, and
/// after a broken protocol Beast reports that.
class tcp_teardown {
public:
  explicit tcp_teardown(tcp_layer& layer) noexcept : layer_(layer) {}

  template <class Self>
  void operator()(Self& self, error_code ec = {}) {
    std::array<char, 2048> rest;
    // A peer that sends on and on gets its turn again later.
    for (int i = 0; !ec && i < 16; ++i)
      layer_.read_some(asio::buffer(rest), ec);
    if (!ec || ec == asio::error::would_block)
      return layer_.async_wait(tcp_socket::wait_read, std::move(self));
    layer_.close(ec);
    self.complete({});
  }

  template <class Self>
  void start(Self& self) {
    error_code ignored;
    layer_.non_blocking(true, ignored);
    layer_.async_wait(tcp_socket::wait_read, std::move(self));
  }

private:
  tcp_layer& layer_;
};

/// Found by Beast when it tears the connection down.
template <class Handler>
void async_teardown(boost::beast::role_type, tcp_layer& layer, Handler&& handler) {
  layer.user().on_teardown();
  auto wait = [teardown = tcp_teardown{layer}, started = false](auto& self,
                                                                error_code ec = {}) mutable {
    if (std::exchange(started, true))
      return teardown(self, ec);
    teardown.start(self);
  };
  asio::async_compose<Handler, void(error_code)>(std::move(wait), handler, layer);
}

// -- TLS ------------------------------------------------------------------------------------------

/// TLS over a TCP socket.
class tls_layer : public boost::beast::ssl_stream<tcp_layer> {
public:
  using base = boost::beast::ssl_stream<tcp_layer>;

  tls_layer(asio::io_context& context, stream_user& user, std::shared_ptr<asio::ssl::context> trust)
    : base(tcp_layer{context, user}, *trust),
      trust_(std::move(trust)) {}

private:
  std::shared_ptr<asio::ssl::context> trust_;
};

/// Found by Beast when it tears the connection down: says good-bye in TLS, too, then closes. Many
/// servers do not answer that, so how it ends does not matter.
template <class Handler>
void async_teardown(boost::beast::role_type, tls_layer& layer, Handler&& handler) {
  layer.next_layer().user().on_teardown();
  auto shut_down = [&layer, started = false](auto& self, error_code ec = {}) mutable {
    if (!std::exchange(started, true))
      return layer.async_shutdown(std::move(self));
    layer.next_layer().close(ec);
    self.complete({});
  };
  asio::async_compose<Handler, void(error_code)>(std::move(shut_down), handler, layer);
}

} // namespace wsengine::io
