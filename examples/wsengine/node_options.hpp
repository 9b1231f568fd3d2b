// node_options.hpp: the command line of `wsengine node`.

#pragma once

#include "arguments.hpp"
#include "manual.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// Understands what follows `node`.
[[nodiscard]] arguments parse_node(const std::vector<std::string>& words);

[[nodiscard]] manual manual_of_node();

} // namespace wsengine::cli
