// tls_peer.cpp: see tls_peer.hpp.

#include "real/tls_peer.hpp"

#include "real/raw_peer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <string_view>
#include <sys/socket.h>
#include <utility>

namespace wsengine::tests {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string subject_of(SSL* ssl) {
  auto* shown = SSL_get0_peer_certificate(ssl);
  if (shown == nullptr)
    return {};
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return name.data();
}

} // namespace

tls_peer::tls_peer(const certificate& who, const set_up& more, const std::string& address) {
  tls_.use_certificate_chain(asio::buffer(who.pem));
  tls_.use_private_key(asio::buffer(who.key), asio::ssl::context::pem);
  constexpr std::string_view id = "wsengine";
  SSL_CTX_set_session_id_context(tls_.native_handle(),
                                 reinterpret_cast<const unsigned char*>(id.data()), id.size());
  if (more)
    more(tls_.native_handle());
  tcp::endpoint where{asio::ip::make_address(address), 0};
  acceptor_.open(where.protocol());
  acceptor_.bind(where);
  acceptor_.listen();
  port_ = acceptor_.local_endpoint().port();
  thread_ = std::thread{[this] { run(); }};
}

void tls_peer::run() {
  for (;;) {
    tcp::socket accepted{context_};
    error_code ec;
    acceptor_.accept(accepted, ec);
    {
      std::lock_guard guard{mutex_};
      if (ended_ || ec)
        return;
      socket_ = std::move(accepted);
    }
    try {
      serve(socket_);
    } catch (const boost::system::system_error&) {
      // The client has gone or was refused.
    }
    std::lock_guard guard{mutex_};
    socket_.close(ec);
  }
}

void tls_peer::serve(tcp::socket& socket) {
  asio::ssl::stream<tcp::socket&> stream{socket, tls_};
  stream.handshake(asio::ssl::stream_base::server);
  {
    std::lock_guard guard{mutex_};
    clients_.push_back(subject_of(stream.native_handle()));
  }
  std::string request;
  while (!request.ends_with("\r\n\r\n")) {
    char c = 0;
    asio::read(stream, asio::buffer(&c, 1));
    request += c;
  }
  asio::write(stream, asio::buffer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                   "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                                   + accept_key(request) + "\r\n\r\n"));
  // The client's close frame with a code, and our answer.
  std::array<char, 8> close{};
  asio::read(stream, asio::buffer(close));
  asio::write(stream, asio::buffer(std::string_view{"\x88\x02\x03\xe8", 4}));
  stream.shutdown();
}

std::vector<std::string> tls_peer::clients() const {
  std::lock_guard guard{mutex_};
  return clients_;
}

tls_peer::~tls_peer() {
  {
    std::lock_guard guard{mutex_};
    ended_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    if (socket_.is_open())
      ::shutdown(socket_.native_handle(), SHUT_RDWR);
  }
  thread_.join();
}

} // namespace wsengine::tests
