// connector.hpp: how an engine gets its connections.

#pragma once

#include "wsengine/connection_actor.hpp"
#include "wsengine/hosted.hpp"

#include <caf/local_actor.hpp>

#include <functional>

namespace wsengine {

/// Makes connections for one engine. Adapters return one; it is handed to `spawn_engine`.
struct connector {
  /// The I/O thread on which engine, reader and connection run; null for CAF's scheduler.
  io_unit* unit = nullptr;
  /// Spawns a connection for one session. Called by the engine, in its own context, before each
  /// attempt; must not block. The engine links itself to the result. Who wants to know what the
  /// connection carries says `observation_of(engine)`.
  std::function<connection_actor(caf::local_actor& engine)> spawn;
};

} // namespace wsengine
