// transport_streams.hpp: what a stream does about TLS, with one and without.

#pragma once

#include "layers.hpp"
#include "stream.hpp"
#include "tls_context.hpp"

#include <boost/asio/post.hpp>

#include <string>
#include <vector>

namespace wsengine::io {

/// A stream over TCP. `Impl<Transport>` is an adapter's stream with all but the functions here.
template <template <class> class Impl>
class plain_stream final : public Impl<tcp_transport> {
public:
  using Impl<tcp_transport>::Impl;

  bool prepare(const tls_options&, const url&) override { return true; }

  void async_tls() override {
    asio::post(this->socket().get_executor(),
               [this, self = this->self()] { this->user().on_tls({}); });
  }

  std::string tls_fault() override { return {}; }

  tls_summary tls() override { return {}; }
};

/// A stream over TLS.
template <template <class> class Impl>
class tls_stream final : public Impl<tls_transport> {
public:
  using Impl<tls_transport>::Impl;

  bool prepare(const tls_options& options, const url& server) override {
    pinned_keys_ = options.pinned_keys;
    return prepare_tls(ssl(), options, server);
  }

  void async_tls() override {
    shake_hands(this->transport(),
                [this, self = this->self()](error_code ec) { this->user().on_tls(ec); });
  }

  std::string tls_fault() override {
    auto fault = certificate_fault(ssl());
    return fault.empty() ? pinning_fault(ssl(), pinned_keys_) : fault;
  }

  tls_summary tls() override { return summary_of(ssl()); }

private:
  SSL* ssl() { return this->transport().stream().native_handle(); }

  std::vector<std::string> pinned_keys_;
};

} // namespace wsengine::io
