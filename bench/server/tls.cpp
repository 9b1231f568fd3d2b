// tls.cpp: see tls.hpp.

#include "server/tls.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace wsengine::bench {

namespace {

constexpr long day_s = 24L * 60 * 60;

struct free_openssl {
  void operator()(EVP_PKEY* what) const { EVP_PKEY_free(what); }
  void operator()(X509* what) const { X509_free(what); }
};

using key_ptr = std::unique_ptr<EVP_PKEY, free_openssl>;
using certificate_ptr = std::unique_ptr<X509, free_openssl>;

void require(bool condition) {
  if (!condition)
    throw std::runtime_error("cannot make a certificate");
}

certificate_ptr make_certificate(EVP_PKEY* key) {
  certificate_ptr result{X509_new()};
  require(result != nullptr);
  X509_set_version(result.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(result.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(result.get()), -day_s);
  X509_gmtime_adj(X509_getm_notAfter(result.get()), day_s);
  X509_set_pubkey(result.get(), key);
  auto* name = X509_get_subject_name(result.get());
  const auto* host = reinterpret_cast<const unsigned char*>("127.0.0.1");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0);
  X509_set_issuer_name(result.get(), name);
  require(X509_sign(result.get(), key, EVP_sha256()) > 0);
  return result;
}

} // namespace

boost::asio::ssl::context make_server_context() {
  key_ptr key{EVP_EC_gen("P-256")};
  require(key != nullptr);
  auto certificate = make_certificate(key.get());
  boost::asio::ssl::context result{boost::asio::ssl::context::tls_server};
  auto* native = result.native_handle();
  require(SSL_CTX_use_certificate(native, certificate.get()) == 1);
  require(SSL_CTX_use_PrivateKey(native, key.get()) == 1);
  // Idle sessions give their record buffers back.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  return result;
}

} // namespace wsengine::bench
