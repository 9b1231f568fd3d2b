// tls_errors.cpp: see tls_errors.hpp. CAF shows nobody its connections, but OpenSSL tells of each
// one that it makes.

#include "cluster/tls_errors.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstddef>

namespace wsengine::internal {

namespace {

// Called before and after what is done with a socket.
long before_operation(BIO*, int what, const char*, std::size_t, int, long, int result,
                      std::size_t*) {
  if (what == BIO_CB_READ || what == BIO_CB_WRITE)
    ERR_clear_error();
  return result;
}

void watch(BIO* socket) {
  if (socket && BIO_method_type(socket) == BIO_TYPE_SOCKET && !BIO_get_callback_ex(socket))
    BIO_set_callback_ex(socket, before_operation);
}

// A connection has its socket when its handshake begins, but not yet when it is made.
void when_something_happens(const SSL* whose, int what, int result) {
  if ((what & SSL_CB_HANDSHAKE_START) != 0) {
    watch(SSL_get_rbio(whose));
    watch(SSL_get_wbio(whose));
  }
  // Ours hides that of the context.
  if (auto* theirs = SSL_CTX_get_info_callback(SSL_get_SSL_CTX(whose)))
    theirs(whose, what, result);
}

void when_made(void* what, void*, CRYPTO_EX_DATA*, int, long, void*) {
  SSL_set_info_callback(static_cast<SSL*>(what), when_something_happens);
}

} // namespace

void keep_tls_errors_apart() {
  [[maybe_unused]] static const auto index =
    SSL_get_ex_new_index(0, nullptr, when_made, nullptr, nullptr);
}

} // namespace wsengine::internal
