// print.cpp: see print.hpp.

#include "print.hpp"

#include <cstddef>

namespace wsengine::testing {

namespace {

constexpr std::size_t longest = 80;

void append_escaped(std::string& result, char c) {
  constexpr char digits[] = "0123456789abcdef";
  auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    result += '\\';
    result += c;
  } else if (byte < 0x20 || byte == 0x7F) {
    result += "\\x";
    result += digits[byte >> 4U];
    result += digits[byte & 0xFU];
  } else {
    result += c;
  }
}

} // namespace

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (auto c : text.substr(0, longest))
    append_escaped(result, c);
  result += '"';
  if (text.size() > longest)
    result += "... (" + std::to_string(text.size()) + " bytes)";
  return result;
}

std::string print(message_kind kind, const payload& data) {
  return to_string(kind) + ", " + quoted(data.text());
}

std::string print(const close_details& details) {
  auto result = to_string(details.code);
  if (!details.reason.empty())
    result += ", " + quoted(details.reason);
  return result;
}

} // namespace wsengine::testing
