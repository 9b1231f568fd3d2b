// shrink.hpp: the shortest plan that still breaks a rule.

#pragma once

#include "plan.hpp"

#include <cstddef>
#include <functional>

namespace wsengine::simulation {

/// Whether a plan breaks a rule.
using breaks_rule = std::function<bool(const plan&)>;

/// Takes away steps as long as the plan still breaks a rule (delta debugging): halves, quarters,
/// and so on down to single steps. Tries at most `most_tries` plans.
plan shrink(plan what, const breaks_rule& breaks, std::size_t most_tries = 3000);

} // namespace wsengine::simulation
