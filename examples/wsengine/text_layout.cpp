// text_layout.cpp: see text_layout.hpp.

#include "text_layout.hpp"

#include <algorithm>

namespace wsengine::cli {

namespace {

/// The column where the longest explanations begin, unless all terms are shorter.
constexpr std::size_t widest_term = 26;

std::string_view take_line(std::string_view& text) {
  auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

std::string wrap_line(std::string_view line, std::size_t width, std::size_t indent) {
  std::string result(indent, ' ');
  auto column = indent;
  auto is_first = true;
  while (!line.empty()) {
    auto word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    if (!is_first && column + 1 + word.size() > width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!is_first) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
    is_first = false;
  }
  return result + '\n';
}

std::size_t column_of(const explanations& entries) {
  std::size_t longest = 0;
  for (const auto& [term, what] : entries)
    if (term.size() <= widest_term)
      longest = std::max(longest, term.size());
  // Two spaces before each term, and two behind it.
  return longest + 4;
}

} // namespace

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  while (!text.empty()) {
    auto line = take_line(text);
    result += line.empty() ? "\n" : wrap_line(line, width, indent);
  }
  return result;
}

std::string list(const explanations& entries, std::size_t width) {
  auto column = column_of(entries);
  std::string result;
  for (const auto& [term, what] : entries) {
    auto beside = wrap(what, width, column);
    auto begin = "  " + term;
    if (begin.size() + 2 > column || beside.empty())
      result += begin + '\n' + beside;
    else
      result += begin + beside.substr(begin.size());
  }
  return result;
}

} // namespace wsengine::cli
