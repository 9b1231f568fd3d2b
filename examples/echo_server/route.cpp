// route.cpp: parses and validates paths and queries of the echo server.

#include "route.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace wsengine::examples {

namespace {

using parameters = std::map<std::string, std::string, std::less<>>;

// -- queries --------------------------------------------------------------------------------------

std::optional<char> decode_hex(std::string_view digits) {
  unsigned value = 0;
  auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 2 || ec != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return static_cast<char>(value);
}

/// Undoes percent-encoding; a plus sign is a space, as in HTML forms.
std::optional<std::string> decode(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    auto value = decode_hex(text.substr(i + 1, 2));
    if (!value)
      return std::nullopt;
    result += *value;
    i += 2;
  }
  return result;
}

/// Splits "a=1&b=2". Empty when malformed or when a name repeats.
std::optional<parameters> split_query(std::string_view query) {
  parameters result;
  while (!query.empty()) {
    auto item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    auto equals = item.find('=');
    if (equals == std::string_view::npos)
      return std::nullopt;
    auto name = decode(item.substr(0, equals));
    auto value = decode(item.substr(equals + 1));
    if (!name || !value || !result.emplace(*name, *value).second)
      return std::nullopt;
  }
  return result;
}

// -- fields ---------------------------------------------------------------------------------------

/// Takes parameters out of a query and remembers the first that is wrong.
class reader {
public:
  explicit reader(parameters query) : query_(std::move(query)) {}

  template <class T>
  void number(std::string_view name, T& field, std::uint64_t least, std::uint64_t most) {
    auto text = take(name);
    if (!text)
      return;
    std::uint64_t value = 0;
    const auto* last = text->data() + text->size();
    auto [end, ec] = std::from_chars(text->data(), last, value);
    if (ec != std::errc{} || end != last || value < least || value > most)
      complain(std::string{name} + " must be a number from " + std::to_string(least) + " to "
               + std::to_string(most));
    else
      field = static_cast<T>(value);
  }

  std::optional<std::string> take(std::string_view name) {
    auto found = query_.find(name);
    if (found == query_.end())
      return std::nullopt;
    auto value = std::move(found->second);
    query_.erase(found);
    return value;
  }

  void complain(std::string problem) {
    if (problem_.empty())
      problem_ = std::move(problem);
  }

  /// What is wrong; parameters that nobody took are.
  std::string finish() {
    if (!query_.empty())
      complain("unknown parameter " + query_.begin()->first);
    return problem_;
  }

private:
  parameters query_;
  std::string problem_;
};

void read_close(reader& query, route& result) {
  std::uint16_t code = 1000;
  query.number("code", code, 1000, 4999);
  result.details = {static_cast<close_code>(code), query.take("reason").value_or("")};
  // A frame without a code is the one case that has no code of its own to send.
  if (result.details.code == close_code::no_status && result.details.reason.empty())
    return;
  if (auto problem = why_not_sendable(result.details); !problem.empty())
    query.complain(problem);
}

void read_parameters(reader& query, std::string_view path, route& result) {
  std::uint64_t delay = 0;
  auto sends = result.what == behaviour::echo || result.what == behaviour::flood
               || result.what == behaviour::slow;
  if (sends)
    query.number("deflate", result.deflate, 0, 1);
  switch (result.what) {
    case behaviour::echo: return query.number("fragment", result.fragment, 16, 1U << 20U);
    case behaviour::close: return path == "/close" ? read_close(query, result) : void();
    case behaviour::flood:
      query.number("n", result.count, 0, 1'000'000'000'000);
      return query.number("size", result.size, 0, 64U << 20U);
    case behaviour::slow:
      query.number("ms", delay, 0, 3'600'000);
      result.delay = std::chrono::milliseconds{delay};
      return;
    case behaviour::refuse:
      result.status = 503;
      return query.number("status", result.status, 200, 599);
    case behaviour::drop:
    case behaviour::silent:
    case behaviour::stall: return;
  }
}

constexpr std::pair<std::string_view, behaviour> paths[] = {
  {"/echo", behaviour::echo},   {"/close", behaviour::close},   {"/accept-close", behaviour::close},
  {"/drop", behaviour::drop},   {"/flood", behaviour::flood},   {"/slow", behaviour::slow},
  {"/stall", behaviour::stall}, {"/silent", behaviour::silent}, {"/refuse", behaviour::refuse},
};

} // namespace

route parse_route(std::string_view target) {
  route result;
  auto path = target.substr(0, target.find('?'));
  const auto* found = std::find_if(std::begin(paths), std::end(paths),
                                   [path](const auto& entry) { return entry.first == path; });
  if (found == std::end(paths)) {
    result.status = 404;
    result.problem = "no such path";
    return result;
  }
  result.what = found->second;
  auto parsed = split_query(target.substr(std::min(target.size(), path.size() + 1)));
  reader query{parsed.value_or(parameters{})};
  if (!parsed)
    query.complain("malformed query");
  read_parameters(query, path, result);
  result.problem = query.finish();
  if (!result.problem.empty())
    result.status = 400;
  return result;
}

} // namespace wsengine::examples
