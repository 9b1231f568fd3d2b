// man_page.hpp: the manual page of the program.

#pragma once

#include "manual.hpp"

#include <string>
#include <vector>

namespace wsengine::cli {

/// The page wsengine(1) in the language of man(7), about all these commands. `general` is about the
/// program as a whole: its description and its sections.
[[nodiscard]] std::string man_page(const manual& general, const std::vector<manual>& commands,
                                   const std::string& version);

} // namespace wsengine::cli
