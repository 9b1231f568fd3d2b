// backoff.cpp: delays, their growth, jitter, reset, and the limit of attempts.

#define CAF_SUITE backoff

#include "rules/backoff.hpp"

#include "wsengine/testing/unit_test.hpp"

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

backoff_options exact() {
  backoff_options result;
  result.base = 100ms;
  result.factor = 3.0;
  result.cap = 2s;
  result.jitter = 0.0;
  result.stable_after = 10s;
  return result;
}

} // namespace

CAF_TEST(delays grow by the factor up to the cap) {
  rules::backoff uut{exact()};
  CAF_CHECK_EQUAL(uut.next_delay(0.5), timespan{100ms});
  CAF_CHECK_EQUAL(uut.next_delay(0.5), timespan{300ms});
  CAF_CHECK_EQUAL(uut.next_delay(0.5), timespan{900ms});
  for (int i = 0; i < 5000; ++i)
    CAF_REQUIRE_EQUAL(uut.next_delay(0.5), timespan{2s});
}

CAF_TEST(the jitter takes away up to its part of the delay) {
  auto options = exact();
  options.jitter = 0.4;
  rules::backoff low{options};
  rules::backoff high{options};
  CAF_CHECK_EQUAL(low.next_delay(0.0), timespan{100ms});
  CAF_CHECK_EQUAL(high.next_delay(0.5), timespan{80ms});
  options.jitter = 1.0;
  rules::backoff all{options};
  CAF_CHECK(all.next_delay(0.999) < 1ms);
}

CAF_TEST(only a stable session makes delays short again) {
  rules::backoff uut{exact()};
  uut.next_delay(0);
  uut.opened();
  uut.closed_after(10s - 1ns);
  CAF_CHECK_EQUAL(uut.next_delay(0), timespan{300ms});
  uut.opened();
  uut.closed_after(10s);
  CAF_CHECK_EQUAL(uut.next_delay(0), timespan{100ms});
}

CAF_TEST(failures count from zero and start again after success) {
  rules::backoff uut{exact()};
  CAF_CHECK_EQUAL(uut.failed(), 0U);
  CAF_CHECK_EQUAL(uut.failed(), 1U);
  CAF_CHECK_EQUAL(uut.failures(), 2U);
  uut.opened();
  CAF_CHECK_EQUAL(uut.failures(), 0U);
  CAF_CHECK_EQUAL(uut.failed(), 0U);
}

CAF_TEST(attempts end at the limit and only there) {
  auto options = exact();
  options.max_attempts = 2;
  rules::backoff uut{options};
  uut.failed();
  CAF_CHECK(!uut.exhausted());
  uut.failed();
  CAF_CHECK(uut.exhausted());
  uut.reset();
  CAF_CHECK(!uut.exhausted());
  rules::backoff unlimited{exact()};
  for (int i = 0; i < 1000; ++i)
    unlimited.failed();
  CAF_CHECK(!unlimited.exhausted());
}
