// fleet_arguments.cpp: see fleet_arguments.hpp.

#include "fleet_arguments.hpp"

#include "line_outcome.hpp"
#include "option_table.hpp"
#include "setters.hpp"
#include "transport_arguments.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace wsengine::cli {

namespace {

// -- director -------------------------------------------------------------------------------------

std::vector<option_group> director_options(director_arguments& into) {
  auto& director = into.director;
  auto options = listening_options_for(into.transport);
  options.push_back({"json", "", "print one JSON object a line", flag(into.json)});
  std::vector<option> rules{
    {"lease", "D", "how long a node may go on without hearing from the director (10s)",
     duration(director.lease)},
    {"fencing", "D", "how long it may take to end its sessions then (1s)",
     duration(director.fencing)},
    {"drift", "X", "by which part a clock may be slower than another one (0.01)",
     decimal(director.drift)},
    {"slack", "X", "by what a node may have more than its even share (1.25)",
     decimal(director.slack)},
    {"starts", "X", "sessions started per second, in the long run (100)",
     decimal(director.starts_per_second)},
    {"burst", "N", "sessions started at once (10)", number(director.start_burst, 1, 1'000'000)},
    {"moves", "N", "sessions at a time on their way from a node to others (1)",
     number(director.moves_at_once, 1, std::numeric_limits<std::uint32_t>::max())},
    {"first", "", "there was no director before: do not wait for what its nodes may still run",
     flag(director.is_first)},
  };
  return {{"Options", std::move(options)},
          {"The fleet", std::move(rules)},
          {"Other nodes", transport_options_for(into.transport)}};
}

/// What the library calls the field that an option sets.
const field_names director_names = {
  {"lease", "--lease"}, {"fencing", "--fencing"},          {"drift", "--drift"},
  {"slack", "--slack"}, {"starts_per_second", "--starts"},
};

// -- fleet ----------------------------------------------------------------------------------------

std::vector<option_group> fleet_options(fleet_arguments& into) {
  std::vector<option> options{
    {"director", "HOST:PORT", "where the director is", place(into.director)},
    {"client", "TYPE", "add: the client that nodes make for it (quiet)", text(into.client_type)},
    {"file", "FILE", "add: what is in the file, a KEY and a URL in each line; -: standard input",
     text(into.file)},
    {"watch", "", "status: again and again, until a signal", flag(into.watch)},
    {"interval", "D", "status --watch: how often (1s)", duration(into.interval)},
    {"json", "", "print JSON", flag(into.json)},
  };
  return {{"Options", std::move(options)}, {"Other nodes", transport_options_for(into.transport)}};
}

using action = fleet_arguments::action;

struct action_words {
  const char* name;
  action what;
  // What follows the name; the last one may be repeated when `is_list`.
  std::vector<std::string> names;
  bool is_list = false;
};

const std::vector<action_words>& actions() {
  static const std::vector<action_words> result{
    {"status", action::status, {}},
    {"add", action::add, {"KEY", "URL"}},
    {"remove", action::remove, {"KEY"}, true},
    {"drain", action::drain, {"NODE"}},
    {"admit", action::admit, {"NODE"}},
    {"move", action::move, {"KEY", "NODE"}},
  };
  return result;
}

void take_words(fleet_arguments& into, split_line& line) {
  auto& words = line.positionals;
  auto found = words.empty() ? actions().end()
                             : std::find_if(actions().begin(), actions().end(),
                                            [&](const auto& x) { return x.name == words[0]; });
  if (found == actions().end()) {
    line.problems.push_back(
      (words.empty() ? std::string{"what is to be done"} : "unknown action " + words[0])
      + ": actions are status, add, remove, drain, admit and move");
    return;
  }
  into.what = found->what;
  into.words.assign(std::next(words.begin()), words.end());
  auto wanted = into.file.empty() ? found->names.size() : 0;
  if (into.words.size() < wanted)
    line.problems.push_back("missing " + found->names[into.words.size()]);
  if (into.words.size() > wanted && !(found->is_list && wanted > 0))
    line.problems.push_back("unexpected argument " + into.words[wanted]);
}

} // namespace

arguments parse_director(const std::vector<std::string>& words) {
  director_arguments result;
  auto line = option_table{director_options(result)}.parse(words);
  line.refuse_positionals();
  check_transport(result.transport, line);
  complain_about(validate(result.director), director_names, line);
  return outcome_of(std::move(line), std::move(result));
}

manual manual_of_director() {
  director_arguments unused;
  manual result;
  result.name = "director";
  result.arguments = "[OPTION]...";
  result.summary = "directs a fleet of nodes";
  result.description =
    "Has sessions run on the nodes of a fleet, each on one node at a time, until SIGINT or "
    "SIGTERM. "
    "Nodes come by `wsengine node --join`; `wsengine fleet` says what there is to run.\n\n"
    "A fleet has one director at a time. It keeps no file: one that is started in its place learns "
    "everything from the nodes.";
  result.essential = {"address", "port", "lease", "starts", "first", "cert", "key", "ca", "plain"};
  result.options = without_setters(director_options(unused));
  result.examples = {
    {"wsengine director --plain --port 7000 --first", "The first one, for nodes on this machine:"},
  };
  return result;
}

arguments parse_fleet(const std::vector<std::string>& words) {
  fleet_arguments result;
  auto line = option_table{fleet_options(result)}.parse(words);
  take_words(result, line);
  check_transport(result.transport, line);
  if (!line.was_given("director"))
    line.problems.emplace_back("missing --director HOST:PORT");
  for (const auto* name : {"client", "file"})
    if (line.was_given(name) && result.what != action::add)
      line.problems.push_back(std::string{"--"} + name + " is for add");
  if (result.watch && result.what != action::status)
    line.problems.emplace_back("--watch is for status");
  if (line.was_given("interval") && !result.watch)
    line.problems.emplace_back("--interval needs --watch");
  return outcome_of(std::move(line), std::move(result));
}

manual manual_of_fleet() {
  fleet_arguments unused;
  manual result;
  result.name = "fleet";
  result.arguments = "ACTION --director HOST:PORT [OPTION]...";
  result.summary = "looks after a fleet: status, add, remove, drain, admit, move";
  result.description = "Asks the director of a fleet to do something, or how it is.";
  result.essential = {"director", "file", "watch", "json", "cert", "key", "ca", "plain"};
  result.options = without_setters(fleet_options(unused));
  result.sections = {
    {"Actions",
     "",
     {{"status", "print nodes and sessions"},
      {"add KEY URL", "have one more session, of that name; with --file, many"},
      {"remove KEY...", "have these no more; ends when they are stopped"},
      {"drain NODE", "move everything off a node; ends when that is done"},
      {"admit NODE", "let a node that was drained have sessions again"},
      {"move KEY NODE", "move a session to a node; one that is finished begins again"}}},
  };
  result.examples = {
    {"wsengine fleet status --watch --plain --director 127.0.0.1:7000", "Watch:"},
    {"wsengine fleet drain east --plain --director 127.0.0.1:7000", "Before east is shut down:"},
  };
  for (const auto& x : actions())
    result.values.emplace_back(x.name);
  return result;
}

} // namespace wsengine::cli
