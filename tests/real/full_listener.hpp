// full_listener.hpp: a port that accepts no more.

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <string>
#include <sys/socket.h>

namespace wsengine::tests {

/// Its backlog is full, so the system drops what comes: connecting gets no answer.
class full_listener {
public:
  full_listener() {
    acceptor_.open(tcp::v4());
    acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
    acceptor_.listen(0);
    auto where = acceptor_.local_endpoint();
    for (auto& filler : fillers_) {
      filler.open(tcp::v4());
      filler.native_non_blocking(true);
      // Asio would wait until it is connected.
      ::connect(filler.native_handle(), where.data(), static_cast<socklen_t>(where.size()));
    }
  }

  [[nodiscard]] boost::asio::ip::tcp::endpoint endpoint() const {
    return acceptor_.local_endpoint();
  }

  [[nodiscard]] std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
  }

private:
  using tcp = boost::asio::ip::tcp;

  boost::asio::io_context context_;
  tcp::acceptor acceptor_{context_};
  std::array<tcp::socket, 4> fillers_{tcp::socket{context_}, tcp::socket{context_},
                                      tcp::socket{context_}, tcp::socket{context_}};
};

} // namespace wsengine::tests
