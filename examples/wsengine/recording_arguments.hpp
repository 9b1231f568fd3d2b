// recording_arguments.hpp: the command lines of the commands that read recordings.

#pragma once

#include "arguments.hpp"
#include "manual.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// Understands what follows `replay`.
arguments parse_replay(const std::vector<std::string>& words);

/// Understands what follows `trace`.
arguments parse_trace(const std::vector<std::string>& words);

[[nodiscard]] manual manual_of_replay();

[[nodiscard]] manual manual_of_trace();

} // namespace wsengine::cli
