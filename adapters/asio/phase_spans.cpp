// phase_spans.cpp: see phase_spans.hpp.

#include "phase_spans.hpp"

#include "wsengine/error.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace wsengine::io {

std::unique_ptr<phase_spans> phase_spans::of(const observation& view) {
  if (!view.traces || !view.dial || !view.dial->sampled())
    return nullptr;
  return std::make_unique<phase_spans>(view.traces, view.dial);
}

void phase_spans::enter(const char* phase, const std::string& peer) {
  // Before the next one begins.
  current_.end();
  current_ = with_->begin(phase, span_kind::internal, dial_);
  current_.set("wsengine.peer", peer);
}

void phase_spans::connected(const tcp_socket& to) {
  error_code ec;
  auto where = to.remote_endpoint(ec);
  if (ec)
    return;
  current_.set("network.transport", std::string{"tcp"});
  current_.set("network.type", std::string{where.address().is_v6() ? "ipv6" : "ipv4"});
  current_.set("network.peer.address", where.address().to_string());
  current_.set("network.peer.port", std::int64_t{where.port()});
}

void phase_spans::connected(const std::string& path) {
  current_.set("network.transport", std::string{"unix"});
  current_.set("network.peer.address", path);
}

void phase_spans::secured(const tls_summary& how) {
  // OpenTelemetry wants the bare number.
  constexpr std::string_view prefix = "TLSv";
  current_.set("tls.protocol.name", std::string{"tls"});
  current_.set("tls.protocol.version",
               how.version.starts_with(prefix) ? how.version.substr(prefix.size()) : how.version);
  current_.set("tls.resumed", how.resumed);
  if (!how.alpn.empty())
    current_.set("tls.next_protocol", how.alpn);
}

void phase_spans::done(const handshake_response& response) {
  current_.set("http.response.status_code", std::int64_t{response.status});
  current_.end();
}

void phase_spans::failed(const caf::error& why) {
  if (auto response = response_of(why))
    current_.set("http.response.status_code", std::int64_t{response->status});
  current_.fail(why);
  current_.end();
}

} // namespace wsengine::io
