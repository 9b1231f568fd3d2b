// fleet.hpp: sessions that survive the loss of a machine: a director has specifications run on the
// nodes of its fleet, each on one node at a time.

#pragma once

#include "wsengine/cluster/error.hpp"
#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/cluster/transport.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/options.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace wsengine::cluster {

// -- specifications -------------------------------------------------------------------------------

/// A session that the fleet is to have.
struct specification {
  /// Tells it apart from all others of the fleet; not empty. The engine on the node has this name.
  std::string key;
  engine_options options;
  /// Which client the node makes for it (`node_options::client_types`).
  std::string client_type;

  friend bool operator==(const specification&, const specification&) = default;
};

WSENGINE_INSPECT(specification, key, options, client_type)

/// Lists every field of it with a bad value; empty when all are good.
[[nodiscard]] std::vector<option_problem> validate(const specification& what);

/// Where a specification is in its life.
enum class specification_state : std::uint8_t {
  /// It runs nowhere, and waits for a node, for its turn, or for its next attempt.
  waiting,
  /// Its node was told to start it, and its first session is not open yet.
  starting,
  /// Its session has been open; its engine sees to it that it is again.
  live,
  /// Its node was told to stop it.
  stopping,
  /// Its client has ended it. It stays away until somebody moves it.
  finished,
};

/// Returns the name of the value.
std::string to_string(specification_state state);

// -- what operators ask the director --------------------------------------------------------------

/// The fleet is to have these, too. Answered when every connected node knows of it: then the
/// specifications survive the director. Fails as a whole with `invalid_options`, `key_taken`, or
/// `no_nodes`; nothing is added then.
struct add_specifications_msg {
  std::vector<specification> what;
};

WSENGINE_INSPECT(add_specifications_msg, what)

/// The fleet is to have these no more. Answered when they are stopped; `no_such_key` when one is
/// unknown, and nothing is removed then.
struct remove_specifications_msg {
  std::vector<std::string> keys;
};

WSENGINE_INSPECT(remove_specifications_msg, keys)

/// Moves everything off a node, one session after the other: each is closed there, with all that
/// was queued written, before it is started elsewhere. Answered when the node has none any more; as
/// long as there is no other node they stay. `no_such_node`.
struct drain_node_msg {
  std::string node;
};

WSENGINE_INSPECT(drain_node_msg, node)

/// A node that was drained may have sessions again. `no_such_node`.
struct admit_node_msg {
  std::string node;
};

WSENGINE_INSPECT(admit_node_msg, node)

/// Moves a session to a node, where it stays until the nodes of the fleet change; one that is
/// finished begins again. Answered when the order is known to be possible. `no_such_key`,
/// `no_such_node`.
struct move_specification_msg {
  std::string key;
  std::string node;
};

WSENGINE_INSPECT(move_specification_msg, key, node)

/// Asks how the fleet is. Nodes are asked in turn, and those that do not answer are left out.
struct fleet_status_msg {};

WSENGINE_INSPECT_EMPTY(fleet_status_msg)

/// How a node of the fleet is.
struct fleet_node {
  std::string name;
  /// Whether the director can reach it.
  bool connected = false;
  bool draining = false;
  /// How many specifications are there.
  std::uint64_t sessions = 0;
  /// Until when nothing of it is placed elsewhere if it does not renew its lease.
  timespan lease_left = timespan::zero();
  /// The load and the memory that it has told last; see `node_report`.
  double load = 0;
  std::uint64_t resident_bytes = 0;
};

WSENGINE_INSPECT(fleet_node, name, connected, draining, sessions, lease_left, load, resident_bytes)

/// How a specification is.
struct fleet_session {
  std::string key;
  std::string url;
  /// Where it is; empty when nowhere.
  std::string node;
  specification_state state = specification_state::waiting;
  /// What its engine is doing; only when it is somewhere and its node has answered.
  optional<engine_state> engine;
  /// How often it has failed in a row.
  std::uint32_t failures = 0;
  /// Why it last ended or could not be started.
  std::string last_error;
};

WSENGINE_INSPECT(fleet_session, key, url, node, state, engine, failures, last_error)

