// phase_spans.hpp: the spans of a dial's phases, where somebody traces it.

#pragma once

#include "net.hpp"

#include "wsengine/handshake.hpp"
#include "wsengine/observer.hpp"
#include "wsengine/tracing.hpp"

#include <caf/error.hpp>

#include <memory>
#include <string>
#include <utility>

namespace wsengine::io {

/// Belongs to a dial. One span for each phase, as a child of the dial's own: a phase ends when the
/// next one begins, or when the dial is over.
class phase_spans {
public:
  /// Null when nobody traces the dial of that connection.
  [[nodiscard]] static std::unique_ptr<phase_spans> of(const observation& view);

  phase_spans(std::shared_ptr<const tracer> with, trace_parent dial)
    : with_(std::move(with)),
      dial_(std::move(dial)) {}

  /// A phase begins, named as by `phase_of`, with that peer; the one before has ended well.
  void enter(const char* phase, const std::string& peer);

  /// What it is connected to: a socket of TCP, or the path of a Unix-domain socket.
  void connected(const tcp_socket& to);
  void connected(const std::string& path);

  /// What TLS has agreed upon.
  void secured(const tls_summary& how);

  /// The last phase has ended well.
  void done(const handshake_response& response);

  /// The phase has failed, or was given up.
  void failed(const caf::error& why);

private:
  std::shared_ptr<const tracer> with_;
  trace_parent dial_;
  active_span current_;
};

} // namespace wsengine::io
