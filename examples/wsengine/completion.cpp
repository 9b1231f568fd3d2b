// completion.cpp: see completion.hpp.

#include "completion.hpp"

#include <string_view>

namespace wsengine::cli {

namespace {

constexpr std::string_view head =
  R"(# Completes command lines of wsengine. Made by: wsengine completion bash

_wsengine_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_wsengine_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

_wsengine() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # --name=value comes as three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]] && ((COMP_CWORD > 2)); then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
)";

constexpr std::string_view tail = R"(}

complete -F _wsengine wsengine
)";

std::string join(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words)
    result += (result.empty() ? "" : " ") + word;
  return result;
}

std::string words(const std::string& all) {
  return "_wsengine_words '" + all + "' \"$current\"";
}

bool names_a_file(std::string_view name) {
  return name == "FILE" || name == "PATH" || name == "OUT";
}

/// What completes the value of an option or of an argument; `:` where only the user knows.
std::string value(std::string_view name, const std::vector<std::string>& values) {
  if (!values.empty())
    return words(join(values));
  if (names_a_file(name))
    return "_wsengine_files -f \"$current\"";
  if (name == "DIR")
    return "_wsengine_files -d \"$current\"";
  return ":";
}

/// Options whose value is to come.
std::string value_cases(const manual& command) {
  std::string result;
  for (const auto& group : command.options)
    for (const auto& one : group.options)
      if (!one.value_name.empty())
        result += "    " + command.name + ":--" + one.name + ") "
                  + value(one.value_name, one.values) + "; return ;;\n";
  return result;
}

std::string option_case(const manual& command) {
  std::string all;
  for (const auto& group : command.options)
    for (const auto& one : group.options)
      all += "--" + one.name + ' ';
  all += "--help --help-all";
  auto argument = value(command.arguments.substr(0, command.arguments.find(' ')), command.values);
  auto otherwise = argument == ":" ? words(all) : argument;
  return "    " + command.name + ")\n      if [[ $current == -* ]]; then\n        " + words(all)
         + "\n      else\n        " + otherwise + "\n      fi\n      ;;\n";
}

} // namespace

std::string bash_completion(const std::vector<manual>& commands) {
  std::vector<std::string> names;
  std::string values;
  std::string options;
  for (const auto& one : commands) {
    names.push_back(one.name);
    values += value_cases(one);
    options += option_case(one);
  }
  auto known = join(names);
  return std::string{head} + "  if ((COMP_CWORD == 1)); then\n    "
         + words(known + " help --help --version") + "\n    return\n  fi\n"
         + "  case ${COMP_WORDS[1]}:$previous in\n" + values + "    help:help) " + words(known)
         + " ;;\n  esac\n  case ${COMP_WORDS[1]} in\n" + options + "  esac\n" + std::string{tail};
}

} // namespace wsengine::cli
