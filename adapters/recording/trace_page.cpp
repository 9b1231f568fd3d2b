// trace_page.cpp: the page of a recording, see wsengine/recording.hpp.

#include "trace_template.hpp"

#include "wsengine/recording.hpp"

namespace wsengine {

namespace {

// For the text of an element.
std::string escaped(std::string_view text) {
  std::string result;
  for (auto c : text)
    switch (c) {
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '&': result += "&amp;"; break;
      default: result += c;
    }
  return result;
}

// JSON in a script element: nothing in it may look like the end of that. In JSON, these characters
// stand in texts only, where an escape means the same.
void append_json(std::string& to, std::string_view json) {
  for (auto c : json)
    switch (c) {
      case '<': to += "\\u003c"; break;
      case '>': to += "\\u003e"; break;
      case '&': to += "\\u0026"; break;
      default: to += c;
    }
}

} // namespace

std::string trace_page(const std::vector<recorded_event>& recording, std::string_view title) {
  std::string result{trace_template::begin};
  result += escaped(title);
  result += trace_template::middle;
  for (std::size_t i = 0; i < recording.size(); ++i) {
    result += i == 0 ? "\n" : ",\n";
    append_json(result, to_line(recording[i]));
  }
  result += trace_template::end;
  return result;
}

} // namespace wsengine
