// tls_socket.hpp: TLS over a TCP socket, by operations that never wait.

#pragma once

#include "net.hpp"

#include <boost/asio/buffer.hpp>

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>

namespace wsengine::io {

/// The client's end of TLS over a TCP socket. Each operation does what can be done at once; when it
/// ends with `would_block`, it is to be made again after a wait for `awaited()`.
///
/// Unlike `asio::ssl::stream` it keeps no buffers of its own, reads what has come with one system
/// call for many records, and completes without a round through the `io_context`. For use on the
/// thread of the socket only.
class tls_socket {
public:
  /// The socket must not block from the first operation on. Throws `std::bad_alloc` when OpenSSL
  /// has no memory.
  tls_socket(asio::io_context& context, SSL_CTX* trust);

  tls_socket(const tls_socket&) = delete;
  tls_socket& operator=(const tls_socket&) = delete;

  [[nodiscard]] SSL* native_handle() noexcept { return ssl_.get(); }

  [[nodiscard]] tcp_socket& next_layer() noexcept { return socket_; }

  /// What to wait for after an operation ended with `would_block`.
  [[nodiscard]] tcp_socket::wait_type awaited() const noexcept { return awaited_; }

  /// Makes the handshake, or goes on with it.
  void shake_hands(error_code& ec);

  /// Reads until `space` is full or nothing more has come. `ec` is set only if nothing was read;
  /// `eof` is the good-bye of TLS, `stream_truncated` an end without one.
  std::size_t read_some(std::span<std::byte> space, error_code& ec);

  /// Writes as much as the socket takes. `ec` is set only if nothing was written; after
  /// `would_block` the next call must begin with the same bytes.
  std::size_t write_some(std::span<const asio::const_buffer> parts, error_code& ec);

  /// How many of the bytes behind those that were written the peer may have got nevertheless: TLS
  /// has made a record of them and sent a part of it.
  [[nodiscard]] std::size_t begun() const noexcept { return begun_; }

  /// Says good-bye, or goes on with it until the peer has, too.
  void shut_down(error_code& ec);

private:
  struct deleter {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  };

  // The functions by which OpenSSL reads and writes.
  static const BIO_METHOD* bio_method();
  static int bio_read(BIO* bio, char* to, std::size_t size, std::size_t* done);
  static int bio_write(BIO* bio, const char* from, std::size_t size, std::size_t* done);
  static long bio_control(BIO* bio, int command, long, void*);

  std::size_t write_part(asio::const_buffer part, error_code& ec);
  error_code fault_of(int result);

  tcp_socket socket_;
  std::unique_ptr<SSL, deleter> ssl_;
  tcp_socket::wait_type awaited_ = tcp_socket::wait_read;
  // What the socket said last.
  error_code socket_error_;
  // Whether the last read took all that had come: it is of no use to try again without a wait.
  bool drained_ = false;
  // How the next read ends: what came before that had to be given out first.
  error_code read_fault_;
  std::size_t begun_ = 0;
};

} // namespace wsengine::io
