// route.cpp: see route.hpp.

#include "server/route.hpp"

#include <charconv>

namespace wsengine::bench {

namespace {

// A flood is made in memory block by block, so one message must fit.
constexpr std::size_t max_size = 64U << 20U;

std::optional<behaviour> behaviour_of(std::string_view path) {
  if (path == "/echo")
    return behaviour::echo;
  if (path == "/flood")
    return behaviour::flood;
  if (path == "/sink")
    return behaviour::sink;
  if (path == "/hold")
    return behaviour::hold;
  if (path == "/drop")
    return behaviour::drop;
  return std::nullopt;
}

bool apply(route& to, std::string_view key, std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return false;
  if (key == "n")
    to.n = value;
  else if (key == "size")
    to.size = value;
  else if (key == "deflate")
    to.deflate = value != 0;
  else
    return false;
  return to.size <= max_size;
}

// Cuts off what comes before the first `at`, and `at` itself.
std::string_view take_until(std::string_view& from, char at) {
  auto end = from.find(at);
  auto result = from.substr(0, end);
  from = end == std::string_view::npos ? std::string_view{} : from.substr(end + 1);
  return result;
}

} // namespace

std::optional<route> parse_route(std::string_view target) {
  auto what = behaviour_of(take_until(target, '?'));
  if (!what)
    return std::nullopt;
  route result;
  result.what = *what;
  while (!target.empty()) {
    auto text = take_until(target, '&');
    auto key = take_until(text, '=');
    if (!apply(result, key, text))
      return std::nullopt;
  }
  return result;
}

} // namespace wsengine::bench
