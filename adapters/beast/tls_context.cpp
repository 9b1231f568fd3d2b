// tls_context.cpp: see tls_context.hpp.

#include "tls_context.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <system_error>
#include <utility>

namespace wsengine::io {

namespace ssl = boost::asio::ssl;

namespace {

// Loads what `options` trust. Returns what went wrong.
std::string load_trust(ssl::context& context, const tls_options& options) {
  boost::system::error_code ec;
  if (options.ca_file.empty() && options.ca_directory.empty()) {
    context.set_default_verify_paths(ec);
    return ec ? "cannot load the system's trusted certificates: " + ec.message() : std::string{};
  }
  if (!options.ca_file.empty()) {
    context.load_verify_file(options.ca_file, ec);
    if (ec)
      return "cannot load trusted certificates from " + options.ca_file + ": " + ec.message();
  }
  if (!options.ca_directory.empty()) {
    context.add_verify_path(options.ca_directory, ec);
    if (ec)
      return "cannot load trusted certificates from " + options.ca_directory + ": " + ec.message();
  }
  return {};
}

std::shared_ptr<ssl::context> make_context(const tls_options& options, std::string& problem) {
  auto result = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(result->native_handle(), TLS1_2_VERSION);
  // An idle session must not hold on to buffers of 16 KiB and more.
  SSL_CTX_set_mode(result->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  if (!options.verify) {
    result->set_verify_mode(ssl::verify_none);
    return result;
  }
  result->set_verify_mode(ssl::verify_peer);
  problem = load_trust(*result, options);
  return problem.empty() ? result : nullptr;
}

bool is_address(const std::string& host) {
  boost::system::error_code ec;
  boost::asio::ip::make_address(host, ec);
  return !ec;
}

} // namespace

// -- contexts -------------------------------------------------------------------------------------

std::shared_ptr<ssl::context> tls_contexts::get(const tls_options& options, std::string& problem) {
  std::filesystem::file_time_type changed;
  std::error_code ignored;
  if (options.verify && !options.ca_file.empty())
    changed = std::filesystem::last_write_time(options.ca_file, ignored);
  key which{options.verify, options.ca_file, options.ca_directory, changed};
  if (auto i = contexts_.find(which); i != contexts_.end())
    return i->second;
  auto result = make_context(options, problem);
  if (!result)
    return nullptr;
  // What was loaded from an older file is of no use any more.
  std::erase_if(contexts_, [&](const auto& x) {
    return std::get<1>(x.first) == options.ca_file && std::get<2>(x.first) == options.ca_directory
           && std::get<0>(x.first) == options.verify;
  });
  contexts_.emplace(std::move(which), result);
  return result;
}

// -- sessions -------------------------------------------------------------------------------------

bool prepare_tls(SSL* ssl, const tls_options& options, const std::string& host) {
  auto name = options.server_name.empty() ? host : options.server_name;
  // The root's dot is part of a name's lookup, not of the name in a certificate (RFC 6066, section
  // 3).
  if (name.size() > 1 && name.back() == '.')
    name.pop_back();
  auto address = is_address(name);
  if (!address && SSL_set_tlsext_host_name(ssl, name.c_str()) != 1)
    return false;
  if (!options.verify)
    return true;
  if (address)
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, name.c_str()) == 1;
}

std::string certificate_fault(SSL* ssl) {
  auto result = SSL_get_verify_result(ssl);
  if (SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE || result == X509_V_OK)
    return {};
  return X509_verify_cert_error_string(result);
}

} // namespace wsengine::io
