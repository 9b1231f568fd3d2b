// register_types.hpp: makes every message type and error of wsengine known to CAF.

#pragma once

#include <caf/actor_system_config.hpp>

namespace wsengine {

/// Registers all message types and error categories. Call it on the configuration before the actor
/// system is made from it.
void register_types(caf::actor_system_config& config);

} // namespace wsengine
