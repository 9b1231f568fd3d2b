// line_outcome.hpp: what a command line comes to once it was split.

#pragma once

#include "arguments.hpp"
#include "option_table.hpp"

#include "wsengine/options.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::cli {

/// What the command line calls the fields that the library names.
using field_names = std::map<std::string, std::string, std::less<>>;

/// Complains about bad values in the words of the command line; a field without a name keeps its
/// own.
inline void complain_about(const std::vector<option_problem>& problems, const field_names& names,
                           split_line& line) {
  for (const auto& [field, what] : problems) {
    auto name = names.find(field);
    line.problems.push_back((name == names.end() ? field : name->second) + ": " + what);
  }
}

/// The arguments, or all that is wrong with the line.
template <class Arguments>
arguments outcome_of(split_line line, Arguments result) {
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

} // namespace wsengine::cli
