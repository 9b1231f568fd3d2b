// recording_arguments.cpp: see recording_arguments.hpp.

#include "recording_arguments.hpp"

#include "option_table.hpp"
#include "setters.hpp"

#include <utility>

namespace wsengine::cli {

namespace {

constexpr auto replay_help = R"(usage: wsengine replay FILE [OPTION]...

Lets a session that `wsengine connect --record FILE` has recorded happen again: the server of the
recording plays its part, at the same times, and what happens is printed as by `connect`. Time is
virtual and takes none, unless --realtime says otherwise.

)";

constexpr auto trace_help = R"(usage: wsengine trace FILE --html OUT

Draws a recorded session as a sequence diagram: one HTML page that needs nothing else.

)";

option_table replay_options(replay_arguments& into) {
  return option_table{{
    {"json", "", "print one JSON object a line", flag(into.json)},
    {"realtime", "", "let time pass as it did", flag(into.realtime)},
  }};
}

option_table trace_options(trace_arguments& into) {
  return option_table{{
    {"html", "OUT", "the file that the page is written to", text(into.html_file)},
  }};
}

} // namespace

arguments parse_replay(const std::vector<std::string>& words) {
  replay_arguments result;
  auto line = replay_options(result).parse(words);
  line.take_positional(result.file, "FILE");
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

arguments parse_trace(const std::vector<std::string>& words) {
  trace_arguments result;
  auto line = trace_options(result).parse(words);
  line.take_positional(result.file, "FILE");
  if (!line.was_given("html"))
    line.problems.emplace_back("--html is missing");
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

std::string help_for_replay() {
  replay_arguments unused;
  return replay_help + replay_options(unused).help();
}

std::string help_for_trace() {
  trace_arguments unused;
  return trace_help + trace_options(unused).help();
}

} // namespace wsengine::cli
