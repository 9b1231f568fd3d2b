// spawn_engine.hpp: the way in: spawns an engine for a client.

#pragma once

#include "wsengine/callbacks.hpp"
#include "wsengine/client_actor.hpp"
#include "wsengine/connector.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/options.hpp"
#include "wsengine/provider.hpp"
#include "wsengine/request.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace wsengine {

class observer;
class tracer;

/// Where callbacks run.
enum class placement : std::uint8_t {
  /// On CAF's scheduler. A callback that blocks keeps a worker busy.
  scheduler,
  /// On the I/O thread of the session: the fastest, but a callback must not block.
  io_thread,
  /// On threads of their own, one for each handler; a callback may block.
  detached,
};

/// Functions of the user that an engine calls. They run on the engine's thread and must not block.
struct engine_hooks {
  /// With more than one handler: messages whose keys are equal and not empty are delivered in
  /// order, one after the other. Without it, their order is not kept.
  std::function<std::string(const data_message&)> message_key;
  /// Tells which message is the answer to which request, see `request_msg`; it may be called on
  /// every message that comes while a request waits. `json_key` makes one. Without it there are no
  /// requests, and no message is looked at.
  key_function request_key;
  /// Draws the jitter of the backoff, from 0 up to, not including, 1. Default: a random generator.
  std::function<double()> random;
  /// Asked before every attempt for URL, headers and credentials.
  provider_function provide;
  /// The same as an actor. When both are given, it gets what the function has returned.
  provider_actor provider;
  /// Told what happens, see `wsengine/observer.hpp`. Null: nobody looks on, and nothing is counted.
  std::shared_ptr<observer> watcher = nullptr;
  /// Makes spans of what happens, see `wsengine/tracing.hpp`. Null: nothing is traced.
  std::shared_ptr<const tracer> traces = nullptr;
};

/// Spawns an engine for a client actor. It is idle until `start_msg`. Fails with
/// `engine_errc::invalid_options`, naming every bad field.
caf::expected<engine_actor> spawn_engine(caf::actor_system& system, connector connect,
                                         engine_options options, client_actor client,
                                         engine_hooks hooks = {});

/// Spawns an engine for a client actor that takes messages in batches.
caf::expected<engine_actor> spawn_engine(caf::actor_system& system, connector connect,
                                         engine_options options, batch_client_actor client,
                                         engine_hooks hooks = {});

/// Spawns an engine for an object with callbacks; it is destroyed with the engine.
caf::expected<engine_actor> spawn_engine(caf::actor_system& system, connector connect,
                                         engine_options options, std::shared_ptr<callbacks> client,
                                         placement where = placement::scheduler,
                                         engine_hooks hooks = {});

} // namespace wsengine
