// cluster_config.hpp: a configuration that knows the messages between nodes.

#pragma once

#include "wsengine/cluster/register_types.hpp"
#include "wsengine/config.hpp"

namespace wsengine::tests {

struct cluster_config : config {
  cluster_config() { cluster::register_types(*this); }
};

} // namespace wsengine::tests
