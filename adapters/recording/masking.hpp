// masking.hpp: keeps credentials out of recordings.

#pragma once

#include "wsengine/handshake.hpp"

#include <string>

namespace wsengine {

/// The URL with "***" instead of user and password.
std::string masked_url(std::string url);

/// The request without the values of its credentials.
handshake_request masked(handshake_request what);

/// The response without the cookies that it sets, and without the user of a URL that it leads to.
handshake_response masked(handshake_response what);

} // namespace wsengine
