// fleet_arguments.hpp: the command lines of `wsengine director` and `wsengine fleet`.

#pragma once

#include "arguments.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// Understands what follows `director`.
[[nodiscard]] arguments parse_director(const std::vector<std::string>& words);

/// What `wsengine director --help` prints.
[[nodiscard]] std::string help_for_director();

/// Understands what follows `fleet`.
[[nodiscard]] arguments parse_fleet(const std::vector<std::string>& words);

/// What `wsengine fleet --help` prints.
[[nodiscard]] std::string help_for_fleet();

} // namespace wsengine::cli
