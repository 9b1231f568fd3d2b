// serve_options.hpp: the command line of `wsengine serve`.

#pragma once

#include "arguments.hpp"
#include "manual.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// Understands what follows `serve`.
[[nodiscard]] arguments parse_serve(const std::vector<std::string>& words);

[[nodiscard]] manual manual_of_serve();

} // namespace wsengine::cli
