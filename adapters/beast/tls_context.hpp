// tls_context.hpp: which servers TLS trusts, and how it says why it does not trust one.

#pragma once

#include "wsengine/options.hpp"

#include <openssl/ssl.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <tuple>

namespace boost::asio::ssl {
class context;
}

namespace wsengine::io {

/// The contexts for outgoing TLS connections: one for each way to trust, since loading the trusted
/// certificates takes milliseconds.
class tls_contexts {
public:
  /// The context for those options; null when the certificates cannot be loaded, then `problem`
  /// says why. A file that has changed is loaded again.
  std::shared_ptr<boost::asio::ssl::context> get(const tls_options& options, std::string& problem);

private:
  using key = std::tuple<bool, std::string, std::string, std::filesystem::file_time_type>;

  std::map<key, std::shared_ptr<boost::asio::ssl::context>> contexts_;
};

/// Sets up one TLS session: the name that it asks for (SNI) and the name that it verifies. Returns
/// whether that worked.
bool prepare_tls(SSL* ssl, const tls_options& options, const std::string& host);

/// What is wrong with the peer's certificate; empty when nothing is, or nothing was verified.
std::string certificate_fault(SSL* ssl);

} // namespace wsengine::io
