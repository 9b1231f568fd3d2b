// tracestate.hpp: the rule which part of a header `tracestate` is handed on (W3C Trace Context,
// section 3.3).

#pragma once

#include <string>
#include <string_view>

namespace wsengine::rules {

/// The list without empty members and spaces around them; empty when it breaks the rules, names a
/// key twice, or has more than 32 members. Members that do not fit into `max_tracestate_size` are
/// left out, the last first: those are the oldest.
[[nodiscard]] std::string bounded_tracestate(std::string_view value);

} // namespace wsengine::rules
