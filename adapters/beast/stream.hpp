// stream.hpp: a WebSocket stream as the session uses it, the same over TCP and over TLS.

#pragma once

#include "net.hpp"

#include "wsengine/close.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"
#include "wsengine/options.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace boost::asio::ssl {
class context;
}

namespace wsengine::io {

/// What ended a read, besides errors of the network.
enum class read_fault { none, closed, too_big, bad_text, protocol };

/// Whoever uses a stream. Every operation that was started ends with its call, always on the I/O
/// thread and never within the function that started it; the user lives until then.
class stream_user : public std::enable_shared_from_this<stream_user> {
public:
  virtual ~stream_user() = default;

  /// `async_tls` is done.
  virtual void on_tls(error_code ec) = 0;
  /// `async_upgrade` is done. `refused`: the server answered, with another status than 101.
  virtual void on_upgraded(error_code ec, bool refused, handshake_response response) = 0;
  /// `async_read` is done: `size` bytes were read.
  virtual void on_read(error_code ec, read_fault fault, std::size_t size) = 0;
  /// `async_write` is done.
  virtual void on_written(error_code ec) = 0;
  /// `async_ping` is done.
  virtual void on_ping_sent(error_code ec) = 0;
  /// `async_close` is done: with success when the peer's close frame came.
  virtual void on_closed(error_code ec) = 0;

  /// A ping came; its pong is on the way.
  virtual void on_ping() = 0;
  /// A pong came.
  virtual void on_pong(std::string_view data) = 0;
  /// The peer's close frame came, and `async_close` is not the one who read it.
  virtual void on_close_frame(close_details details) = 0;
  /// Close frames were exchanged, or the peer broke the protocol: nothing is left but to wait until
  /// the peer ends the connection. `drop` cuts that short.
  virtual void on_teardown() = 0;
};

/// A WebSocket client stream. At most one operation of each kind may be pending.
class stream {
public:
  virtual ~stream() = default;

  /// The socket, for connecting it.
  virtual tcp_socket& socket() = 0;

  /// Prepares for TLS. Returns whether that worked; true where there is none.
  virtual bool prepare(const tls_options& options, const std::string& host) = 0;

  /// Makes the TLS handshake; succeeds where there is none.
  virtual void async_tls() = 0;

  /// What is wrong with the server's certificate; empty when nothing is.
  [[nodiscard]] virtual std::string tls_fault() = 0;

  /// Makes the WebSocket handshake.
  virtual void async_upgrade(const std::string& host, const std::string& target,
                             const handshake_request& request) = 0;

  /// Sets the size of the largest message to accept.
  virtual void max_message_size(std::uint64_t bytes) = 0;

  /// How many bytes the message that is being read still has, as far as is known.
  [[nodiscard]] virtual std::size_t read_hint() const = 0;

  /// Reads some bytes of a message into `space`.
  virtual void async_read(std::span<std::byte> space) = 0;

  /// Whether the last read ended a message.
  [[nodiscard]] virtual bool message_done() const = 0;

  /// The kind of the message that was read last.
  [[nodiscard]] virtual message_kind kind() const = 0;

  /// Writes a message, which must stay unchanged until that is done.
  virtual void async_write(const data_message& message) = 0;

  /// Sends a ping with at most 125 bytes.
  virtual void async_ping(std::string_view data) = 0;

  /// Sends a close frame and waits for the peer's.
  virtual void async_close(const close_details& details) = 0;

  /// What the peer's close frame said; 1005 when it said nothing.
  [[nodiscard]] virtual close_details peer_details() const = 0;

  /// Closes the socket. What is pending ends with an error.
  virtual void drop() noexcept = 0;
};

/// A stream over TCP.
std::unique_ptr<stream> make_plain_stream(asio::io_context& context, stream_user& user);

/// A stream over TLS.
std::unique_ptr<stream> make_tls_stream(asio::io_context& context, stream_user& user,
                                        std::shared_ptr<asio::ssl::context> trust);

} // namespace wsengine::io
