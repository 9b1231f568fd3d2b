// trace_template.hpp: the page that draws a recording: what stands before and behind the events.

#pragma once

#include <string_view>

namespace wsengine::trace_template {

/// Up to the title.
extern const std::string_view begin;

/// From the title to the events, which are JSON in a script element.
extern const std::string_view middle;

/// What draws the events.
extern const std::string_view end;

} // namespace wsengine::trace_template