/// How the fleet is.
struct fleet_status {
  /// How long nothing is started yet, because leases of the director before may hold.
  timespan quiet_left = timespan::zero();
  std::vector<fleet_node> nodes;
  std::vector<fleet_session> sessions;
};

WSENGINE_INSPECT(fleet_status, quiet_left, nodes, sessions)

// -- what director and members tell each other ----------------------------------------------------

/// Tells rosters apart, the newer one being the larger one. Two that are equal have the same
/// content.
struct roster_version {
  /// Each director takes a larger one than it has seen.
  std::uint64_t term = 0;
  std::uint64_t changes = 0;
  /// A random number that tells directors apart that have not seen each other's rosters.
  std::uint64_t author = 0;

  friend bool operator==(const roster_version&, const roster_version&) = default;

  friend bool operator<(const roster_version& x, const roster_version& y) noexcept {
    return std::tie(x.term, x.changes, x.author) < std::tie(y.term, y.changes, y.author);
  }
};

WSENGINE_INSPECT(roster_version, term, changes, author)

/// A specification as all members know it.
struct roster_entry {
  specification what;
  /// Whether its client has ended it.
  bool finished = false;

  friend bool operator==(const roster_entry&, const roster_entry&) = default;
};

WSENGINE_INSPECT(roster_entry, what, finished)

/// All specifications. Every member has a copy, from which a new director learns them.
struct roster_msg {
  roster_version version;
  std::vector<roster_entry> entries;
};

WSENGINE_INSPECT(roster_msg, version, entries)

/// What has changed in a roster.
struct roster_change_msg {
  roster_version version;
  std::vector<roster_entry> entries;
  std::vector<std::string> removed;
};

WSENGINE_INSPECT(roster_change_msg, version, entries, removed)

/// Asks a member for its roster.
struct get_roster_msg {};

WSENGINE_INSPECT_EMPTY(get_roster_msg)

/// Has a member start what the roster has under that key. Answered when its first session is open,
/// or with the error why it is not: `start_failed`, `engine_errc::exited`, or `not_leased` when the
/// epoch is not that of its lease.
struct start_key_msg {
  std::uint64_t epoch = 0;
  std::string key;
};

WSENGINE_INSPECT(start_key_msg, epoch, key)

/// Has a member stop what it runs under that key. Answered when it is stopped; `not_leased`.
struct stop_key_msg {
  std::uint64_t epoch = 0;
  std::string key;
};

WSENGINE_INSPECT(stop_key_msg, epoch, key)

/// What an engine of a member is doing.
struct member_session {
  std::string key;
  engine_state state = engine_state::idle;
};

WSENGINE_INSPECT(member_session, key, state)

/// Asks a member what its engines are doing.
struct member_sessions_msg {};

WSENGINE_INSPECT_EMPTY(member_sessions_msg)

/// Has a member leave the fleet: its sessions are moved to other nodes, or stopped where there are
/// none. Answered when there are none left; then its node may end.
struct leave_fleet_msg {};

WSENGINE_INSPECT_EMPTY(leave_fleet_msg)

/// A node of a fleet, as the director sees it.
using member_actor = caf::typed_actor<answers<get_roster_msg, roster_msg>,                       //
                                      answers<roster_msg, void>,                                 //
                                      answers<roster_change_msg, void>,                          //
                                      answers<start_key_msg, void>,                              //
                                      answers<stop_key_msg, void>,                               //
                                      answers<member_sessions_msg, std::vector<member_session>>, //
                                      answers<leave_fleet_msg, void>>;

/// Tells a process that is a member.
struct member_identity {
  /// The name of the node.
  std::string node;
  /// Tells processes apart that have had the same name.
  std::string process;
};

WSENGINE_INSPECT(member_identity, node, process)

/// How busy a process and its machine are; see `node_report`.
struct node_vitals {
  double load = 0;
  std::uint64_t resident_bytes = 0;
};

WSENGINE_INSPECT(node_vitals, load, resident_bytes)

/// A member comes to the director, for the first time or again. Answered with a lease;
/// `name_taken` when another process of that name may have sessions live.
struct enroll_msg {
  member_identity who;
  member_actor member;
  /// Of the last lease that it had; zero when it had none.
  std::uint64_t last_epoch = 0;
  bool draining = false;
  roster_version roster;
  /// What runs there.
  std::vector<std::string> running;
  /// What clients have ended there, as far as the member does not know that a director knows.
  std::vector<std::string> finished;
  node_vitals vitals;
};

