// node_system.hpp: the actor system of the commands that are nodes.

#pragma once

#include "wsengine/cluster/transport.hpp"

#include <caf/atom.hpp>

#include <cstddef>

namespace wsengine::cli {

/// See `program_config` of `connect`.
struct node_system_config : cluster::node_config {
  explicit node_system_config(const cluster::transport_options& options) : node_config(options) {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{2});
  }
};

} // namespace wsengine::cli
