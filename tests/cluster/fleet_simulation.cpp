// fleet_simulation.cpp: whatever fails, no key is ever live twice, and in the end each is live
// once.

#define CAF_SUITE fleet_simulation

#include "cluster/fleet_simulation.hpp"

#include "wsengine/testing/unit_test.hpp"

using namespace wsengine::tests;

namespace {

// The first seed that shows the flaw; zero when none of the first hundred does.
unsigned first_broken_seed(flaw how) {
  for (unsigned seed = 1; seed <= 100; ++seed)
    if (!fleet_simulation{seed, how}.run().empty())
      return seed;
  return 0;
}

} // namespace

CAF_TEST(no key is live twice and all are live in the end) {
  for (unsigned seed = 1; seed <= 80; ++seed) {
    auto wrong = fleet_simulation{seed, flaw::none}.run();
    CAF_CHECK_EQUAL(wrong, "");
    if (!wrong.empty())
      CAF_MESSAGE("seed " << seed << ": " << wrong);
  }
}

CAF_TEST(each of the rules is needed) {
  CAF_CHECK(first_broken_seed(flaw::no_quiet_time) > 0);
  CAF_CHECK(first_broken_seed(flaw::no_fencing) > 0);
  CAF_CHECK(first_broken_seed(flaw::no_epochs) > 0);
}
