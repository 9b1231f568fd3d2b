// joining.hpp: what all have in common who join other nodes.

#pragma once

#include "wsengine/cluster/transport.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/io/middleman_actor.hpp>

#include <set>
#include <string>

namespace wsengine::internal {

/// Whether that names this machine and nobody else can reach it.
[[nodiscard]] bool is_loopback(const std::string& host);

/// The actor of CAF that connects nodes, with TLS or without.
[[nodiscard]] caf::io::middleman_actor manager_of(caf::actor_system& system,
                                                  const cluster::transport_options& options);

/// Why a node may not be asked there; no error when it may.
[[nodiscard]] caf::error why_not_reachable(const cluster::transport_options& options,
                                           const cluster::endpoint& where);

/// `join_failed`, with what CAF says.
[[nodiscard]] caf::error join_error(const cluster::endpoint& where, const caf::error& cause);

/// What was found there, if it is what was looked for.
[[nodiscard]] caf::expected<caf::strong_actor_ptr>
joined(caf::actor_system& system, const cluster::endpoint& where, caf::strong_actor_ptr actor,
       const std::set<std::string>& offered, const std::set<std::string>& interface);

} // namespace wsengine::internal
