// node.cpp: see node.hpp.

#include "cluster/node.hpp"

#include "cluster/vital_signs.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>

#include <exception>
#include <utility>

namespace wsengine::internal {

using namespace cluster;

// -- the actor ------------------------------------------------------------------------------------

node::node(caf::actor_config& cfg, node_options options)
  : node_actor::base(cfg),
    options_(std::move(options)),
    lent_(*this, options_.connect) {
  set_down_handler([this](const caf::down_msg& what) { handle_down(what); });
  set_error_handler([](const caf::error&) {});
}

node::behavior_type node::make_behavior() {
  return {
    [this](const make_connection_msg&) -> caf::result<connection_actor> {
      return lent_.make(current_sender());
    },
    [this](spawn_engine_msg& what) { return spawn_one(what); },
    [this](const find_engine_msg& what) { return find_one(what.name); },
    [this](const drop_engine_msg& what) { return drop_one(what.name); },
    [this](const drain_msg&) { return drain(); },
    [this](const node_report_msg&) { return report(); },
  };
}

void node::on_exit() {
  lent_.end_all();
  for (const auto& [name, x] : std::exchange(engines_, {}))
    compat::send_exit(x.engine, caf::exit_reason::user_shutdown);
  for (auto& x : std::exchange(drains_, {}))
    x.deliver(make_error(cluster_errc::node_lost, "the node has ended"));
  options_ = {};
}

// -- engines --------------------------------------------------------------------------------------

caf::result<engine_actor> node::spawn_one(spawn_engine_msg& what) {
  if (draining_)
    return make_error(cluster_errc::draining, "the node is about to leave");
  if (what.name.empty())
    return make_error(cluster_errc::invalid_options, "name: must not be empty");
  if (engines_.count(what.name) > 0)
    return make_error(cluster_errc::name_taken, "there is an engine '" + what.name + "' already");
  auto& client = what.client;
  if ((client.single != nullptr) + (client.batches != nullptr) + !client.type.empty() != 1)
    return make_error(cluster_errc::no_such_client, "an engine needs one client");
  // Before a client is made that nobody would need.
  if (auto problem = to_error(validate(what.options)))
    return problem;
  caf::expected<local_client> made{local_client{client.single, {}, placement::scheduler}};
  if (!client.type.empty() && !(made = make_client(client.type, what.name)))
    return std::move(made.error());
  auto policy = what.options.on_client_down;
  auto result = spawn_for(what, *made);
  if (!result)
    return std::move(result.error());
  auto whom = client.batches ? caf::actor_cast<caf::actor>(client.batches)
                             : caf::actor_cast<caf::actor>(made->actor);
  monitor(*result);
  if (whom)
    monitor(whom);
  engines_.emplace(std::move(what.name),
                   resident{*result, whom ? whom.address() : caf::actor_addr{}, policy});
  return *result;
}

caf::expected<engine_actor> node::spawn_for(spawn_engine_msg& what, local_client& made) {
  auto connect = options_.connect();
  if (what.client.batches)
    return spawn_engine(system(), std::move(connect), std::move(what.options), what.client.batches,
                        options_.hooks);
  if (made.object)
    return spawn_engine(system(), std::move(connect), std::move(what.options),
                        std::move(made.object), made.where, options_.hooks);
  return spawn_engine(system(), std::move(connect), std::move(what.options), made.actor,
                      options_.hooks);
}

caf::expected<local_client> node::make_client(const std::string& type, const std::string& name) {
  auto found = options_.client_types.find(type);
  if (found == options_.client_types.end())
    return make_error(cluster_errc::no_such_client, "there is no client type '" + type + "'");
  try {
    return found->second(system(), name);
  } catch (const std::exception& x) {
    return make_error(cluster_errc::no_such_client, type + ": " + x.what());
  }
}

caf::result<engine_actor> node::find_one(const std::string& name) const {
  auto found = engines_.find(name);
  if (found == engines_.end())
    return make_error(cluster_errc::no_such_engine, "there is no engine '" + name + "'");
  return found->second.engine;
}

caf::result<void> node::drop_one(const std::string& name) {
  auto found = engines_.find(name);
  if (found == engines_.end())
    return make_error(cluster_errc::no_such_engine, "there is no engine '" + name + "'");
  auto promise = make_response_promise();
  auto engine = found->second.engine;
  auto gone = [engine] {
    // Other nodes' handles would keep it for ever.
    compat::send_exit(engine, caf::exit_reason::user_shutdown);
  };
  request(engine, caf::infinite, stop_msg{})
    .then(
      [gone, promise]() mutable {
        gone();
        promise.deliver(caf::unit);
      },
      [gone, promise](caf::error& cause) mutable {
        gone();
        if (is(cause, engine_errc::not_running))
          promise.deliver(caf::unit);
        else
          promise.deliver(std::move(cause));
      });
  return promise;
}

// -- leaving --------------------------------------------------------------------------------------

caf::result<void> node::drain() {
  auto promise = drains_.emplace_back(make_response_promise());
  if (!std::exchange(draining_, true)) {
    stopping_ = engines_.size();
    for (const auto& [name, x] : engines_)
      request(x.engine, caf::infinite, stop_msg{})
        .then([this] { drained_one(); }, [this](const caf::error&) { drained_one(); });
  }
  if (stopping_ == 0)
    for (auto& x : std::exchange(drains_, {}))
      x.deliver(caf::unit);
  return promise;
}

void node::drained_one() {
  if (--stopping_ == 0)
    for (auto& x : std::exchange(drains_, {}))
      x.deliver(caf::unit);
}

node_report node::report() const {
  return {options_.name, engines_.size(), load_per_processor(), resident_bytes(), draining_};
}

void node::handle_down(const caf::down_msg& what) {
  if (lent_.down(what.source))
    return;
  for (auto i = engines_.begin(); i != engines_.end();) {
    auto& x = i->second;
    if (x.engine.address() == what.source) {
      i = engines_.erase(i);
      continue;
    }
    // The engine ends its session because of that by itself, too.
    if (x.client == what.source && x.on_client_down == client_down_policy::stop)
      compat::send_exit(x.engine, caf::exit_reason::user_shutdown);
    ++i;
  }
}

} // namespace wsengine::internal

namespace wsengine::cluster {

node_actor spawn_node(caf::actor_system& system, node_options options) {
  return system.spawn<internal::node>(std::move(options));
}

} // namespace wsengine::cluster
