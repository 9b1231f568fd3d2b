// arguments.cpp: see arguments.hpp.

#include "arguments.hpp"

#include "completion.hpp"
#include "connect_options.hpp"
#include "fleet_arguments.hpp"
#include "line_outcome.hpp"
#include "man_page.hpp"
#include "manual.hpp"
#include "nearest.hpp"
#include "node_options.hpp"
#include "option_table.hpp"
#include "recording_arguments.hpp"
#include "serve_options.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace wsengine::cli {

namespace {

using words = std::vector<std::string>;

// -- commands that print what the tables say ------------------------------------------------------

std::vector<manual> all_manuals();
manual manual_of_program();

arguments parse_completion(const words& line) {
  std::string shell;
  auto parsed = option_table{{}}.parse(line);
  parsed.take_positional(shell, "SHELL");
  if (!shell.empty() && shell != "bash")
    parsed.problems.push_back("there is no completion for '" + shell + "', only for bash");
  return outcome_of(std::move(parsed), help_arguments{bash_completion(all_manuals())});
}

manual manual_of_completion() {
  manual result;
  result.name = "completion";
  result.arguments = "SHELL";
  result.summary = "print what completes these commands; SHELL is bash";
  result.description = "Prints a script that completes command lines of wsengine. Packages install "
                       "it; without them, put the line below into ~/.bashrc.";
  result.examples = {{"source <(wsengine completion bash)", "Complete in this shell:"}};
  result.values = {"bash"};
  return result;
}

arguments parse_man(const words& line) {
  auto parsed = option_table{{}}.parse(line);
  parsed.refuse_positionals();
  return outcome_of(std::move(parsed),
                    help_arguments{man_page(manual_of_program(), all_manuals(), WSENGINE_VERSION)});
}

manual manual_of_man() {
  manual result;
  result.name = "man";
  result.summary = "print the manual page";
  result.description = "Prints the manual page of wsengine, for man. Packages install it.";
  result.examples = {{"wsengine man | man -l -", "Read it:"}};
  return result;
}

// -- all commands ---------------------------------------------------------------------------------

struct command_entry {
  arguments (*parse)(const words&);
  manual (*describe)();
};

constexpr command_entry commands[] = {
  {parse_connect, manual_of_connect}, {parse_serve, manual_of_serve},
  {parse_node, manual_of_node},       {parse_director, manual_of_director},
  {parse_fleet, manual_of_fleet},     {parse_replay, manual_of_replay},
  {parse_trace, manual_of_trace},     {parse_completion, manual_of_completion},
  {parse_man, manual_of_man},
};

std::vector<manual> all_manuals() {
  std::vector<manual> result;
  for (const auto& one : commands)
    result.push_back(one.describe());
  return result;
}

manual manual_of_program() {
  manual result;
  result.summary = "WebSocket client that keeps sessions open, and an echo server";
  result.description =
    "A client for the command line, scripts and pipes on the WebSocket client engine of the same "
    "name, with what helps to find out what happens: an echo server that can also misbehave, and "
    "recordings of sessions that can be played again and drawn.";
  result.sections = {{"EXIT STATUS",
                      "",
                      {{"0", "stopped as asked"},
                       {"1", "could not start, or gave up"},
                       {"2", "bad usage; each mistake has a line on standard error"}}}};
  return result;
}

std::string general_help() {
  explanations lines;
  for (const auto& one : all_manuals())
    lines.emplace_back("wsengine " + one.name, one.summary);
  lines.emplace_back("wsengine COMMAND --help", "the options that matter most, with examples");
  lines.emplace_back("wsengine COMMAND --help-all", "all of them");
  lines.emplace_back("wsengine --version", "");
  return "wsengine, the WebSocket client engine\n\n" + list(lines, help_width)
         + "\nExamples:\n"
           "  wsengine serve --port 9000\n"
           "  wsengine connect ws://127.0.0.1:9000/echo\n"
           "  echo hi | wsengine connect ws://127.0.0.1:9000/echo --count 1 --output lines\n"
           "\nExit status: 0 stopped as asked, 1 could not start or gave up, 2 bad usage.\n";
}

words names_of_commands() {
  words result;
  for (const auto& one : commands)
    result.push_back(one.describe().name);
  return result;
}

std::string all_names() {
  std::string result;
  for (const auto& name : names_of_commands())
    result += (result.empty() ? "" : ", ") + name;
  return result;
}

// -- understanding --------------------------------------------------------------------------------

bool has(const words& in, std::initializer_list<const char*> any) {
  return std::any_of(in.begin(), in.end(), [any](const std::string& word) {
    return std::find(any.begin(), any.end(), word) != any.end();
  });
}

arguments run(const command_entry& which, const words& rest) {
  if (has(rest, {"--help-all"}))
    return help_arguments{long_help(which.describe())};
  if (has(rest, {"--help", "-h"}))
    return help_arguments{short_help(which.describe())};
  auto result = which.parse(rest);
  if (auto* fault = std::get_if<usage_error>(&result))
    fault->see = "wsengine " + which.describe().name + " --help";
  return result;
}

arguments unknown(const std::string& name) {
  if (name.find("://") != std::string::npos)
    return usage_error{
      {"'" + name + "' is no command; did you mean wsengine connect " + name + "?"}};
  return usage_error{{"unknown command '" + name + "'" + did_you_mean(name, names_of_commands())}};
}

} // namespace

arguments parse_arguments(const words& line) {
  if (line.empty())
    return usage_error{{"a command is missing, one of: " + all_names()}};
  const auto& name = line.front();
  words rest{line.begin() + 1, line.end()};
  if (name == "help" && !rest.empty())
    return parse_arguments({rest.front(), "--help"});
  if (name == "--help" || name == "-h" || name == "help")
    return help_arguments{general_help()};
  if (name == "--version")
    return help_arguments{"wsengine " WSENGINE_VERSION "\n"};
  for (const auto& one : commands)
    if (one.describe().name == name)
      return run(one, rest);
  return unknown(name);
}

} // namespace wsengine::cli
