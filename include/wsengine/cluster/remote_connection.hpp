// remote_connection.hpp: connections on another node: the socket there, the engine here.

#pragma once

#include "wsengine/cluster/error.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/connection_actor.hpp"
#include "wsengine/connector.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace wsengine::cluster {

/// Asks for a connection that was not dialed yet. It lives no longer than the sender of this
/// message: when that dies, or its node is lost, the connection is closed.
struct make_connection_msg {};

WSENGINE_INSPECT_EMPTY(make_connection_msg)

/// Makes connections for engines on other nodes.
using connection_source_actor = caf::typed_actor<answers<make_connection_msg, connection_actor>>;

/// Spawns an actor that makes connections by `connect`, on the thread that `connect` names.
connection_source_actor spawn_connection_source(caf::actor_system& system, connector connect);

/// Makes connections on the node of `source`. Engine and reader run on `unit`, or on CAF's
/// scheduler for a null pointer. What is demanded here is what is read there: at most what the
/// engine's reader takes is under way between the nodes.
///
/// When the other node is lost, its sessions end as when their connections break: with 1006; writes
/// that were under way end with `connection_errc::write_unknown`. Until then a part of a message
/// (`data_message::last`) that was being written stays without an answer.
connector remote_connector(connection_source_actor source, io_unit* unit = nullptr);

} // namespace wsengine::cluster

WSENGINE_MESSAGE_TYPE(102, wsengine::cluster::make_connection_msg)
WSENGINE_MESSAGE_TYPE(103, wsengine::cluster::connection_source_actor)
