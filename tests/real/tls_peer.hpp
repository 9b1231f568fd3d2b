// tls_peer.hpp: a TLS server whose handshakes a test sets up; it upgrades what comes and closes
// when the client does.

#pragma once

#include "real/certificates.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace wsengine::tests {

/// Serves one connection after the other.
class tls_peer {
public:
  using set_up = std::function<void(SSL_CTX*)>;

  /// `more` changes the context before anybody connects.
  explicit tls_peer(const certificate& who, const set_up& more = {},
                    const std::string& address = "127.0.0.1");

  tls_peer(const tls_peer&) = delete;
  tls_peer& operator=(const tls_peer&) = delete;

  /// Cuts everything off.
  ~tls_peer();

  [[nodiscard]] std::string url(const std::string& host) const {
    return "wss://" + host + ":" + std::to_string(port_) + "/";
  }

  /// The subjects of the certificates that clients have shown; empty for those that showed none.
  [[nodiscard]] std::vector<std::string> clients() const;

private:
  void run();
  void serve(boost::asio::ip::tcp::socket& socket);

  boost::asio::io_context context_;
  boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  boost::asio::ip::tcp::socket socket_{context_};
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  bool ended_ = false;
  std::vector<std::string> clients_;
  std::thread thread_;
};

} // namespace wsengine::tests
