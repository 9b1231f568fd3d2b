// tls_context.cpp: see tls_context.hpp.

#include "tls_context.hpp"

#include "tls_tickets.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace wsengine::io {

namespace ssl = boost::asio::ssl;

namespace {

using boost::system::error_code;

// -- trust ----------------------------------------------------------------------------------------
//
// These functions return what went wrong.

std::string check(const error_code& ec, const std::string& what) {
  return ec ? "cannot load " + what + ": " + ec.message() : std::string{};
}

std::string load_authorities(ssl::context& context, const std::string& pem) {
  error_code ec;
  context.add_certificate_authority(boost::asio::buffer(pem), ec);
  if (ec)
    return check(ec, "trusted certificates from memory");
  auto* store = SSL_CTX_get_cert_store(context.native_handle());
  if (sk_X509_OBJECT_num(X509_STORE_get0_objects(store)) == 0)
    return "cannot load trusted certificates from memory: there is none";
  return {};
}

std::string load_trust(ssl::context& context, const tls_options& options) {
  error_code ec;
  if (options.ca_file.empty() && options.ca_directory.empty() && options.ca_pem.empty()) {
    context.set_default_verify_paths(ec);
    return check(ec, "the system's trusted certificates");
  }
  // First, since it counts what it has loaded.
  if (!options.ca_pem.empty())
    if (auto problem = load_authorities(context, options.ca_pem); !problem.empty())
      return problem;
  if (!options.ca_file.empty()) {
    context.load_verify_file(options.ca_file, ec);
    if (ec)
      return check(ec, "trusted certificates from " + options.ca_file);
  }
  if (!options.ca_directory.empty()) {
    context.add_verify_path(options.ca_directory, ec);
    if (ec)
      return check(ec, "trusted certificates from " + options.ca_directory);
  }
  return {};
}

// -- who we are -----------------------------------------------------------------------------------

std::string load_identity(ssl::context& context, const tls_options& options) {
  error_code ec;
  // OpenSSL would ask for it on the terminal.
  context.set_password_callback(
    [](std::size_t, ssl::context::password_purpose) { return std::string{}; });
  if (!options.certificate_file.empty())
    context.use_certificate_chain_file(options.certificate_file, ec);
  else
    context.use_certificate_chain(boost::asio::buffer(options.certificate_pem), ec);
  auto from = [](const std::string& file) { return file.empty() ? "memory" : file; };
  if (ec)
    return check(ec, "our certificate from " + from(options.certificate_file));
  if (!options.key_file.empty())
    context.use_private_key_file(options.key_file, ssl::context::pem, ec);
  else
    context.use_private_key(boost::asio::buffer(options.key_pem.text()), ssl::context::pem, ec);
  return check(ec, "the key of our certificate from " + from(options.key_file));
}

// -- contexts -------------------------------------------------------------------------------------

// A context with what has to live as long.
struct context_with_tickets {
  tls_tickets tickets;
  ssl::context context{ssl::context::tls_client};
};

std::string set_up(context_with_tickets& what, const tls_options& options) {
  auto& context = what.context;
  auto* handle = context.native_handle();
  SSL_CTX_set_min_proto_version(
    handle, options.min_version == tls_version::tls_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  // An idle session must not hold on to buffers of 16 KiB and more.
  SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
  if (options.resume)
    what.tickets.attach(handle);
  if (!options.certificate_file.empty() || !options.certificate_pem.empty())
    if (auto problem = load_identity(context, options); !problem.empty())
      return problem;
  context.set_verify_mode(options.verify ? ssl::verify_peer : ssl::verify_none);
  return options.verify ? load_trust(context, options) : std::string{};
}

std::shared_ptr<ssl::context> make_context(const tls_options& options, std::string& problem) {
  auto result = std::make_shared<context_with_tickets>();
  problem = set_up(*result, options);
  if (!problem.empty())
    return nullptr;
  return {result, &result->context};
}

bool is_address(const std::string& host) {
  error_code ec;
  boost::asio::ip::make_address(host, ec);
  return !ec;
}

} // namespace

tls_contexts::times tls_contexts::times_of(const tls_options& options) {
  times result{};
  auto time = result.begin();
  for (const auto* file : {&options.ca_file, &options.certificate_file, &options.key_file}) {
    std::error_code ignored;
    if (!file->empty())
      *time = std::filesystem::last_write_time(*file, ignored);
    ++time;
  }
  return result;
}

std::shared_ptr<ssl::context> tls_contexts::get(const tls_options& options, std::string& problem) {
  auto what = options;
  what.server_name.clear();
  what.alpn.clear();
  what.pinned_keys.clear();
  auto changed = times_of(options);
  auto found = std::find_if(contexts_.begin(), contexts_.end(),
                            [&](const entry& x) { return x.options == what; });
  if (found != contexts_.end() && found->changed == changed)
    return found->context;
  auto result = make_context(options, problem);
  if (!result)
    return nullptr;
  // What was loaded from an older file is of no use any more.
  if (found != contexts_.end())
    contexts_.erase(found);
  else if (contexts_.size() >= max_contexts)
    contexts_.erase(contexts_.begin());
  contexts_.push_back({std::move(what), changed, result});
  return result;
}

// -- sessions -------------------------------------------------------------------------------------

namespace {

bool offer(SSL* ssl, const std::vector<std::string>& protocols) {
  if (protocols.empty())
    return true;
  std::string list;
  for (const auto& x : protocols)
    list += static_cast<char>(x.size()) + x;
  // Unlike its neighbours, this function returns 0 for success.
  return SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(list.data()),
                             static_cast<unsigned>(list.size()))
         == 0;
}

bool verify_name(SSL* ssl, const std::string& name) {
  if (is_address(name))
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, name.c_str()) == 1;
}

} // namespace

bool prepare_tls(SSL* ssl, const tls_options& options, const url& server) {
  auto name = options.server_name.empty() ? server.host : options.server_name;
  // The root's dot is part of a name's lookup, not of the name in a certificate (RFC 6066, section
  // 3).
  if (name.size() > 1 && name.back() == '.')
    name.pop_back();
  if (!is_address(name) && SSL_set_tlsext_host_name(ssl, name.c_str()) != 1)
    return false;
  if (!offer(ssl, options.alpn))
    return false;
  // A session that is resumed is not verified again: it has to be one for the same name.
  tls_tickets::prepare(ssl, name + " " + server.authority());
  return !options.verify || verify_name(ssl, name);
}

std::string certificate_fault(SSL* ssl) {
  auto result = SSL_get_verify_result(ssl);
  if (SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE || result == X509_V_OK)
    return {};
  return X509_verify_cert_error_string(result);
}

std::string pinning_fault(SSL* ssl, const std::vector<std::string>& pinned_keys) {
  if (pinned_keys.empty())
    return {};
  auto* certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr)
    return "the server has no certificate, but its key is pinned";
  unsigned char* der = nullptr;
  auto size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0)
    return "the key of the server cannot be read";
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(der, static_cast<std::size_t>(size), digest.data());
  OPENSSL_free(der);
  std::array<unsigned char, 64> text{};
  auto length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  std::string found{reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length)};
  if (std::find(pinned_keys.begin(), pinned_keys.end(), found) != pinned_keys.end())
    return {};
  return "the key of the server is not pinned: " + found;
}

tls_summary summary_of(SSL* ssl) {
  const unsigned char* protocol = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl, &protocol, &size);
  return {SSL_get_version(ssl),
          size == 0 ? std::string{} : std::string{reinterpret_cast<const char*>(protocol), size},
          SSL_session_reused(ssl) == 1};
}

} // namespace wsengine::io
