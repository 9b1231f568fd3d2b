// tunneling.hpp: carries the conversation with a proxy over a socket.

#pragma once

#include "asio_unit.hpp"
#include "net.hpp"
#include "tunnel.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace wsengine::io {

/// One conversation with a proxy. Completion handlers keep it and `user` alive; closing the socket
/// ends it.
class tunneling : public std::enable_shared_from_this<tunneling> {
public:
  /// Called once, on the I/O thread: with what is wrong, or nothing.
  using done = std::function<void(std::string problem)>;

  tunneling(asio_unit& unit, tcp_socket& socket, std::unique_ptr<tunnel> talk, done when_done);

  /// Says or reads what comes next.
  void go_on(std::shared_ptr<void> user);

private:
  void send(std::shared_ptr<void> user);
  void receive(std::shared_ptr<void> user);
  void took(error_code ec, std::size_t size, std::shared_ptr<void> user);

  asio_unit& unit_;
  tcp_socket& socket_;
  std::unique_ptr<tunnel> talk_;
  done when_done_;
  std::string out_;
  std::array<char, 1024> in_{};
};

} // namespace wsengine::io
