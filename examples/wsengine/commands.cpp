// commands.cpp: see commands.hpp.

#include "commands.hpp"

#include "nearest.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace wsengine::cli {

namespace {

using type = command::type;

command malformed(std::string problem) {
  return {type::malformed, std::move(problem), {}, {}, {}};
}

/// Takes the first word off a text.
std::string_view take_word(std::string_view& text) {
  auto word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

std::optional<std::string> decode_hex(std::string_view digits) {
  std::string result;
  for (; digits.size() >= 2; digits.remove_prefix(2)) {
    unsigned char byte = 0;
    auto [end, ec] = std::from_chars(digits.data(), digits.data() + 2, byte, 16);
    if (ec != std::errc{} || end != digits.data() + 2)
      return std::nullopt;
    result += static_cast<char>(byte);
  }
  if (!digits.empty())
    return std::nullopt;
  return result;
}

command parse_binary(std::string_view rest) {
  std::string digits;
  std::copy_if(rest.begin(), rest.end(), std::back_inserter(digits),
               [](char c) { return c != ' '; });
  auto data = decode_hex(digits);
  if (!data || data->empty())
    return malformed("/binary needs pairs of hexadecimal digits");
  return {type::binary, std::move(*data), {}, {}, {}};
}

command parse_close(std::string_view rest) {
  command result{type::close, {}, {}, {close_code::normal, ""}, {}};
  if (rest.empty())
    return result;
  auto digits = take_word(rest);
  std::uint16_t code = 0;
  auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
  if (ec != std::errc{} || end != digits.data() + digits.size())
    return malformed("/close needs a number as the code");
  result.details = {static_cast<close_code>(code), std::string{rest}};
  if (auto problem = why_not_sendable(result.details); !problem.empty())
    return malformed("/close: " + problem);
  return result;
}

command parse_subscription(type what, std::string_view rest) {
  std::string name{take_word(rest)};
  if (name.empty())
    return malformed("a subscription needs a name");
  if (rest.empty() && what == type::subscribe)
    return malformed("/subscribe needs a text to send");
  return {what, std::string{rest}, std::move(name), {}, {}};
}

command parse_request(std::string_view rest) {
  auto key = take_word(rest);
  if (key.empty() || rest.empty())
    return malformed("/request needs a key and a text");
  return {type::request, std::string{rest}, {}, {}, std::string{key}};
}

constexpr std::pair<std::string_view, type> names[] = {
  {"/binary", type::binary},       {"/ping", type::ping},
  {"/pause", type::pause},         {"/resume", type::resume},
  {"/restart", type::restart},     {"/exit", type::exit},
  {"/close", type::close},         {"/status", type::status},
  {"/subscribe", type::subscribe}, {"/unsubscribe", type::unsubscribe},
  {"/request", type::request},
};

command unknown(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& [one, what] : names)
    known.emplace_back(one);
  return malformed("unknown command " + std::string{name} + did_you_mean(name, known));
}

} // namespace

command parse_command(std::string_view line) {
  if (!line.starts_with('/'))
    return {type::text, std::string{line}, {}, {}, {}};
  auto rest = line;
  auto name = take_word(rest);
  const auto* found = std::find_if(std::begin(names), std::end(names),
                                   [name](const auto& entry) { return entry.first == name; });
  if (found == std::end(names))
    return unknown(name);
  if (found->second == type::binary)
    return parse_binary(rest);
  if (found->second == type::close)
    return parse_close(rest);
  if (found->second == type::subscribe || found->second == type::unsubscribe)
    return parse_subscription(found->second, rest);
  if (found->second == type::request)
    return parse_request(rest);
  if (!rest.empty())
    return malformed(std::string{name} + " takes no argument");
  return {found->second, {}, {}, {}, {}};
}

} // namespace wsengine::cli
