// recording_arguments.hpp: the command lines of the commands that read recordings.

#pragma once

#include "arguments.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// Understands what follows `replay`.
arguments parse_replay(const std::vector<std::string>& words);

/// Understands what follows `trace`.
arguments parse_trace(const std::vector<std::string>& words);

std::string help_for_replay();

std::string help_for_trace();

} // namespace wsengine::cli
