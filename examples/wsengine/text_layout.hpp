// text_layout.hpp: texts laid out for a terminal.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wsengine::cli {

/// Terms with what is said about them.
using explanations = std::vector<std::pair<std::string, std::string>>;

/// Breaks each line of `text` between words, so that it and `indent` spaces before it fit into
/// `width` columns. A word that is too long stands alone. Ends with a line feed unless it is empty.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

/// Lists terms with their explanations beside them, which begin in the same column; below a term
/// that would reach into it.
[[nodiscard]] std::string list(const explanations& entries, std::size_t width);

} // namespace wsengine::cli
