// http_date.cpp: see http_date.hpp.

#include "http_date.hpp"

#include "ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace wsengine {

namespace {

// -- tokens ---------------------------------------------------------------------------------------

/// What is left of a text that is read from left to right.
struct scanner {
  std::string_view rest;

  /// Takes a number of `least` to `most` digits; nothing when there is none.
  std::optional<unsigned> number(std::size_t least, std::size_t most) {
    std::size_t size = 0;
    while (size < rest.size() && ascii::is_digit(rest[size]))
      ++size;
    if (size < least || size > most)
      return std::nullopt;
    unsigned result = 0;
    std::from_chars(rest.data(), rest.data() + size, result);
    rest.remove_prefix(size);
    return result;
  }

  bool take(char c) {
    if (!rest.starts_with(c))
      return false;
    rest.remove_prefix(1);
    return true;
  }
};

/// The parts of a date as they are found.
struct date_parts {
  std::optional<std::chrono::seconds> time;
  std::optional<unsigned> day;
  std::optional<unsigned> month;
  std::optional<unsigned> year;
};

std::optional<std::chrono::seconds> time_in(std::string_view token) {
  scanner from{token};
  auto hours = from.number(1, 2);
  if (!hours || !from.take(':'))
    return std::nullopt;
  auto minutes = from.number(1, 2);
  if (!minutes || !from.take(':'))
    return std::nullopt;
  auto seconds = from.number(1, 2);
  // 60 is a leap second.
  if (!seconds || *hours > 23 || *minutes > 59 || *seconds > 60)
    return std::nullopt;
  return std::chrono::hours{*hours} + std::chrono::minutes{*minutes}
         + std::chrono::seconds{*seconds};
}

std::optional<unsigned> month_in(std::string_view token) {
  constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
  auto found = std::find_if(names.begin(), names.end(), [&](auto name) {
    return ascii::starts_with_ignoring_case(token, name);
  });
  if (found == names.end())
    return std::nullopt;
  return static_cast<unsigned>(found - names.begin()) + 1;
}

std::optional<unsigned> year_in(std::string_view token) {
  auto year = scanner{token}.number(2, 4);
  if (year && *year < 100)
    *year += *year < 70 ? 2000 : 1900;
  return year;
}

void take_token(std::string_view token, date_parts& into) {
  if (!into.time && (into.time = time_in(token)))
    return;
  if (!into.day && (into.day = scanner{token}.number(1, 2)))
    return;
  if (!into.month && (into.month = month_in(token)))
    return;
  if (!into.year)
    into.year = year_in(token);
}

bool is_delimiter(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte == 0x09 || (byte >= 0x20 && byte <= 0x2F) || (byte >= 0x3B && byte <= 0x40)
         || (byte >= 0x5B && byte <= 0x60) || (byte >= 0x7B && byte <= 0x7E);
}

} // namespace

std::optional<timestamp> parse_http_date(std::string_view text) {
  date_parts parts;
  while (!text.empty()) {
    auto end = std::find_if(text.begin(), text.end(), is_delimiter);
    auto size = static_cast<std::size_t>(end - text.begin());
    take_token(text.substr(0, size), parts);
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  if (!parts.time || !parts.day || !parts.month || !parts.year)
    return std::nullopt;
  using namespace std::chrono;
  year_month_day date{year{static_cast<int>(std::clamp(*parts.year, 1970U, 2200U))},
                      month{*parts.month}, day{*parts.day}};
  if (!date.ok() || *parts.year < 1601)
    return std::nullopt;
  return timestamp{sys_days{date}.time_since_epoch() + *parts.time};
}

} // namespace wsengine
