// secure_options.cpp: options for servers that are to be trusted, and a check of them. Explained in
// docs/tls.md.

#include "wsengine/all.hpp"

#include <iostream>
#include <string>

// -- options --------------------------------------------------------------------------------------

/// A server in the open Internet: the system's store of certificates decides.
wsengine::engine_options public_server() {
  wsengine::engine_options options;
  options.request.url = "wss://example.org/feed";
  return options;
}

/// A server of one's own, which wants to know who we are, too.
wsengine::engine_options own_server() {
  wsengine::engine_options options;
  options.request.url = "wss://10.0.0.7/feed";
  auto& tls = options.connection.tls;
  tls.ca_file = "/etc/feed/ca.pem";
  tls.server_name = "feed.internal"; // the name in its certificate
  tls.certificate_file = "/etc/feed/client.pem";
  tls.key_file = "/etc/feed/client.key";
  tls.min_version = wsengine::tls_version::tls_1_3;
  return options;
}

/// The same, whatever an authority signs: only this key will do.
wsengine::engine_options pinned_server(const std::string& hash_of_key) {
  auto options = own_server();
  options.connection.tls.pinned_keys = {hash_of_key};
  return options;
}

// -- a check --------------------------------------------------------------------------------------

namespace {

/// Prints what is wrong; returns whether anything is.
bool has_problems(const wsengine::engine_options& options) {
  auto found = wsengine::validate(options);
  for (const auto& [field, problem] : found)
    std::cerr << field << ": " << problem << '\n';
  return !found.empty();
}

} // namespace

int main() {
  // Base64 of 32 bytes.
  auto hash = wsengine::to_base64(std::string(32, 'x'));
  if (has_problems(public_server()) || has_problems(own_server())
      || has_problems(pinned_server(hash)))
    return 1;
  // What is no hash is found before anything is dialed.
  auto bad = pinned_server("x");
  if (wsengine::validate(bad).size() != 1)
    return 1;
  std::cout << "secure_options: all are fine\n";
  return 0;
}
