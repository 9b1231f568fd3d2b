// connect_options.hpp: the command line of `wsengine connect`.

#pragma once

#include "arguments.hpp"
#include "manual.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// Understands what follows `connect`.
[[nodiscard]] arguments parse_connect(const std::vector<std::string>& words);

[[nodiscard]] manual manual_of_connect();

} // namespace wsengine::cli
