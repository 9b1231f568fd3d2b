// sampling.cpp: which traces are recorded.

#define CAF_SUITE sampling

#include "rules/sampling.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <limits>
#include <random>

using namespace wsengine;
using rules::is_sampled;

namespace {

constexpr trace_id lowest{1, 0};
constexpr trace_id highest{1, std::numeric_limits<std::uint64_t>::max()};

} // namespace

CAF_TEST(all or none) {
  for (auto id : {lowest, highest}) {
    CAF_CHECK(is_sampled(id, 1));
    CAF_CHECK(is_sampled(id, 2));
    CAF_CHECK(!is_sampled(id, 0));
    CAF_CHECK(!is_sampled(id, -1));
    CAF_CHECK(!is_sampled(id, std::numeric_limits<double>::quiet_NaN()));
  }
}

CAF_TEST(a part is the ids below a bound) {
  constexpr auto middle = std::uint64_t{1} << 63U;
  CAF_CHECK(is_sampled({1, middle - 1}, 0.5));
  CAF_CHECK(!is_sampled({1, middle}, 0.5));
  CAF_CHECK(is_sampled(lowest, 1e-9));
  CAF_CHECK(!is_sampled(highest, 0.999999));
}

CAF_TEST(the first half of the id does not matter) {
  CAF_CHECK(is_sampled({0, 5}, 0.1) && is_sampled({highest.low, 5}, 0.1));
}

CAF_TEST(a larger part has all of a smaller one) {
  std::mt19937_64 source{1};
  auto small = 0;
  auto large = 0;
  for (int i = 0; i < 10000; ++i) {
    trace_id id{source(), source()};
    small += is_sampled(id, 0.1) ? 1 : 0;
    large += is_sampled(id, 0.2) ? 1 : 0;
    CAF_REQUIRE(!is_sampled(id, 0.1) || is_sampled(id, 0.2));
  }
  CAF_CHECK(900 < small && small < 1100);
  CAF_CHECK(1850 < large && large < 2150);
}
