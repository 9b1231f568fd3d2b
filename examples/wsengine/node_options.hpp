// node_options.hpp: the command line of `wsengine node`.

#pragma once

#include "arguments.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// Understands what follows `node`.
[[nodiscard]] arguments parse_node(const std::vector<std::string>& words);

/// What `wsengine node --help` prints.
[[nodiscard]] std::string help_for_node();

} // namespace wsengine::cli
