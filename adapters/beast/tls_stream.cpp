// tls_stream.cpp: WebSocket over TLS.

#include "stream_impl.hpp"
#include "tls_context.hpp"

#include <boost/beast/websocket/ssl.hpp>

#include <utility>

namespace wsengine::io {

namespace {

class tls_stream final : public stream_impl<tls_layer> {
public:
  using stream_impl::stream_impl;

  bool prepare(const tls_options& options, const std::string& host) override {
    return prepare_tls(layer().native_handle(), options, host);
  }

  void async_tls() override {
    layer().async_handshake(asio::ssl::stream_base::client,
                            [this, self = self()](error_code ec) { user().on_tls(ec); });
  }

  std::string tls_fault() override { return certificate_fault(layer().native_handle()); }
};

} // namespace

std::unique_ptr<stream> make_tls_stream(asio::io_context& context, stream_user& user,
                                        std::shared_ptr<asio::ssl::context> trust) {
  return std::make_unique<tls_stream>(context, user, std::move(trust));
}

} // namespace wsengine::io
