// deflate_offer.hpp: what is said about permessage-deflate in the handshake (RFC 7692,
// section 7.1).

#pragma once

#include "wsengine/options.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace wsengine::io {

/// What client and server have agreed on.
struct deflate_agreement {
  /// The base-2 logarithms of the windows.
  unsigned client_window_bits = 15;
  unsigned server_window_bits = 15;
  /// Whether each message is compressed by itself.
  bool client_no_context_takeover = false;
  bool server_no_context_takeover = false;

  friend bool operator==(const deflate_agreement&, const deflate_agreement&) = default;
};

/// The offer, for the field Sec-WebSocket-Extensions; empty when nothing is offered.
std::string deflate_offer(const deflate_options& options);

/// Reads the field Sec-WebSocket-Extensions of a response. Nothing when the server took no offer.
/// Also nothing when it took what was not offered; `fault` says so then.
std::optional<deflate_agreement> read_deflate_answer(std::string_view extensions,
                                                     const deflate_options& offered,
                                                     std::string& fault);

} // namespace wsengine::io
