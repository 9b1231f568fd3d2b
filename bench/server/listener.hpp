// listener.hpp: accepts sessions on one port.

#pragma once

#include "server/net.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>

namespace wsengine::bench {

class listener {
public:
  /// Listens on 127.0.0.1. With a context, sessions speak TLS. Throws when the port is taken.
  listener(asio::io_context& io, std::uint16_t port, asio::ssl::context* tls = nullptr);

  void accept();

private:
  void start_session(tcp_socket socket);

  tcp_acceptor acceptor_;
  asio::steady_timer retry_;
  asio::ssl::context* tls_;
};

} // namespace wsengine::bench
