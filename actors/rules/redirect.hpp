// redirect.hpp: the rule where a redirect leads, and what goes along.

#pragma once

#include "wsengine/handshake.hpp"

#include <optional>
#include <string>

namespace wsengine::rules {

/// Whether the response asks to go elsewhere: 301, 302, 303, 307 or 308 (RFC 9110, section 15.4).
[[nodiscard]] bool is_redirect(const handshake_response& response) noexcept;

/// What to ask for next.
struct redirect_target {
  handshake_request request;
  /// Whether it leads to another host or port, so that what proves who we are stays behind.
  bool leaves_host = false;
};

/// Follows the `Location` of a response to `request`: an absolute URL, where `http` stands for `ws`
/// and `https` for `wss`, or a reference relative to the request's (RFC 3986, section 5.2). On the
/// way to another host or port, credentials and a `Host` of one's own are dropped; from `ws` to
/// `wss` of one host, both with their default ports, nothing is. Returns nothing when there is
/// nowhere to go, or when it would leave TLS; then `problem` says why.
[[nodiscard]] std::optional<redirect_target>
follow(const handshake_request& request, const handshake_response& response, std::string& problem);

} // namespace wsengine::rules
