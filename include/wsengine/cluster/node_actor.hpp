// node_actor.hpp: the actor by which other nodes have engines run on this one.

#pragma once

#include "wsengine/client_actor.hpp"
#include "wsengine/cluster/error.hpp"
#include "wsengine/cluster/remote_connection.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/connector.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/options.hpp"
#include "wsengine/spawn_engine.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wsengine::cluster {

// -- messages -------------------------------------------------------------------------------------

/// Who gets the callbacks of an engine; exactly one field is set.
struct client_choice {
  /// An actor on any node.
  client_actor single;
  /// An actor on any node that takes batches: the better choice on another one, for each request is
  /// a round trip.
  batch_client_actor batches;
  /// A client type of the node (`node_options::client_types`), of which one is made.
  std::string type;
};

WSENGINE_INSPECT(client_choice, single, batches, type)

/// Spawns an engine. Answered with it; it is idle until `start_msg`. The node keeps it until its
/// client is dead or `drop_engine_msg` comes; with `client_down_policy::keep`, until that comes.
/// Fails with `name_taken`, `no_such_client`, `draining`, or `engine_errc::invalid_options`.
struct spawn_engine_msg {
  /// Tells the engines of a node apart; not empty.
  std::string name;
  engine_options options;
  client_choice client;
};

WSENGINE_INSPECT(spawn_engine_msg, name, options, client)

/// Asks for the engine of that name; `no_such_engine` when there is none.
struct find_engine_msg {
  std::string name;
};

WSENGINE_INSPECT(find_engine_msg, name)

/// Stops the engine of that name and lets go of it. Answered when it is stopped, with
/// `no_such_engine` when there is none.
struct drop_engine_msg {
  std::string name;
};

WSENGINE_INSPECT(drop_engine_msg, name)

/// Stops all engines as `stop_msg` does, and takes no new ones from now on. Answered when all are
/// stopped: every `on_close` has run, everything that was queued has been written.
struct drain_msg {};

WSENGINE_INSPECT_EMPTY(drain_msg)

/// Asks how the node is.
struct node_report_msg {};

WSENGINE_INSPECT_EMPTY(node_report_msg)

/// How a node is.
struct node_report {
  std::string name;
  /// How many engines it has.
  std::uint64_t engines = 0;
  /// How many processes want to run there, on average over a minute, per processor.
  double load = 0;
  /// How much memory its process uses, in bytes.
  std::uint64_t resident_bytes = 0;
  bool draining = false;
};

WSENGINE_INSPECT(node_report, name, engines, load, resident_bytes, draining)

/// Has engines and connections run on its node. All of it can be asked from any node.
using node_actor = connection_source_actor::extend<answers<spawn_engine_msg, engine_actor>, //
                                                   answers<find_engine_msg, engine_actor>,  //
                                                   answers<drop_engine_msg, void>,          //
                                                   answers<drain_msg, void>,                //
                                                   answers<node_report_msg, node_report>>;

// -- spawning -------------------------------------------------------------------------------------

/// A client that a node has made; exactly one of the two is set.
struct local_client {
  client_actor actor;
  std::shared_ptr<callbacks> object;
  /// Where the callbacks of `object` run.
  placement where = placement::scheduler;
};

/// Makes a client of a type for the engine with that name. Called by the node's actor; must not
/// block. An error or an exception is `no_such_client`.
using client_factory =
  std::function<caf::expected<local_client>(caf::actor_system& system, const std::string& name)>;

/// What a node offers.
struct node_options {
  /// What it is called in reports.
  std::string name;
  /// Makes the connector of each engine, and of connections for engines on other nodes.
  std::function<connector()> connect;
  /// The functions that engines here are spawned with.
  engine_hooks hooks;
  /// The kinds of clients that can be asked for by name.
  std::map<std::string, client_factory> client_types;
};

/// Spawns the actor; `listen` lets other nodes reach it. It stops its engines when it ends.
node_actor spawn_node(caf::actor_system& system, node_options options);

} // namespace wsengine::cluster

WSENGINE_MESSAGE_TYPE(104, wsengine::cluster::client_choice)
WSENGINE_MESSAGE_TYPE(105, wsengine::cluster::spawn_engine_msg)
WSENGINE_MESSAGE_TYPE(106, wsengine::cluster::find_engine_msg)
WSENGINE_MESSAGE_TYPE(107, wsengine::cluster::drop_engine_msg)
WSENGINE_MESSAGE_TYPE(108, wsengine::cluster::drain_msg)
WSENGINE_MESSAGE_TYPE(109, wsengine::cluster::node_report_msg)
WSENGINE_MESSAGE_TYPE(110, wsengine::cluster::node_report)
WSENGINE_MESSAGE_TYPE(111, wsengine::cluster::node_actor)
