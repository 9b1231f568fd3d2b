// connect_line.hpp: command lines of `wsengine connect`, for the suites that look at its options.

#pragma once

#include "arguments.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

namespace wsengine::cli {

using words = std::vector<std::string>;

/// What becomes of `connect` with these options and a URL.
inline arguments parse_connect(words options) {
  options.insert(options.begin(), {"connect", "ws://localhost/"});
  return parse_arguments(options);
}

/// The same for options that are good.
inline connect_arguments connect(words options) {
  return std::get<connect_arguments>(parse_connect(std::move(options)));
}

/// What is wrong with a line that is wrong.
inline words problems(const words& line) {
  return std::get<usage_error>(parse_arguments(line)).problems;
}

/// Whether each name starts exactly one problem, and there are no others.
inline bool names_all(const words& found, const words& names) {
  return found.size() == names.size()
         && std::all_of(names.begin(), names.end(), [&](const std::string& name) {
              return std::count_if(found.begin(), found.end(),
                                   [&](const std::string& problem) {
                                     return problem.find(name) != std::string::npos;
                                   })
                     == 1;
            });
}

} // namespace wsengine::cli
