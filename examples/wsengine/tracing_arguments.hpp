// tracing_arguments.hpp: the options of commands that write spans.

#pragma once

#include "option_table.hpp"

#include <string>

namespace wsengine::cli {

/// What is traced.
struct tracing_arguments {
  /// The file that spans are written to; empty: nothing is traced.
  std::string file;
  /// Which part of the traces is recorded.
  double sample = 1;
  /// Whether servers are told by `traceparent`.
  bool tell_server = false;
};

/// The options.
[[nodiscard]] option_group tracing_options_for(tracing_arguments& into);

/// Adds what is wrong with them to the line's problems.
void check_tracing(const tracing_arguments& what, split_line& line);

} // namespace wsengine::cli
