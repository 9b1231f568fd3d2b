// retry_after.cpp: dates of HTTP, and how long a server asks us to stay away.

#define CAF_SUITE retry_after

#include "rules/retry_after.hpp"

#include "rules/backoff.hpp"
#include "vocabulary/http_date.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

constexpr timestamp epoch{};
// Sun, 06 Nov 1994 08:49:37 GMT, as in RFC 9110.
constexpr timestamp example = epoch + 784111777s;

timespan asked(std::uint16_t status, header_fields headers, timestamp now = example) {
  handshake_response response;
  response.status = status;
  response.headers = std::move(headers);
  return rules::retry_after(response, now);
}

} // namespace

// -- dates ----------------------------------------------------------------------------------------

CAF_TEST(the formats of HTTP and of cookies) {
  for (const auto* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994", "sun, 6-NOV-1994 8:49:37"})
    CAF_CHECK(parse_http_date(text) == example);
  CAF_CHECK(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == epoch);
  CAF_CHECK(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT") == epoch + 1709251200s);
}

CAF_TEST(years out of reach are cut off) {
  CAF_CHECK(*parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT") > epoch + 24h * 365 * 200);
  CAF_CHECK(*parse_http_date("Mon, 01 Jan 1601 00:00:00 GMT") == epoch);
}

CAF_TEST(what is no date) {
  for (const auto* text : {"", "0", "soon", "Sun, 06 Nov 1994", "08:49:37", "06 Nov 1994 24:00:00",
                           "31 Feb 2024 00:00:00", "06 Nov 1600 08:49:37", "06 Xyz 1994 08:49:37",
                           "00 Nov 1994 08:49:37", "06 Nov 1994 08:60:00"})
    CAF_CHECK(!parse_http_date(text));
}

// -- Retry-After ----------------------------------------------------------------------------------

CAF_TEST(seconds) {
  CAF_CHECK(asked(503, {{"retry-after", "120"}}) == 120s);
  CAF_CHECK(asked(429, {{"Retry-After", "0"}}) == 0s);
  CAF_CHECK(asked(429, {{"Retry-After", "99999999999999999999999"}}) == 24h * 365);
}

CAF_TEST(dates count from the clock of the server) {
  header_fields in_a_minute{{"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"}};
  CAF_CHECK(asked(503, in_a_minute) == 60s);
  CAF_CHECK(asked(503, in_a_minute, example + 61s) == 0s);
  in_a_minute.emplace_back("Date", "Sun, 06 Nov 1994 08:50:07 GMT");
  CAF_CHECK(asked(503, in_a_minute, example + 24h) == 30s);
}

CAF_TEST(other statuses and what cannot be understood) {
  for (std::uint16_t status : {200, 301, 403, 404, 500, 502})
    CAF_CHECK(asked(status, {{"Retry-After", "120"}}) == 0s);
  for (const auto* value : {"", "-1", "1.5", "soon"})
    CAF_CHECK(asked(503, {{"Retry-After", value}}) == 0s);
  CAF_CHECK(asked(503, {}) == 0s);
}

// -- the delay ------------------------------------------------------------------------------------

CAF_TEST(a delay is not shorter than what is asked for up to the cap) {
  backoff_options options;
  options.base = 1s;
  options.factor = 2;
  options.cap = 8s;
  options.jitter = 0;
  options.retry_after_cap = 60s;
  rules::backoff uut{options};
  CAF_CHECK(uut.next_delay(0, 30s) == 30s);
  CAF_CHECK(uut.next_delay(0, 1s) == 2s);
  CAF_CHECK(uut.next_delay(0, 10min) == 60s);
  CAF_CHECK(uut.next_delay(0) == 8s);
  options.retry_after_cap = 0s;
  rules::backoff deaf{options};
  CAF_CHECK(deaf.next_delay(0, 30s) == 1s);
}

CAF_TEST(the random part comes on top of what is asked for) {
  backoff_options options;
  options.base = 4s;
  options.jitter = 0.5;
  rules::backoff uut{options};
  CAF_CHECK(uut.next_delay(0.5, 30s) == 31s);
}
