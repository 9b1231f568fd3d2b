// nearest.hpp: what somebody who mistyped a word has most likely meant.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wsengine::cli {

/// The word that differs least from `typed`, by characters that are missing, superfluous, wrong, or
/// swapped with their neighbour; empty when none differs in few enough of them. Of equals the
/// first.
[[nodiscard]] std::string nearest(std::string_view typed, const std::vector<std::string>& words);

/// A remark for people behind a complaint about `typed`: "; did you mean WORD?", or nothing.
/// `prefix` is what the word begins with on a command line.
[[nodiscard]] std::string did_you_mean(std::string_view typed,
                                       const std::vector<std::string>& words,
                                       std::string_view prefix = "");

} // namespace wsengine::cli
