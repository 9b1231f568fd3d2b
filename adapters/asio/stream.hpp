// stream.hpp: a WebSocket stream as the session uses it, the same over TCP and over TLS.

#pragma once

#include "net.hpp"
#include "read_fault.hpp"

#include "wsengine/close.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"
#include "wsengine/options.hpp"
#include "wsengine/url.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace wsengine::io {

class asio_unit;

/// Positions in all that a stream has ever written, in bytes on the wire.
struct write_progress {
  /// The end of what was encoded.
  std::uint64_t written = 0;
  /// Up to here the operating system has it.
  std::uint64_t sent = 0;
  /// From here on it certainly has nothing.
  std::uint64_t handed = 0;
};

/// Whoever uses a stream. Calls come on the I/O thread and never within the function that started
/// what they report, save for those of control frames. The user lives until each operation that was
/// started has ended with its call.
class stream_user : public std::enable_shared_from_this<stream_user> {
public:
  virtual ~stream_user() = default;

  /// `async_tls` is done.
  virtual void on_tls(error_code ec) = 0;
  /// `async_upgrade` is done. `refused`: the server answered, with another status than 101.
  virtual void on_upgraded(error_code ec, bool refused, handshake_response response) = 0;
  /// `async_read` is done: messages were read, or a part of a large one.
  virtual void on_read(std::vector<data_message> messages) = 0;
  /// Reading has ended: after `async_read`, or when the peer broke the protocol.
  virtual void on_read_failed(error_code ec, read_fault fault) = 0;
  /// Something of what was written has left, or will never leave.
  virtual void on_sent(error_code ec) = 0;
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

  /// Prepares for TLS with the server at that URL. Returns whether that worked; true where there
  /// is none.
  virtual bool prepare(const tls_options& options, const url& server) = 0;

  /// Makes the TLS handshake; succeeds where there is none.
  virtual void async_tls() = 0;

  /// What is wrong with the server's certificate or key; empty when nothing is. For use after
  /// `async_tls`.
  [[nodiscard]] virtual std::string tls_fault() = 0;

  /// What the TLS handshake has agreed upon.
  [[nodiscard]] virtual tls_summary tls() = 0;

  /// Makes the WebSocket handshake. From then on, the limits and the compression of `options` hold.
  virtual void async_upgrade(const std::string& host, const std::string& target,
                             const handshake_request& request,
                             const connection_options& options) = 0;

  /// What the server has said so far when it does not upgrade, whether it was done or not. For use
  /// when the handshake has failed or takes too long.
  [[nodiscard]] virtual std::optional<handshake_response> refusal() const = 0;

  /// Waits for messages and reads all that have arrived, until they count `room` bytes
  /// (`inbox::cost_of`).
  virtual void async_read(std::uint64_t room) = 0;

  /// Whether there is room to write more: what was written leaves at the end of the turn, or as the
  /// peer takes it.
  [[nodiscard]] virtual bool writable() const = 0;

  /// Encodes a piece of a message as one frame. `last`: it ends the message.
  virtual error_code write(message_kind kind, std::span<const std::byte> piece, bool last) = 0;

  /// Sends a ping with at most 125 bytes.
  virtual error_code ping(std::string_view data) = 0;

  /// Where what was written is now.
  [[nodiscard]] virtual write_progress progress() const = 0;

  /// How many bytes were ever read from the socket, or from TLS.
  [[nodiscard]] virtual std::uint64_t received() const = 0;

  /// Sends a close frame and waits for the peer's.
  virtual void async_close(const close_details& details) = 0;

  /// What the peer's close frame said; 1005 when it said nothing.
  [[nodiscard]] virtual close_details peer_details() const = 0;

  /// Closes the socket. What is pending ends with an error.
  virtual void drop() noexcept = 0;
};

} // namespace wsengine::io
