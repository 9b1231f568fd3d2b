// tls_stream.cpp: WebSocket over TLS.

#include "stream_impl.hpp"
#include "tls_context.hpp"

#include <boost/beast/websocket/ssl.hpp>

#include <string>
#include <utility>
#include <vector>

namespace wsengine::io {

namespace {

class tls_stream final : public stream_impl<tls_transport> {
public:
  using stream_impl::stream_impl;

  bool prepare(const tls_options& options, const url& server) override {
    pinned_keys_ = options.pinned_keys;
    return prepare_tls(transport().stream().native_handle(), options, server);
  }

  void async_tls() override {
    transport().stream().async_handshake(
      asio::ssl::stream_base::client, [this, self = self()](error_code ec) { user().on_tls(ec); });
  }

  std::string tls_fault() override {
    auto* ssl = transport().stream().native_handle();
    auto fault = certificate_fault(ssl);
    return fault.empty() ? pinning_fault(ssl, pinned_keys_) : fault;
  }

  tls_summary tls() override { return summary_of(transport().stream().native_handle()); }

private:
  std::vector<std::string> pinned_keys_;
};

} // namespace

std::unique_ptr<stream> make_tls_stream(asio_unit& unit, stream_user& user,
                                        std::shared_ptr<asio::ssl::context> trust) {
  return std::make_unique<tls_stream>(unit, user, std::move(trust));
}

} // namespace wsengine::io
