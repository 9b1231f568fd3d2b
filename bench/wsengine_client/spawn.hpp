// spawn.hpp: an engine for a scenario, with the kind of client that the command line asks for.

#pragma once

#include "wsengine_client/actor_adapter.hpp"
#include "wsengine_client/callback_adapter.hpp"
#include "wsengine_client/environment.hpp"

#include "wsengine/all.hpp"

#include <caf/actor_cast.hpp>

#include <memory>
#include <stdexcept>

namespace wsengine::bench {

/// Spawns an actor that carries the scenario where the command line says.
template <class Adapter, class Scenario>
auto spawn_actor(environment& env, io_unit& unit, Scenario& scenario) {
  switch (env.where()) {
    case placement::io_thread: return env.io().template spawn<Adapter>(unit, &scenario);
    case placement::detached: return env.system().template spawn<Adapter, caf::detached>(&scenario);
    default: return env.system().template spawn<Adapter>(&scenario);
  }
}

/// The scenario must outlive the environment.
template <class Scenario>
engine_actor spawn(environment& env, Scenario& scenario) {
  auto connect = beast_connector(env.io());
  auto& unit = *connect.unit;
  auto spawn_for = [&](auto client, auto... where) {
    auto result =
      spawn_engine(env.system(), std::move(connect), env.options(), client, where..., env.hooks());
    if (!result)
      fail(result.error());
    return *result;
  };
  const auto& kind = env.args().client;
  if (kind == "callbacks")
    return spawn_for(std::make_shared<callback_adapter<Scenario>>(scenario), env.where());
  if (kind == "actor")
    return spawn_for(spawn_actor<actor_adapter<client_actor, Scenario>>(env, unit, scenario));
  return spawn_for(spawn_actor<actor_adapter<batch_client_actor, Scenario>>(env, unit, scenario));
}

/// Runs a scenario of one session to its end.
template <class Scenario>
void run_session(environment& env, Scenario& scenario) {
  env.run(spawn(env, scenario));
  if (!scenario.complete())
    throw std::runtime_error("the session ended too early");
}

} // namespace wsengine::bench
