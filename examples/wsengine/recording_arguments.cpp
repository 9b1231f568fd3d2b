// recording_arguments.cpp: see recording_arguments.hpp.

#include "recording_arguments.hpp"

#include "line_outcome.hpp"
#include "option_table.hpp"
#include "setters.hpp"

#include <utility>

namespace wsengine::cli {

namespace {

std::vector<option_group> replay_options(replay_arguments& into) {
  std::vector<option> options{
    {"json", "", "print one JSON object a line", flag(into.json)},
    {"realtime", "", "let time pass as it did", flag(into.realtime)},
  };
  return {{"Options", std::move(options)}};
}

std::vector<option_group> trace_options(trace_arguments& into) {
  std::vector<option> options{
    {"html", "OUT", "the file that the page is written to", text(into.html_file)},
  };
  return {{"Options", std::move(options)}};
}

} // namespace

arguments parse_replay(const std::vector<std::string>& words) {
  replay_arguments result;
  auto line = option_table{replay_options(result)}.parse(words);
  line.take_positional(result.file, "FILE");
  return outcome_of(std::move(line), std::move(result));
}

arguments parse_trace(const std::vector<std::string>& words) {
  trace_arguments result;
  auto line = option_table{trace_options(result)}.parse(words);
  line.take_positional(result.file, "FILE");
  if (!line.was_given("html"))
    line.problems.emplace_back("--html is missing");
  return outcome_of(std::move(line), std::move(result));
}

manual manual_of_replay() {
  replay_arguments unused;
  manual result;
  result.name = "replay";
  result.arguments = "FILE [OPTION]...";
  result.summary = "let a recorded session happen again";
  result.description =
    "Lets a session that `wsengine connect --record FILE` has recorded happen again: the server "
    "of the recording plays its part, at the same times, and what happens is printed as by "
    "connect. Time is virtual and takes none, unless --realtime says otherwise.";
  result.options = without_setters(replay_options(unused));
  result.examples = {{"wsengine replay incident.jsonl --json", "See what happened:"}};
  return result;
}

manual manual_of_trace() {
  trace_arguments unused;
  manual result;
  result.name = "trace";
  result.arguments = "FILE --html OUT";
  result.summary = "draw a recorded session";
  result.description = "Draws a recorded session as a sequence diagram: one HTML page that needs "
                       "nothing else.";
  result.options = without_setters(trace_options(unused));
  result.examples = {{"wsengine trace incident.jsonl --html incident.html", "Draw it:"}};
  return result;
}

} // namespace wsengine::cli
