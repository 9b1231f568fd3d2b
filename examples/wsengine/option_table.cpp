// option_table.cpp: see option_table.hpp.

#include "option_table.hpp"

#include "nearest.hpp"

#include <boost/program_options.hpp>

#include <algorithm>

namespace wsengine::cli {

namespace po = boost::program_options;

namespace {

po::options_description describe(const std::vector<option>& options) {
  po::options_description result;
  for (const auto& one : options) {
    if (one.value_name.empty())
      result.add_options()(one.name.c_str(), "");
    else
      result.add_options()(one.name.c_str(), po::value<std::string>(), "");
  }
  return result;
}

// Only long options, written out: there are no abbreviations, and "-1" is a value.
constexpr int style = po::command_line_style::allow_long
                      | po::command_line_style::long_allow_adjacent
                      | po::command_line_style::long_allow_next;

std::string without_dashes(const std::string& name) {
  return name.substr(std::min(name.size(), name.find_first_not_of('-')));
}

} // namespace

std::vector<option_group> without_setters(std::vector<option_group> groups) {
  for (auto& group : groups)
    for (auto& one : group.options)
      one.set = nullptr;
  return groups;
}

bool split_line::was_given(const std::string& name) const {
  return std::find(given.begin(), given.end(), name) != given.end();
}

void split_line::refuse_positionals() {
  for (const auto& word : positionals)
    problems.push_back("unexpected argument " + word);
}

void split_line::take_positional(std::string& to, const std::string& name) {
  std::vector<std::string> extra;
  for (const auto& word : positionals)
    if (to.empty())
      to = word;
    else
      extra.push_back(word);
  // What follows an unknown option is most likely its value.
  if (problems.empty())
    for (const auto& word : extra)
      problems.push_back("unexpected argument '" + word + "'");
  if (to.empty())
    problems.push_back(name + " is missing");
}

option_table::option_table(const std::vector<option_group>& groups) {
  for (const auto& group : groups)
    options_.insert(options_.end(), group.options.begin(), group.options.end());
}

split_line option_table::parse(const std::vector<std::string>& words) const {
  auto description = describe(options_);
  split_line result;
  auto left = words;
  for (;;) {
    try {
      auto parsed =
        po::command_line_parser{left}.options(description).style(style).allow_unregistered().run();
      for (const auto& one : parsed.options) {
        if (one.position_key >= 0)
          for (const auto& word : one.value)
            sort_in(word, result);
        else if (one.unregistered)
          result.problems.push_back(unknown(one.original_tokens.front()));
        else
          take(one.string_key, one.value, result);
      }
      return result;
    } catch (const po::error_with_option_name& x) {
      // The parser stops at the first option without its value; go on behind it.
      auto name = "--" + without_dashes(x.get_option_name());
      result.problems.push_back(x.what());
      auto found = std::find_if(left.rbegin(), left.rend(), [&name](const std::string& word) {
        return word == name || word.starts_with(name + "=");
      });
      if (found == left.rend())
        return result;
      left.erase(std::next(found).base());
    }
  }
}

void option_table::take(const std::string& name, const std::vector<std::string>& values,
                        split_line& result) const {
  const auto* what = find(name);
  if (!what->repeatable && result.was_given(name))
    result.problems.push_back("--" + name + " is given more than once");
  result.given.push_back(name);
  auto value = values.empty() ? std::string{} : values.front();
  if (auto problem = what->set(value))
    result.problems.push_back("--" + name
                              + (value.empty() || what->confidential ? "" : " '" + value + "'")
                              + " " + *problem);
}

const option* option_table::find(const std::string& name) const {
  return &*std::find_if(options_.begin(), options_.end(),
                        [&name](const option& one) { return one.name == name; });
}

std::string option_table::unknown(const std::string& word) const {
  // What follows the equals sign may be confidential.
  auto written = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const auto& one : options_)
    names.push_back(one.name);
  return "unknown option " + written + did_you_mean(without_dashes(written), names, "--");
}

// The parser takes a word with one dash for no option, for there are no short ones.
void option_table::sort_in(const std::string& word, split_line& result) const {
  if (word.starts_with('-'))
    result.problems.push_back(unknown(word));
  else
    result.positionals.push_back(word);
}

} // namespace wsengine::cli
