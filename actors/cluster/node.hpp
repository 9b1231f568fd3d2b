// node.hpp: the actor that has engines run on its node for others.

#pragma once

#include "cluster/connection_source.hpp"

#include "wsengine/cluster/node_actor.hpp"

#include <caf/response_promise.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <string>
#include <vector>

namespace wsengine::internal {

/// Spawns engines by name and keeps them: other nodes only have handles to them, which keep nothing
/// alive here.
class node : public cluster::node_actor::base {
public:
  node(caf::actor_config& cfg, cluster::node_options options);

  const char* name() const override { return "wsengine.node"; }

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  struct resident {
    engine_actor engine;
    // Null when it was made for the engine, and ends with it.
    caf::actor_addr client;
    client_down_policy on_client_down = client_down_policy::stop;
  };

  caf::result<engine_actor> spawn_one(cluster::spawn_engine_msg& what);
  caf::expected<cluster::local_client> make_client(const std::string& type,
                                                   const std::string& name);
  caf::expected<engine_actor> spawn_for(cluster::spawn_engine_msg& what,
                                        cluster::local_client& made);
  caf::result<engine_actor> find_one(const std::string& name) const;
  caf::result<void> drop_one(const std::string& name);
  caf::result<void> drain();
  void drained_one();
  cluster::node_report report() const;
  void handle_down(const caf::down_msg& what);

  cluster::node_options options_;
  lent_connections lent_;
  std::map<std::string, resident> engines_;
  bool draining_ = false;
  std::size_t stopping_ = 0;
  std::vector<caf::response_promise> drains_;
};

} // namespace wsengine::internal
