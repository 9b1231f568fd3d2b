// shared_options.hpp: options and hooks that many engines have in common are kept once.

#pragma once

#include "wsengine/options.hpp"
#include "wsengine/spawn_engine.hpp"

#include <memory>

namespace wsengine::internal {

/// The options, shared with the engine that was spawned last if it has the same ones: thousands of
/// engines differ in their URLs as a rule, and in nothing else. Callable from any thread.
std::shared_ptr<const engine_options> share(engine_options what);

/// The hooks, shared with all engines that have none either. Callable from any thread.
std::shared_ptr<const engine_hooks> share(engine_hooks what);

} // namespace wsengine::internal
