// register_types.hpp: makes the messages between nodes known to CAF.

#pragma once

#include <caf/actor_system_config.hpp>

namespace wsengine::cluster {

/// Registers all message types of the cluster; `node_config` does that by itself. Call it besides
/// `wsengine::register_types`.
void register_types(caf::actor_system_config& config);

} // namespace wsengine::cluster
