// error.hpp: what can go wrong between nodes.

#pragma once

#include "wsengine/compat.hpp"

#include <cstdint>
#include <string>

namespace wsengine {

/// What can go wrong between nodes. What a transport says itself is in the text.
enum class cluster_errc : std::uint8_t {
  /// An option has a bad value; the text names every one.
  invalid_options = 1,
  /// The node cannot listen at its address, or its certificate cannot be used.
  listen_failed,
  /// The other node cannot be reached, does not trust us, or is none that we trust.
  join_failed,
  /// The node has an engine of that name already.
  name_taken,
  /// The node has no engine of that name.
  no_such_engine,
  /// The node has no client type of that name, or the message names no client at all.
  no_such_client,
  /// The node takes no new engines: it is about to leave.
  draining,
  /// The node of the connection is gone, or could not make one.
  node_lost,
  /// The fleet has a specification with that key already.
  key_taken,
  /// The fleet has no specification with that key.
  no_such_key,
  /// The fleet has no node of that name, or it may not have sessions.
  no_such_node,
  /// The fleet has no nodes.
  no_nodes,
  /// The node has no lease for that, or another one.
  not_leased,
  /// The node could not start it; the text says why.
  start_failed,
};

/// Returns the name of the value.
std::string to_string(cluster_errc code);

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(6, wsengine::cluster_errc)

WSENGINE_ERROR_CATEGORY(wsengine::cluster_errc, "ws_cluster")
