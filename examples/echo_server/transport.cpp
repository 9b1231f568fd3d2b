// transport.cpp: the operations on a TCP or TLS stream, compiled once each.

#include "transport.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <utility>

namespace wsengine::examples {

namespace asio = boost::asio;
using boost::system::error_code;

/// Lives on the heap because Beast moves its streams and operations must not notice.
struct transport::streams {
  streams(socket_type from, asio::ssl::context* context) : socket(std::move(from)) {
    if (context)
      tls.emplace(socket, *context);
  }

  socket_type socket;
  std::optional<asio::ssl::stream<socket_type&>> tls;
  std::array<char, 1024> scratch{};
};

transport::transport(socket_type socket, asio::ssl::context* tls)
  : streams_(std::make_unique<streams>(std::move(socket), tls)) {}

transport::transport(transport&&) noexcept = default;

transport::~transport() = default;

transport::executor_type transport::get_executor() noexcept {
  return streams_->socket.get_executor();
}

transport::socket_type& transport::socket() noexcept {
  return streams_->socket;
}

void transport::handshake(status_handler done) {
  if (streams_->tls)
    streams_->tls->async_handshake(asio::ssl::stream_base::server, std::move(done));
  else
    asio::post(get_executor(), [done = std::move(done)] { done({}); });
}

void transport::read_some(asio::mutable_buffer into, size_handler done) {
  if (streams_->tls)
    streams_->tls->async_read_some(into, std::move(done));
  else
    streams_->socket.async_read_some(into, std::move(done));
}

void transport::write_some(std::vector<asio::const_buffer> from, size_handler done) {
  if (streams_->tls)
    streams_->tls->async_write_some(from, std::move(done));
  else
    streams_->socket.async_write_some(from, std::move(done));
}

void transport::shut_down(status_handler done) {
  auto end = [this, done = std::move(done)](error_code) {
    error_code ignored;
    streams_->socket.shutdown(asio::socket_base::shutdown_send, ignored);
    drain(done);
  };
  if (streams_->tls)
    streams_->tls->async_shutdown(status_handler{std::move(end)});
  else
    end({});
}

// A socket that is closed while the peer's bytes are unread sends a reset, which may overtake what
// we have sent; so the peer is asked to end first.
void transport::drain(status_handler done) {
  streams_->socket.async_read_some(
    asio::buffer(streams_->scratch),
    size_handler{[this, done = std::move(done)](error_code failed, std::size_t) {
      if (!failed)
        return drain(done);
      error_code ignored;
      streams_->socket.close(ignored);
      done({});
    }});
}

} // namespace wsengine::examples
