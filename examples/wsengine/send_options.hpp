// send_options.hpp: the options of `connect` that say what becomes of what is sent.

#pragma once

#include "arguments.hpp"
#include "option_table.hpp"

#include <string>

namespace wsengine::cli {

/// The options, which set fields of `into`.
[[nodiscard]] option_group send_options(connect_arguments& into);

/// The option that sets the field which the library calls so; empty when none of these does.
[[nodiscard]] std::string name_of_send_field(const std::string& field);

} // namespace wsengine::cli
