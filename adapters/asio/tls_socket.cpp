// tls_socket.cpp: see tls_socket.hpp.

#include "tls_socket.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <new>
#include <utility>

namespace wsengine::io {

namespace {

// The most that a record carries (RFC 8446, section 5.1).
constexpr std::size_t max_record = 16U << 10U;

// How much one system call reads: several records.
constexpr std::size_t read_ahead_size = 64U << 10U;

} // namespace

// -- below TLS ------------------------------------------------------------------------------------

const BIO_METHOD* tls_socket::bio_method() {
  static const BIO_METHOD* const result = [] {
    auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wsengine socket");
    if (method != nullptr) {
      BIO_meth_set_read_ex(method, bio_read);
      BIO_meth_set_write_ex(method, bio_write);
      BIO_meth_set_ctrl(method, bio_control);
    }
    return method;
  }();
  return result;
}

int tls_socket::bio_read(BIO* bio, char* to, std::size_t size, std::size_t* done) {
  auto& self = *static_cast<tls_socket*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *done = 0;
  if (self.drained_) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *done = self.socket_.read_some(asio::buffer(to, size), self.socket_error_);
  self.drained_ = *done < size;
  if (self.socket_error_ == asio::error::would_block)
    BIO_set_retry_read(bio);
  return self.socket_error_ ? 0 : 1;
}

int tls_socket::bio_write(BIO* bio, const char* from, std::size_t size, std::size_t* done) {
  auto& self = *static_cast<tls_socket*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *done = self.socket_.write_some(asio::buffer(from, size), self.socket_error_);
  if (self.socket_error_ == asio::error::would_block)
    BIO_set_retry_write(bio);
  return self.socket_error_ ? 0 : 1;
}

long tls_socket::bio_control(BIO*, int command, long, void*) {
  // There is nothing to flush, which is what the handshake asks for.
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// -- set-up ---------------------------------------------------------------------------------------

tls_socket::tls_socket(asio::io_context& context, SSL_CTX* trust)
  : socket_(context),
    ssl_(SSL_new(trust)) {
  auto* bio = ssl_ && bio_method() != nullptr ? BIO_new(bio_method()) : nullptr;
  if (bio == nullptr)
    throw std::bad_alloc{};
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_connect_state(ssl_.get());
  SSL_set_mode(ssl_.get(), SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_set_read_ahead(ssl_.get(), 1);
  SSL_set_default_read_buffer_len(ssl_.get(), read_ahead_size);
}

// -- operations -----------------------------------------------------------------------------------

// Why an operation of OpenSSL came to nothing.
error_code tls_socket::fault_of(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      awaited_ = tcp_socket::wait_read;
      // By the time of the next operation more may have come.
      drained_ = false;
      return asio::error::would_block;
    case SSL_ERROR_WANT_WRITE: awaited_ = tcp_socket::wait_write; return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN: return asio::error::eof;
    case SSL_ERROR_SSL: break;
    default:
      return socket_error_ == asio::error::eof || !socket_error_
               ? make_error_code(asio::ssl::error::stream_truncated)
               : socket_error_;
  }
  auto fault = ERR_get_error();
  if (ERR_GET_REASON(fault) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return asio::ssl::error::stream_truncated;
  return {static_cast<int>(fault), asio::error::get_ssl_category()};
}

void tls_socket::shake_hands(error_code& ec) {
  ERR_clear_error();
  auto result = SSL_do_handshake(ssl_.get());
  ec = result == 1 ? error_code{} : fault_of(result);
}

std::size_t tls_socket::read_some(std::span<std::byte> space, error_code& ec) {
  ERR_clear_error();
  std::size_t total = 0;
  ec = std::exchange(read_fault_, {});
  while (!ec && total < space.size()) {
    std::size_t n = 0;
    auto rest = space.subspan(total);
    if (auto result = SSL_read_ex(ssl_.get(), rest.data(), rest.size(), &n); result != 1)
      ec = fault_of(result);
    total += n;
  }
  // OpenSSL gives a reason only once.
  if (total > 0 && ec != asio::error::would_block)
    read_fault_ = ec;
  if (total > 0)
    ec = {};
  return total;
}

std::size_t tls_socket::write_some(std::span<const asio::const_buffer> parts, error_code& ec) {
  ERR_clear_error();
  std::size_t total = 0;
  ec = {};
  for (const auto& part : parts) {
    total += write_part(part, ec);
    if (ec)
      break;
  }
  if (total > 0)
    ec = {};
  return total;
}

std::size_t tls_socket::write_part(asio::const_buffer part, error_code& ec) {
  std::size_t total = 0;
  while (part.size() > 0) {
    // One record at a time, so that it is known which one is begun.
    auto size = begun_ > 0 ? begun_ : std::min(part.size(), max_record);
    std::size_t n = 0;
    if (auto result = SSL_write_ex(ssl_.get(), part.data(), size, &n); result != 1) {
      ec = fault_of(result);
      begun_ = size;
      return total;
    }
    begun_ = 0;
    part += n;
    total += n;
  }
  return total;
}

void tls_socket::shut_down(error_code& ec) {
  ERR_clear_error();
  auto result = SSL_shutdown(ssl_.get());
  // Ours is out; that of the peer is to be waited for.
  if (result == 0)
    result = SSL_shutdown(ssl_.get());
  ec = result == 1 ? error_code{} : fault_of(result);
}

} // namespace wsengine::io
