// transport.hpp: a TCP or TLS stream behind one type, so that Beast is compiled once for both.

#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/role.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace wsengine::examples {

/// What an operation without or with a number of bytes calls when it is done.
using status_handler = std::function<void(boost::system::error_code)>;
using size_handler = std::function<void(boost::system::error_code, std::size_t)>;

/// Makes a handler that can only be moved fit into a `std::function`.
template <class Handler>
auto share(Handler handler) {
  auto shared = std::make_shared<Handler>(std::move(handler));
  return [shared](auto... results) { std::move (*shared)(results...); };
}

/// An Asio stream for one thread. Its operations forget the types of their handlers.
class transport {
public:
  using tcp = boost::asio::ip::tcp;
  using socket_type = boost::asio::basic_stream_socket<tcp, boost::asio::io_context::executor_type>;
  using executor_type = socket_type::executor_type;

  /// With a context the stream speaks TLS.
  transport(socket_type socket, boost::asio::ssl::context* tls);

  transport(transport&&) noexcept;

  ~transport();

  executor_type get_executor() noexcept;

  socket_type& socket() noexcept;

  /// Does the server's part of the TLS handshake; without TLS succeeds later, but at once.
  void handshake(status_handler done);

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
      [this](auto handler, const Buffers& buffers) {
        read_some(first(buffers), share(std::move(handler)));
      },
      token, into);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
      [this](auto handler, const Buffers& buffers) {
        write_some(
          {boost::asio::buffer_sequence_begin(buffers), boost::asio::buffer_sequence_end(buffers)},
          share(std::move(handler)));
      },
      token, from);
  }

  /// Ends the stream in order: TLS shutdown, end of stream, wait for the peer's.
  void shut_down(status_handler done);

private:
  struct streams;

  /// The first buffer that has room; reading some may be less than the caller could take.
  template <class Buffers>
  static boost::asio::mutable_buffer first(const Buffers& buffers) {
    auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto i = boost::asio::buffer_sequence_begin(buffers); i != end; ++i)
      if (boost::asio::mutable_buffer one = *i; one.size() > 0)
        return one;
    return {};
  }

  void read_some(boost::asio::mutable_buffer into, size_handler done);

  void write_some(std::vector<boost::asio::const_buffer> from, size_handler done);

  void drain(status_handler done);

  std::unique_ptr<streams> streams_;
};

/// Called by Beast at the end of a session.
template <class Handler>
void async_teardown(boost::beast::role_type, transport& stream, Handler&& handler) {
  stream.shut_down(share(std::forward<Handler>(handler)));
}

/// Called by Beast when a session timed out.
inline void beast_close_socket(transport& stream) {
  boost::system::error_code ignored;
  stream.socket().close(ignored);
}

} // namespace wsengine::examples
