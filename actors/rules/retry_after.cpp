// retry_after.cpp: see retry_after.hpp.

#include "rules/retry_after.hpp"

#include "vocabulary/ascii.hpp"
#include "vocabulary/http_date.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>

namespace wsengine::rules {

namespace {

// More than anybody means, and far from overflowing.
constexpr auto longest = std::chrono::hours(24 * 365);

timespan in_seconds(const std::string& digits) {
  std::uint64_t count = 0;
  auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (ec != std::errc{})
    return longest;
  return std::chrono::seconds(
    std::min<std::uint64_t>(count, std::chrono::seconds{longest}.count()));
}

} // namespace

timespan retry_after(const handshake_response& response, timestamp now) {
  if (response.status != 429 && response.status != 503)
    return timespan{0};
  const auto* value = find_header(response.headers, "Retry-After");
  if (value == nullptr || value->empty())
    return timespan{0};
  if (std::all_of(value->begin(), value->end(), ascii::is_digit))
    return in_seconds(*value);
  auto when = parse_http_date(*value);
  if (!when)
    return timespan{0};
  if (const auto* sent = find_header(response.headers, "Date"))
    now = parse_http_date(*sent).value_or(now);
  return std::clamp<timespan>(*when - now, timespan{0}, longest);
}

} // namespace wsengine::rules
