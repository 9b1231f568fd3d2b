// tls_context.hpp: which servers TLS trusts, who we are, and how it says why it does not trust one.

#pragma once

#include "wsengine/handshake.hpp"
#include "wsengine/options.hpp"
#include "wsengine/url.hpp"

#include <openssl/ssl.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace wsengine::io {

/// The contexts for outgoing TLS connections: one for each way to trust and to show who we are,
/// since loading certificates takes milliseconds.
class tls_contexts {
public:
  /// More ways than this push the oldest out.
  static constexpr std::size_t max_contexts = 64;

  /// The context for those options; null when the certificates cannot be loaded, then `problem`
  /// says why. A file that has changed is loaded again.
  std::shared_ptr<boost::asio::ssl::context> get(const tls_options& options, std::string& problem);

private:
  using times = std::array<std::filesystem::file_time_type, 3>;

  struct entry {
    // Without what each connection sets for itself.
    tls_options options;
    // Of the files, when they were loaded.
    times changed;
    std::shared_ptr<boost::asio::ssl::context> context;
  };

  static times times_of(const tls_options& options);

  std::vector<entry> contexts_;
};

/// Sets up one TLS session: the name that it asks for (SNI) and verifies, the protocols that it
/// offers (ALPN), and the session that it resumes. Returns whether that worked.
bool prepare_tls(SSL* ssl, const tls_options& options, const url& server);

/// What is wrong with the peer's certificate; empty when nothing is, or nothing was verified.
std::string certificate_fault(SSL* ssl);

/// What is wrong with the peer's key: none of those that are pinned. Empty when nothing is, or none
/// is pinned.
std::string pinning_fault(SSL* ssl, const std::vector<std::string>& pinned_keys);

/// What the handshake has agreed upon.
tls_summary summary_of(SSL* ssl);

} // namespace wsengine::io
