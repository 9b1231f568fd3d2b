// man_page.cpp: see man_page.hpp.

#include "man_page.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace wsengine::cli {

namespace {

// -- the language ---------------------------------------------------------------------------------

/// Text as it is, also where it looks like a request or has characters with a meaning of their own.
std::string escape(std::string_view text) {
  std::string result;
  for (auto c : text) {
    auto at_start = result.empty() || result.back() == '\n';
    if (at_start && (c == '.' || c == '\''))
      result += "\\&";
    // A hyphen and an accent otherwise, which nobody can copy into a command line.
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else if (c == '\'')
      result += "\\(aq";
    else if (c == '`')
      result += "\\(ga";
    else if (c == '^')
      result += "\\(ha";
    else if (c == '~')
      result += "\\(ti";
    else
      result += c;
  }
  return result;
}

/// The argument of a request.
std::string quoted(std::string_view text) {
  auto inner = escape(text);
  for (auto at = inner.find('"'); at != std::string::npos; at = inner.find('"', at + 4))
    inner.replace(at, 1, "\\(dq");
  return '"' + inner + '"';
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string heading(std::string_view title) {
  return ".SH " + quoted(title) + '\n';
}

std::string subheading(std::string_view title) {
  return ".SS " + quoted(title) + '\n';
}

/// Lines of their own, with a new paragraph where one is empty.
std::string paragraphs(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    result += line.empty() ? ".PP\n" : escape(line) + '\n';
  }
  return result;
}

/// A paragraph for each term.
std::string tagged(const explanations& entries) {
  std::string result;
  for (const auto& [term, what] : entries)
    result += ".TP\n.B " + quoted(term) + '\n' + escape(what) + '\n';
  return result;
}

/// A line that is not filled.
std::string verbatim(std::string_view line) {
  return ".RS\n.nf\n" + escape(line) + "\n.fi\n.RE\n";
}

// -- the page -------------------------------------------------------------------------------------

std::string print(const section& what, std::string (*head)(std::string_view)) {
  auto result = head(what.title) + paragraphs(what.text) + tagged(what.entries);
  if (!what.end.empty())
    result += ".PP\n" + paragraphs(what.end);
  return result;
}

std::string print(const std::vector<example>& examples) {
  std::string result;
  for (const auto& one : examples)
    result += (result.empty() ? subheading("Examples") : ".PP\n") + escape(one.what) + '\n'
              + verbatim(one.line);
  return result;
}

std::string synopsis(const std::vector<manual>& commands) {
  auto result = heading("SYNOPSIS");
  for (const auto& one : commands) {
    if (&one != &commands.front())
      result += ".br\n";
    result += ".B " + quoted("wsengine " + one.name) + '\n';
    if (!one.arguments.empty())
      result += escape(one.arguments) + '\n';
  }
  return result;
}

std::string print(const manual& command) {
  auto result = heading("WSENGINE " + upper(command.name)) + paragraphs(command.description);
  for (const auto& group : command.options)
    result += subheading(group.title) + tagged(explain(group.options));
  for (const auto& part : command.sections)
    result += print(part, subheading);
  return result + print(command.examples);
}

} // namespace

std::string man_page(const manual& general, const std::vector<manual>& commands,
                     const std::string& version) {
  auto result = ".TH WSENGINE 1 \"\" " + quoted("wsengine " + version) + '\n' + heading("NAME")
                + "wsengine \\- " + escape(general.summary) + '\n' + synopsis(commands)
                + heading("DESCRIPTION") + paragraphs(general.description);
  for (const auto& one : commands)
    result += print(one);
  for (const auto& part : general.sections)
    result += print(part, heading);
  return result;
}

} // namespace wsengine::cli