WSENGINE_INSPECT(enroll_msg, who, member, last_epoch, draining, roster, running, finished, vitals)

/// A member wants its lease again. Fails with `not_leased` when it has lost it: then it ends what
/// it runs and enrolls anew.
struct renew_lease_msg {
  member_identity who;
  std::uint64_t epoch = 0;
  node_vitals vitals;
};

WSENGINE_INSPECT(renew_lease_msg, who, epoch, vitals)

/// A member may have sessions live, for `length` from when it asked, on the director's clock.
struct lease_grant {
  std::uint64_t epoch = 0;
  timespan length = timespan::zero();
  /// See `director_options`.
  double drift = 0;
  timespan fencing = timespan::zero();
  bool draining = false;
};

WSENGINE_INSPECT(lease_grant, epoch, length, drift, fencing, draining)

/// What a member ran under that key has ended by itself.
struct key_ended_msg {
  member_identity who;
  std::uint64_t epoch = 0;
  std::string key;
  /// Whether its client wanted that.
  bool finished = false;
  std::string why;
};

WSENGINE_INSPECT(key_ended_msg, who, epoch, key, finished, why)

/// A member wants to leave. Answered when it has no sessions any more, or there is no node that
/// could take them.
struct leaving_msg {
  member_identity who;
};

WSENGINE_INSPECT(leaving_msg, who)

/// A member has ended all of its sessions and comes no more.
struct left_msg {
  member_identity who;
};

WSENGINE_INSPECT(left_msg, who)

/// The director of a fleet. All of it can be asked from any node.
using director_actor = caf::typed_actor<answers<add_specifications_msg, void>,    //
                                        answers<remove_specifications_msg, void>, //
                                        answers<drain_node_msg, void>,            //
                                        answers<admit_node_msg, void>,            //
                                        answers<move_specification_msg, void>,    //
                                        answers<fleet_status_msg, fleet_status>,  //
                                        answers<enroll_msg, lease_grant>,         //
                                        answers<renew_lease_msg, lease_grant>,    //
                                        answers<key_ended_msg, void>,             //
                                        answers<leaving_msg, void>,               //
                                        answers<left_msg, void>>;

// -- the director ---------------------------------------------------------------------------------

/// What a director goes by. See docs/fleet.md for how the times hang together.
struct director_options {
  /// How long a node may have sessions live without hearing from the director. Longer than the
  /// network and the director may be away for a moment; as long as a dead node's sessions are away.
  timespan lease = std::chrono::seconds(10);
  /// How long a node may take to end its sessions when its lease is over.
  timespan fencing = std::chrono::seconds(1);
  /// By which part a clock may run slower than another one; from 0 to 0.5.
  double drift = 0.01;
  /// By how much a node may have more sessions than its even share; at least 1.
  double slack = 1.25;
  /// How many sessions are started per second in the long run, from 0.001 to 1000000, and at once
  /// after a time without any, from 1 to 1000000.
  double starts_per_second = 100;
  std::uint32_t start_burst = 10;
  /// How many sessions at a time are on their way from the same node to others; at least 1.
  std::uint32_t moves_at_once = 1;
  /// How long a specification that could not be started waits; twice as long each time, up to
  /// `retry_cap`.
  timespan retry_after = std::chrono::seconds(1);
  timespan retry_cap = std::chrono::seconds(60);
  /// Whether there has been no director of this fleet before, at least for `lease` and `fencing`:
  /// then sessions are started at once. Otherwise it waits so long for nodes to tell what they run.
  bool is_first = false;

  friend bool operator==(const director_options&, const director_options&) = default;
};

/// Lists every field with a bad value; empty when all are good.
[[nodiscard]] std::vector<option_problem> validate(const director_options& options);

/// Spawns a director. A fleet must have one at a time. `listen` lets others reach it. Fails with
/// `invalid_options`.
caf::expected<director_actor> spawn_director(caf::actor_system& system,
                                             const director_options& options);

// -- members --------------------------------------------------------------------------------------

/// Asks where the director is.
struct find_director_msg {};

WSENGINE_INSPECT_EMPTY(find_director_msg)

