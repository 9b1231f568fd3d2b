// tracestate.cpp: see tracestate.hpp.

#include "rules/tracestate.hpp"

#include "wsengine/trace_context.hpp"

#include <algorithm>
#include <vector>

namespace wsengine::rules {

namespace {

constexpr std::size_t max_members = 32;
constexpr std::size_t max_part_size = 256;

bool is_key_start(char x) {
  return (x >= 'a' && x <= 'z') || (x >= '0' && x <= '9');
}

bool is_key(std::string_view text) {
  auto may_follow = [](char x) {
    return is_key_start(x) || std::string_view{"_-*/@"}.find(x) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= max_part_size && is_key_start(text.front())
         && std::all_of(text.begin(), text.end(), may_follow);
}

bool is_value(std::string_view text) {
  auto is_allowed = [](char x) { return x >= ' ' && x <= '~' && x != ',' && x != '='; };
  return !text.empty() && text.size() <= max_part_size && text.back() != ' '
         && std::all_of(text.begin(), text.end(), is_allowed);
}

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

std::string bounded_tracestate(std::string_view value) {
  std::vector<std::string_view> keys;
  std::string result;
  auto fits = true;
  while (!value.empty()) {
    auto end = std::min(value.find(','), value.size());
    auto member = trimmed(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
    if (member.empty())
      continue;
    auto equals = member.find('=');
    auto key = member.substr(0, equals);
    if (equals == std::string_view::npos || !is_key(key) || !is_value(member.substr(equals + 1))
        || std::find(keys.begin(), keys.end(), key) != keys.end() || keys.size() == max_members)
      return {};
    keys.push_back(key);
    fits = fits && result.size() + member.size() + (result.empty() ? 0 : 1) <= max_tracestate_size;
    if (fits)
      result.append(result.empty() ? "" : ",").append(member);
  }
  return result;
}

} // namespace wsengine::rules
