// retry_after.hpp: the rule how long a server asks us to stay away.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"

namespace wsengine::rules {

/// The time that `Retry-After` asks for in a response 429 or 503, in seconds or as a date (RFC
/// 9110, section 10.2.3); zero when it asks for none. A date is compared to the response's own
/// `Date`, so that clocks that differ do not matter; to `now` when there is none.
[[nodiscard]] timespan retry_after(const handshake_response& response, timestamp now);

} // namespace wsengine::rules
