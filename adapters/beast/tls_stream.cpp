// tls_stream.cpp: WebSocket over TLS.

#include "stream_impl.hpp"
#include "tls_context.hpp"

#include <boost/beast/websocket/ssl.hpp>

#include <utility>

namespace wsengine::io {

namespace {

class tls_stream final : public stream_impl<tls_transport> {
public:
  using stream_impl::stream_impl;

  bool prepare(const tls_options& options, const std::string& host) override {
    return prepare_tls(transport().stream().native_handle(), options, host);
  }

  void async_tls() override {
    transport().stream().async_handshake(
      asio::ssl::stream_base::client, [this, self = self()](error_code ec) { user().on_tls(ec); });
  }

  std::string tls_fault() override {
    return certificate_fault(transport().stream().native_handle());
  }
};

} // namespace

std::unique_ptr<stream> make_tls_stream(asio_unit& unit, stream_user& user,
                                        std::shared_ptr<asio::ssl::context> trust) {
  return std::make_unique<tls_stream>(unit, user, std::move(trust));
}

} // namespace wsengine::io
