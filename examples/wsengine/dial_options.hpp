// dial_options.hpp: the options of `connect` that say how to reach the server.

#pragma once

#include "arguments.hpp"
#include "option_table.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// The options, which set fields of `into`.
[[nodiscard]] std::vector<option_group> dial_options(connect_arguments& into);

/// What the command line calls a field that one of them sets; empty for other fields.
[[nodiscard]] std::string name_of_dial_field(const std::string& field);

} // namespace wsengine::cli
