// fleet_arguments.cpp: see fleet_arguments.hpp.

#include "fleet_arguments.hpp"

#include "option_table.hpp"
#include "setters.hpp"
#include "transport_arguments.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

namespace wsengine::cli {

namespace {

// -- director -------------------------------------------------------------------------------------

option_table director_options(director_arguments& into) {
  auto& director = into.director;
  auto result = listening_options_for(into.transport);
  for (auto& x : transport_options_for(into.transport))
    result.push_back(std::move(x));
  for (auto& x : std::vector<option>{
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
         {"burst", "N", "sessions started at once (10)",
          number(director.start_burst, 1, 1'000'000)},
         {"moves", "N", "sessions at a time on their way from a node to others (1)",
          number(director.moves_at_once, 1, std::numeric_limits<std::uint32_t>::max())},
         {"first", "", "there was no director before: do not wait for what its nodes may still run",
          flag(director.is_first)},
         {"json", "", "print one JSON object a line", flag(into.json)},
       })
    result.push_back(std::move(x));
  return option_table{std::move(result)};
}

/// What the library calls the field that an option sets.
const std::map<std::string, std::string, std::less<>> director_names = {
  {"lease", "--lease"}, {"fencing", "--fencing"},          {"drift", "--drift"},
  {"slack", "--slack"}, {"starts_per_second", "--starts"},
};

constexpr auto director_help = R"(usage: wsengine director [OPTION]...

Has sessions run on the nodes of a fleet, each on one node at a time, until SIGINT or SIGTERM. Nodes
come by `wsengine node --join`; `wsengine fleet` says what there is to run. A fleet has one director
at a time. It keeps no file: one that is started in its place learns everything from the nodes.

)";

// -- fleet ----------------------------------------------------------------------------------------

option_table fleet_options(fleet_arguments& into) {
  auto result = transport_options_for(into.transport);
  for (auto& x : std::vector<option>{
         {"director", "HOST:PORT", "where the director is", place(into.director)},
         {"client", "TYPE", "add: the client that nodes make for it (quiet)",
          text(into.client_type)},
         {"file", "FILE",
          "add: what is in the file, a KEY and a URL in each line; -: standard input",
          text(into.file)},
         {"watch", "", "status: again and again, until a signal", flag(into.watch)},
         {"interval", "D", "status --watch: how often (1s)", duration(into.interval)},
         {"json", "", "print JSON", flag(into.json)},
       })
    result.push_back(std::move(x));
  return option_table{std::move(result)};
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

constexpr auto fleet_help = R"(usage: wsengine fleet ACTION --director HOST:PORT [OPTION]...

  status            print nodes and sessions
  add KEY URL       have one more session, of that name
  add --file FILE   have many more
  remove KEY...     have these no more; ends when they are stopped
  drain NODE        move everything off a node; ends when that is done
  admit NODE        let a node that was drained have sessions again
  move KEY NODE     move a session to a node; one that is finished begins again

)";

constexpr auto fleet_help_end = R"(
Exit status: 0 done, 1 the director cannot be reached or refuses, 2 bad usage.
)";

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
  auto line = director_options(result).parse(words);
  line.refuse_positionals();
  check_transport(result.transport, line);
  for (const auto& [field, what] : validate(result.director)) {
    auto name = director_names.find(field);
    line.problems.push_back((name == director_names.end() ? field : name->second) + ": " + what);
  }
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

std::string help_for_director() {
  director_arguments unused;
  return director_help + director_options(unused).help();
}

arguments parse_fleet(const std::vector<std::string>& words) {
  fleet_arguments result;
  auto line = fleet_options(result).parse(words);
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
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

std::string help_for_fleet() {
  fleet_arguments unused;
  return fleet_help + fleet_options(unused).help() + fleet_help_end;
}

} // namespace wsengine::cli
