// spawn_engine.cpp: see wsengine/spawn_engine.hpp.

#include "wsengine/spawn_engine.hpp"

#include "callback_client.hpp"
#include "engine.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace wsengine {

namespace {

caf::expected<engine_actor> spawn_engine_for(caf::actor_system& system, connector connect,
                                             engine_options options, internal::client_port client,
                                             engine_hooks hooks) {
  auto* unit = connect.unit;
  caf::actor_config cfg{unit};
  engine_actor result = system.spawn_class<internal::engine, caf::no_spawn_options>(
    cfg, std::move(connect), std::move(options), std::move(client), std::move(hooks));
  if (unit)
    unit->adopt_engine(caf::actor_cast<caf::actor>(result));
  return result;
}

client_actor spawn_callback_client(caf::actor_system& system, io_unit* unit, placement where,
                                   std::shared_ptr<callbacks> object) {
  using impl = internal::callback_client;
  if (where == placement::detached)
    return caf::actor_cast<client_actor>(system.spawn<impl, caf::detached>(std::move(object)));
  caf::actor_config cfg{where == placement::io_thread ? unit : nullptr};
  return caf::actor_cast<client_actor>(
    system.spawn_class<impl, caf::no_spawn_options>(cfg, std::move(object)));
}

} // namespace

caf::expected<engine_actor> spawn_engine(caf::actor_system& system, connector connect,
                                         engine_options options, client_actor client,
                                         engine_hooks hooks) {
  if (auto problem = to_error(validate(options)))
    return problem;
  return spawn_engine_for(system, std::move(connect), std::move(options),
                          {std::move(client), {}, nullptr, placement::scheduler}, std::move(hooks));
}

caf::expected<engine_actor> spawn_engine(caf::actor_system& system, connector connect,
                                         engine_options options, batch_client_actor client,
                                         engine_hooks hooks) {
  if (auto problem = to_error(validate(options)))
    return problem;
  return spawn_engine_for(system, std::move(connect), std::move(options),
                          {client, client, nullptr, placement::scheduler}, std::move(hooks));
}

caf::expected<engine_actor> spawn_engine(caf::actor_system& system, connector connect,
                                         engine_options options, std::shared_ptr<callbacks> client,
                                         placement where, engine_hooks hooks) {
  if (auto problem = to_error(validate(options)))
    return problem;
  auto actor = spawn_callback_client(system, connect.unit, where, client);
  return spawn_engine_for(system, std::move(connect), std::move(options),
                          {std::move(actor), {}, std::move(client), where}, std::move(hooks));
}

} // namespace wsengine
