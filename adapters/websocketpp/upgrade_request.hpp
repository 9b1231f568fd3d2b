// upgrade_request.hpp: puts what the user asks for into the upgrade request of websocketpp.

#pragma once

#include "wsengine/handshake.hpp"

#include <string>
#include <string_view>

namespace wsengine::io {

/// Takes what is not the handshake's own out of a request and puts the fields for `host` and for
/// `wanted` in. websocketpp cannot do that: it joins fields that repeat, and names the host itself.
std::string complete_request(std::string_view made, const std::string& host,
                             const handshake_request& wanted);

} // namespace wsengine::io
