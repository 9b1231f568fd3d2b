// mutations.cpp: engines that are broken on purpose; the simulation must notice each.

#define CAF_SUITE mutations

#include "scene.hpp"
#include "simulation/broken_engine.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <optional>

using namespace wsengine;
using namespace wsengine::simulation;
using namespace wsengine::tests;
using internal::fault;

namespace {

// The slowest to be noticed takes a quarter of that.
constexpr std::uint64_t seeds = 400;
constexpr std::size_t steps = 400;

/// The first seed with which the fault is noticed.
std::optional<std::uint64_t> first_seed(fault what) {
  broken_engine broken{what};
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    if (auto how = play(make_plan(seed, steps)); !how.rule.empty()) {
      CAF_MESSAGE("fault " << static_cast<int>(what) << ": seed " << seed << ", step " << how.steps
                           << ": " << how.failure);
      return seed;
    }
  return std::nullopt;
}

} // namespace

CAF_TEST(there are at least ten faults) {
  CAF_CHECK(internal::all_faults.size() >= 10);
}

CAF_TEST(each fault is noticed) {
  for (auto what : internal::all_faults)
    if (!first_seed(what))
      CAF_ERROR("fault " << static_cast<int>(what) << " goes unnoticed");
}

CAF_TEST(the sound engine is not blamed) {
  CAF_CHECK(!first_seed(fault::none));
}
