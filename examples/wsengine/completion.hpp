// completion.hpp: what completes command lines of the program in a shell.

#pragma once

#include "manual.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// A script for bash, which needs nothing else: commands, their options, and the values of options
/// that are names of files or can be listed.
[[nodiscard]] std::string bash_completion(const std::vector<manual>& commands);

} // namespace wsengine::cli
