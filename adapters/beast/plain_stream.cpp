// plain_stream.cpp: WebSocket over TCP.

#include "stream_impl.hpp"

#include <boost/asio/post.hpp>

namespace wsengine::io {

namespace {

class plain_stream final : public stream_impl<tcp_transport> {
public:
  using stream_impl::stream_impl;

  bool prepare(const tls_options&, const url&) override { return true; }

  void async_tls() override {
    asio::post(socket().get_executor(), [this, self = self()] { user().on_tls({}); });
  }

  std::string tls_fault() override { return {}; }

  tls_summary tls() override { return {}; }
};

} // namespace

std::unique_ptr<stream> make_plain_stream(asio_unit& unit, stream_user& user) {
  return std::make_unique<plain_stream>(unit, user);
}

} // namespace wsengine::io
