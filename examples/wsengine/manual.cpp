// manual.cpp: see manual.hpp.

#include "manual.hpp"

namespace wsengine::cli {

namespace {

std::string first_paragraph(const std::string& text) {
  return text.substr(0, text.find("\n\n"));
}

const option* find(const manual& in, const std::string& name) {
  for (const auto& group : in.options)
    for (const auto& one : group.options)
      if (one.name == name)
        return &one;
  return nullptr;
}

bool has_more(const manual& of) {
  return !of.essential.empty() || !of.sections.empty()
         || first_paragraph(of.description) != of.description;
}

std::string usage(const manual& of) {
  auto arguments = of.arguments.empty() ? "" : " " + of.arguments;
  return "usage: wsengine " + of.name + arguments + "\n\n";
}

/// The options that people need most.
std::vector<option> essentials(const manual& of) {
  std::vector<option> result;
  for (const auto& name : of.essential)
    if (const auto* one = find(of, name))
      result.push_back(*one);
  if (of.essential.empty())
    for (const auto& group : of.options)
      result.insert(result.end(), group.options.begin(), group.options.end());
  return result;
}

std::string print(const section& what) {
  auto result = "\n" + what.title + ":\n\n" + wrap(what.text, help_width);
  if (!what.text.empty() && !what.entries.empty())
    result += '\n';
  result += list(what.entries, help_width);
  if (!what.end.empty())
    result += '\n' + wrap(what.end, help_width);
  return result;
}

} // namespace

explanations explain(const std::vector<option>& options) {
  explanations result;
  for (const auto& one : options)
    result.emplace_back("--" + one.name + (one.value_name.empty() ? "" : " " + one.value_name),
                        one.help);
  return result;
}

std::string short_help(const manual& of) {
  auto result = usage(of) + wrap(first_paragraph(of.description), help_width);
  if (auto options = essentials(of); !options.empty())
    result += '\n' + list(explain(options), help_width);
  if (!of.examples.empty())
    result += "\nExamples:\n";
  for (const auto& one : of.examples)
    result += "  " + one.line + '\n';
  if (has_more(of))
    result += "\nAll of it: wsengine " + of.name + " --help-all\n";
  return result;
}

std::string long_help(const manual& of) {
  auto result = usage(of) + wrap(of.description, help_width);
  for (const auto& group : of.options)
    result += '\n' + group.title + ":\n\n" + list(explain(group.options), help_width);
  for (const auto& part : of.sections)
    result += print(part);
  if (!of.examples.empty())
    result += "\nExamples:\n";
  for (const auto& one : of.examples)
    result += '\n' + wrap(one.what, help_width, 2) + "    " + one.line + '\n';
  return result;
}

} // namespace wsengine::cli
