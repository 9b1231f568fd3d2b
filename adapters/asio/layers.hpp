// layers.hpp: what lies below the buffers: a TCP socket or TLS over one, and how each is torn down
// at the end of a session.

#pragma once

#include "net.hpp"
#include "tls_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace wsengine::io {

// -- TCP ------------------------------------------------------------------------------------------

/// A TCP socket.
class tcp_transport {
public:
  /// Whether something may have come that the socket knows nothing of any more.
  static constexpr bool reads_ahead = false;

  explicit tcp_transport(asio::io_context& context) : socket_(context) {}

  [[nodiscard]] tcp_socket& socket() noexcept { return socket_; }

  /// Reads what has come. Never waits; `ec` is set only if nothing was read.
  std::size_t read_some(std::span<std::byte> space, error_code& ec) {
    return socket_.read_some(asio::buffer(space.data(), space.size()), ec);
  }

  /// Writes what the socket takes of two parts or more, the first of which has something. Never
  /// waits; `ec` is set only if nothing was written.
  std::size_t write_some(std::span<const asio::const_buffer> parts, error_code& ec) {
    // For one buffer, as a rule, there is a cheaper system call.
    return parts[1].size() == 0 ? socket_.write_some(parts[0], ec) : socket_.write_some(parts, ec);
  }

  /// What to wait for after `would_block`; `usual` is what the operation waits for as a rule.
  [[nodiscard]] tcp_socket::wait_type awaited(tcp_socket::wait_type usual) const noexcept {
    return usual;
  }

  /// How many bytes the peer may have got behind those that were written.
  [[nodiscard]] std::size_t begun() const noexcept { return 0; }

private:
  tcp_socket socket_;
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
  static constexpr bool reads_ahead = true;

  tls_transport(asio::io_context& context, std::shared_ptr<asio::ssl::context> trust)
    : trust_(std::move(trust)),
      stream_(context, trust_->native_handle()) {}

  [[nodiscard]] tls_socket& stream() noexcept { return stream_; }

  [[nodiscard]] tcp_socket& socket() noexcept { return stream_.next_layer(); }

  std::size_t read_some(std::span<std::byte> space, error_code& ec) {
    return stream_.read_some(space, ec);
  }

  std::size_t write_some(std::span<const asio::const_buffer> parts, error_code& ec) {
    return stream_.write_some(parts, ec);
  }

  [[nodiscard]] tcp_socket::wait_type awaited(tcp_socket::wait_type) const noexcept {
    return stream_.awaited();
  }

  [[nodiscard]] std::size_t begun() const noexcept { return stream_.begun(); }

private:
  std::shared_ptr<asio::ssl::context> trust_;
  tls_socket stream_;
};

/// Makes an operation of a `tls_socket` and waits as often as it asks for that.
template <void (tls_socket::*Operation)(error_code&)>
class tls_steps {
public:
  explicit tls_steps(tls_socket& stream) noexcept : stream_(stream) {}

  template <class Self>
  void operator()(Self& self, error_code ec = {}) {
    if (posted_)
      return self.complete(result_);
    result_ = ec;
    if (!ec)
      (stream_.*Operation)(result_);
    auto& socket = stream_.next_layer();
    if (result_ == asio::error::would_block) {
      waited_ = true;
      return socket.async_wait(stream_.awaited(), std::move(self));
    }
    if (waited_)
      return self.complete(result_);
    // Never from within the function that begins the operation.
    posted_ = true;
    asio::post(socket.get_executor(), std::move(self));
  }

private:
  tls_socket& stream_;
  error_code result_;
  bool waited_ = false;
  bool posted_ = false;
};

template <class Handler>
void shake_hands(tls_transport& transport, Handler&& handler) {
  asio::async_compose<Handler, void(error_code)>(
    tls_steps<&tls_socket::shake_hands>{transport.stream()}, handler, transport.socket());
}

/// Says good-bye in TLS, too, then closes. Many servers do not answer that, so how it ends does not
/// matter.
template <class Handler>
void tear_down(tls_transport& transport, Handler&& handler) {
  auto then_close = [&transport, handler = std::forward<Handler>(handler)](error_code ec) mutable {
    transport.socket().close(ec);
    handler(error_code{});
  };
  asio::async_compose<decltype(then_close), void(error_code)>(
    tls_steps<&tls_socket::shut_down>{transport.stream()}, then_close, transport.socket());
}

} // namespace wsengine::io
