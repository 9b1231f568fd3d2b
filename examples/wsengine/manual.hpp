// manual.hpp: what people are told of a command. Help, manual page and completion are made from it
// and from the table of options that its command line is understood by.

#pragma once

#include "option_table.hpp"
#include "text_layout.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace wsengine::cli {

/// A part of a manual.
struct section {
  std::string title;
  /// Lines that are wrapped; an empty line separates paragraphs.
  std::string text;
  explanations entries = {};
  /// What follows the entries; as `text`.
  std::string end = {};
};

/// A command line that works, and what it does.
struct example {
  std::string line;
  std::string what;
};

/// What people are told of a command.
struct manual {
  std::string name;
  /// What follows the name, such as "URL [OPTION]...".
  std::string arguments;
  /// A few words, for lists of commands.
  std::string summary;
  /// As `section::text`. The first paragraph is all that the short help has of it.
  std::string description;
  /// The names of the options that the short help has, in its order; all when it is empty.
  std::vector<std::string> essential = {};
  std::vector<option_group> options = {};
  std::vector<section> sections = {};
  std::vector<example> examples = {};
  /// What the first argument may be when that is no option and can be listed.
  std::vector<std::string> values = {};
};

/// The columns of a terminal that help fits into.
inline constexpr std::size_t help_width = 80;

/// The help that fits on a screen, with examples.
[[nodiscard]] std::string short_help(const manual& of);

/// All that there is.
[[nodiscard]] std::string long_help(const manual& of);

/// The options with their values, such as "--count N", and what they do.
[[nodiscard]] explanations explain(const std::vector<option>& options);

} // namespace wsengine::cli
