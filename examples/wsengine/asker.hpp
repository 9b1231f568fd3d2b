// asker.hpp: the actor that asks engine and connection on behalf of standard input, and reports
// their answers.

#pragma once

#include "output.hpp"
#include "reporter.hpp"

#include "wsengine/all.hpp"

#include <caf/actor_system.hpp>

#include <atomic>
#include <cstddef>

namespace wsengine::cli {

/// How many questions wait for their answers.
using question_count = std::atomic<std::size_t>;

/// Spawns an actor for `status_msg`, `ping_msg` with a `session`, `pause_msg`, and `resume_msg`. It
/// holds the lease of a pause. Complaints go to `errors`. It counts itself out of `open` with each
/// answer; what it refers to must outlive it.
caf::actor spawn_asker(caf::actor_system& system, const engine_actor& engine, reporter& report,
                       output& errors, question_count& open);

} // namespace wsengine::cli
