// listener.cpp: see listener.hpp.

#include "server/listener.hpp"

#include "server/session.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace wsengine::bench {

namespace {

// The kernel takes less where `somaxconn` is less.
constexpr int backlog = 65'535;

// When there are no files left, one has to be closed first.
constexpr auto retry_after = std::chrono::milliseconds(10);

} // namespace

listener::listener(asio::io_context& io, std::uint16_t port, asio::ssl::context* tls)
  : acceptor_(io),
    retry_(io),
    tls_(tls) {
  acceptor_.open(tcp::v4());
  acceptor_.set_option(asio::socket_base::reuse_address{true});
  acceptor_.bind({asio::ip::address_v4::loopback(), port});
  acceptor_.listen(backlog);
}

void listener::accept() {
  acceptor_.async_accept([this](const error_code& error, tcp_socket socket) {
    if (!error) {
      start_session(std::move(socket));
      return accept();
    }
    retry_.expires_after(retry_after);
    retry_.async_wait([this](const error_code&) { accept(); });
  });
}

void listener::start_session(tcp_socket socket) {
  if (tls_)
    std::make_shared<session<tls_socket>>(tls_socket{std::move(socket), *tls_})->start();
  else
    std::make_shared<session<tcp_socket>>(std::move(socket))->start();
}

} // namespace wsengine::bench