/// Finds the director for members.
using director_finder_actor = caf::typed_actor<answers<find_director_msg, director_actor>>;

/// Spawns an actor that joins one address after the other, a next one each time it is asked. There
/// is at least one.
director_finder_actor spawn_director_finder(caf::actor_system& system,
                                            const transport_options& transport,
                                            std::vector<endpoint> where);

/// What makes a node a member of a fleet.
struct member_options {
  /// The name of the node in the fleet; no other member has it.
  std::string name;
  /// Has the engines run. The member asks it for engines that have the keys as names.
  node_actor node;
  director_finder_actor finder;
  /// How long to wait between two attempts to reach the director.
  timespan retry = std::chrono::seconds(1);
  /// How long the director may take for an answer before it counts as lost. Less than half of its
  /// `director_options::lease`, so that there is time to find it again.
  timespan patience = std::chrono::seconds(3);
};

/// Spawns the actor that does what the director says. When its lease is over it ends the sessions
/// of the fleet by itself.
member_actor spawn_member(caf::actor_system& system, member_options options);

} // namespace wsengine::cluster

WSENGINE_MESSAGE_TYPE(112, wsengine::cluster::specification)
WSENGINE_MESSAGE_TYPE(113, wsengine::cluster::add_specifications_msg)
WSENGINE_MESSAGE_TYPE(114, wsengine::cluster::remove_specifications_msg)
WSENGINE_MESSAGE_TYPE(115, wsengine::cluster::drain_node_msg)
WSENGINE_MESSAGE_TYPE(116, wsengine::cluster::admit_node_msg)
WSENGINE_MESSAGE_TYPE(117, wsengine::cluster::move_specification_msg)
WSENGINE_MESSAGE_TYPE(118, wsengine::cluster::fleet_status_msg)
WSENGINE_MESSAGE_TYPE(119, wsengine::cluster::fleet_node)
WSENGINE_MESSAGE_TYPE(120, wsengine::cluster::fleet_session)
WSENGINE_MESSAGE_TYPE(121, wsengine::cluster::fleet_status)
WSENGINE_MESSAGE_TYPE(122, wsengine::cluster::roster_version)
WSENGINE_MESSAGE_TYPE(123, wsengine::cluster::roster_entry)
WSENGINE_MESSAGE_TYPE(124, wsengine::cluster::roster_msg)
WSENGINE_MESSAGE_TYPE(125, wsengine::cluster::roster_change_msg)
WSENGINE_MESSAGE_TYPE(126, wsengine::cluster::get_roster_msg)
WSENGINE_MESSAGE_TYPE(127, wsengine::cluster::start_key_msg)
WSENGINE_MESSAGE_TYPE(128, wsengine::cluster::stop_key_msg)
WSENGINE_MESSAGE_TYPE(129, wsengine::cluster::member_session)
WSENGINE_MESSAGE_TYPE(130, wsengine::cluster::member_sessions_msg)
WSENGINE_MESSAGE_TYPE(131, wsengine::cluster::leave_fleet_msg)
WSENGINE_MESSAGE_TYPE(132, wsengine::cluster::member_actor)
WSENGINE_MESSAGE_TYPE(133, wsengine::cluster::member_identity)
WSENGINE_MESSAGE_TYPE(134, wsengine::cluster::node_vitals)
WSENGINE_MESSAGE_TYPE(135, wsengine::cluster::enroll_msg)
WSENGINE_MESSAGE_TYPE(136, wsengine::cluster::renew_lease_msg)
WSENGINE_MESSAGE_TYPE(137, wsengine::cluster::lease_grant)
WSENGINE_MESSAGE_TYPE(138, wsengine::cluster::key_ended_msg)
WSENGINE_MESSAGE_TYPE(139, wsengine::cluster::leaving_msg)
WSENGINE_MESSAGE_TYPE(140, wsengine::cluster::left_msg)
WSENGINE_MESSAGE_TYPE(141, wsengine::cluster::director_actor)
WSENGINE_MESSAGE_TYPE(142, wsengine::cluster::find_director_msg)
WSENGINE_MESSAGE_TYPE(143, wsengine::cluster::director_finder_actor)
WSENGINE_MESSAGE_TYPE(144, std::vector<wsengine::cluster::member_session>)
