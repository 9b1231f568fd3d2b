// fleet_arguments.hpp: the command lines of `wsengine director` and `wsengine fleet`.

#pragma once

#include "arguments.hpp"
#include "manual.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// Understands what follows `director`.
[[nodiscard]] arguments parse_director(const std::vector<std::string>& words);

[[nodiscard]] manual manual_of_director();

/// Understands what follows `fleet`.
[[nodiscard]] arguments parse_fleet(const std::vector<std::string>& words);

[[nodiscard]] manual manual_of_fleet();

} // namespace wsengine::cli
