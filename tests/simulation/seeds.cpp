// seeds.cpp: a fixed set of seeds, and what the simulation itself promises.

#define CAF_SUITE seeds

#include "scene.hpp"
#include "shrink.hpp"
#include "simulation/broken_engine.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <regex>
#include <string>

using namespace wsengine;
using namespace wsengine::simulation;
using namespace wsengine::tests;

namespace {

constexpr std::uint64_t seeds = 500;
constexpr std::size_t steps = 500;

/// The trace without session ids, which are drawn anew each time, and without the time of day.
std::string story_of(const outcome& what) {
  static const std::regex id{"[0-9a-f]{16}"};
  std::string result;
  for (auto line : what.trace) {
    if (auto status = line.find("engine_status("); status != std::string::npos)
      line.resize(status);
    result += std::regex_replace(line, id, "ID") + '\n';
  }
  return result;
}

} // namespace

CAF_TEST(engines keep the rules) {
  std::size_t steps_made = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    auto result = play(make_plan(seed, steps));
    steps_made += result.steps;
    if (!result.rule.empty())
      CAF_ERROR("seed " << seed << ", step " << result.steps << ": " << result.failure);
  }
  CAF_CHECK_EQUAL(steps_made, seeds * steps);
}

CAF_TEST(seeds that have broken a rule keep it) {
  // A grant that met a read that failed; clients that were replaced in on_open; the count of failed
  // attempts over several starts, and over several clients; an engine that ended while it paused.
  for (std::uint64_t seed : {23262, 3035, 39230, 19776, 24319, 101107}) {
    auto result = play(make_plan(seed, steps));
    if (!result.rule.empty())
      CAF_ERROR("seed " << seed << ", step " << result.steps << ": " << result.failure);
    CAF_CHECK_EQUAL(result.steps, steps);
  }
}

CAF_TEST(the same seed is the same run) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    auto first = story_of(play(make_plan(seed, 200), true));
    auto second = story_of(play(make_plan(seed, 200), true));
    CAF_CHECK(first.size() > 1000);
    CAF_CHECK(first == second);
  }
}

CAF_TEST(a plan is drawn from its seed alone) {
  auto first = make_plan(7, 100);
  auto longer = make_plan(7, 200);
  CAF_CHECK(std::equal(first.steps.begin(), first.steps.end(), longer.steps.begin()));
  CAF_CHECK(make_plan(8, 100).steps != first.steps);
}

CAF_TEST(a failing plan becomes short and breaks the same rule still) {
  broken_engine broken{internal::fault::duplicate};
  for (std::uint64_t seed = 1; seed < 100; ++seed) {
    auto long_one = make_plan(seed, steps);
    auto rule = play(long_one).rule;
    if (rule.empty())
      continue;
    auto breaks = [&rule](const plan& x) { return play(x).rule == rule; };
    auto short_one = shrink(long_one, breaks);
    CAF_MESSAGE("seed " << seed << ": " << short_one.steps.size() << " steps, " << rule);
    CAF_CHECK(breaks(short_one));
    CAF_CHECK(short_one.steps.size() < 40);
    return;
  }
  CAF_FAIL("no seed fails");
}
