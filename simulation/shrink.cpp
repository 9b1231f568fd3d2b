// shrink.cpp: see shrink.hpp.

#include "shrink.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::simulation {

namespace {

plan without(const plan& what, std::size_t first, std::size_t count) {
  auto result = what;
  auto begin = result.steps.begin() + static_cast<std::ptrdiff_t>(first);
  result.steps.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  return result;
}

} // namespace

plan shrink(plan what, const breaks_rule& breaks, std::size_t most_tries) {
  std::size_t tries = 0;
  for (auto size = std::max<std::size_t>(what.steps.size() / 2, 1); size > 0;) {
    auto progress = false;
    for (std::size_t first = 0; first < what.steps.size();) {
      auto count = std::min(size, what.steps.size() - first);
      auto shorter = without(what, first, count);
      if (++tries > most_tries)
        return what;
      if (breaks(shorter)) {
        what = std::move(shorter);
        progress = true;
      } else {
        first += count;
      }
    }
    // Steps that could go one by one may let others go.
    if (size > 1 || !progress)
      size /= 2;
  }
  return what;
}

} // namespace wsengine::simulation
