// tls_tickets.hpp: remembers TLS sessions, so that the next connection to a server resumes one.

#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>

namespace wsengine::io {

/// The tickets of the connections that share an `SSL_CTX`; for use on their I/O thread only.
class tls_tickets {
public:
  /// How many servers are remembered, and how many tickets of each.
  static constexpr std::size_t max_servers = 256;
  static constexpr std::size_t max_tickets = 4;

  /// Makes `context` hand its tickets over. This has to outlive it.
  void attach(SSL_CTX* context);

  /// Prepares a connection to that server: resumes a session if there is one, and remembers what
  /// comes. Does nothing where no tickets are attached.
  static void prepare(SSL* ssl, const std::string& server);

private:
  struct release {
    void operator()(SSL_SESSION* what) const noexcept { SSL_SESSION_free(what); }
  };

  using ticket = std::unique_ptr<SSL_SESSION, release>;

  static int on_new_session(SSL* ssl, SSL_SESSION* session);
  void resume(SSL* ssl, const std::string& server);
  void keep(const std::string& server, ticket what);

  // The newest last.
  std::map<std::string, std::deque<ticket>> servers_;
};

} // namespace wsengine::io
