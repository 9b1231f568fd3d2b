// duration.cpp: see duration.hpp.

#include "duration.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <system_error>
#include <utility>

namespace wsengine::cli {

namespace {

/// The units with their nanoseconds, from long to short.
constexpr std::pair<std::string_view, double> units[] = {
  {"h", 3600e9}, {"m", 60e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3},
};

constexpr double longest = 100.0 * 365 * 24 * 3600e9;

} // namespace

std::optional<timespan> parse_duration(std::string_view text) {
  double number = 0;
  const auto* last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, number, std::chars_format::fixed);
  if (ec != std::errc{} || std::signbit(number) || !std::isfinite(number))
    return std::nullopt;
  std::string_view unit{end, static_cast<std::size_t>(last - end)};
  if (unit.empty() && number == 0)
    return timespan{0};
  for (const auto& [name, nanoseconds] : units)
    if (name == unit && number * nanoseconds <= longest)
      return timespan{std::llround(number * nanoseconds)};
  return std::nullopt;
}

std::string format_duration(timespan value) {
  auto count = static_cast<double>(value.count());
  auto unit = std::begin(units);
  while (std::next(unit) != std::end(units) && count < unit->second)
    ++unit;
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.4g", count / unit->second);
  return buffer + std::string{unit->first};
}

} // namespace wsengine::cli
