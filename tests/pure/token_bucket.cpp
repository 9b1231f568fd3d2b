// token_bucket.cpp: how fast something may be done.

#define CAF_SUITE token_bucket

#include "rules/token_bucket.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <random>
#include <vector>

using namespace std::chrono_literals;
using wsengine::rules::token_bucket;

namespace {

constexpr token_bucket::time_point start{1h};

} // namespace

CAF_TEST(a full bucket gives its burst and then waits) {
  token_bucket uut{10, 3};
  for (int i = 0; i < 3; ++i) {
    CAF_CHECK(uut.when(start) == start);
    CAF_CHECK(uut.take(start));
  }
  CAF_CHECK(!uut.take(start));
  CAF_CHECK(uut.when(start) == start + 100ms);
  CAF_CHECK(!uut.take(start + 99ms));
  CAF_CHECK(uut.take(start + 100ms));
  CAF_CHECK(!uut.take(start + 100ms));
}

CAF_TEST(a bucket never holds more than its burst) {
  token_bucket uut{10, 2};
  uut.take(start);
  for (int i = 0; i < 2; ++i)
    CAF_CHECK(uut.take(start + 24h));
  CAF_CHECK(!uut.take(start + 24h));
}

CAF_TEST(those ahead count) {
  token_bucket uut{10, 2};
  CAF_CHECK(uut.when(start, 1) == start);
  CAF_CHECK(uut.when(start, 2) == start + 100ms);
  CAF_CHECK(uut.when(start, 12) == start + 1100ms);
}

CAF_TEST(other numbers hold at once and what was taken stays taken) {
  token_bucket uut{10, 2};
  uut.take(start);
  uut.take(start);
  uut.configure(10, 3);
  CAF_CHECK(uut.take(start));
  CAF_CHECK(!uut.take(start));
  uut.configure(1, 1);
  CAF_CHECK(!uut.take(start + 299ms));
  CAF_CHECK(uut.take(start + 300ms));
  CAF_CHECK(uut.when(start + 300ms) == start + 1300ms);
}

CAF_TEST(no time sees more than the burst and the rate) {
  std::minstd_rand random{1};
  for (auto rate : {0.001, 0.7, 3.0, 1000.0, 1e6}) {
    constexpr std::uint32_t burst = 5;
    token_bucket uut{rate, burst};
    auto now = start;
    std::vector<double> taken;
    while (taken.size() < 300) {
      if (uut.take(now))
        taken.push_back(std::chrono::duration<double>(now - start).count());
      // About three tries for each token.
      now += std::chrono::nanoseconds{static_cast<std::int64_t>(random() % 1000 * 0.7e6 / rate)};
    }
    for (std::size_t i = 0; i < taken.size(); ++i)
      for (auto j = i; j < taken.size(); ++j)
        CAF_REQUIRE(double(j - i + 1) <= burst + rate * (taken[j] - taken[i]) + 1e-6);
  }
}

CAF_TEST(whoever asks for the next token gets it then) {
  token_bucket uut{3, 1};
  auto now = start;
  for (int i = 0; i < 100; ++i) {
    now = uut.when(now);
    CAF_CHECK(uut.take(now));
  }
  CAF_CHECK(now >= start + 33s);
  CAF_CHECK(now < start + 33001ms);
}
