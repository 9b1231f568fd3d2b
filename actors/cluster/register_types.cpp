// register_types.cpp: see wsengine/cluster/register_types.hpp.

#include "wsengine/cluster/register_types.hpp"

#include "director.hpp"
#include "member.hpp"

#include "wsengine/cluster/fleet.hpp"
#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/cluster/remote_connection.hpp"
#include "wsengine/cluster/transport.hpp"

#include <caf/io/middleman.hpp>

namespace wsengine::cluster {

void register_types(caf::actor_system_config& config) {
  compat::type_registry to{config};
  to.add<transport_options>("wsengine::cluster::transport_options")
    .add<make_connection_msg>("wsengine::cluster::make_connection_msg")
    .add<connection_source_actor>("wsengine::cluster::connection_source_actor")
    .add<client_choice>("wsengine::cluster::client_choice")
    .add<spawn_engine_msg>("wsengine::cluster::spawn_engine_msg")
    .add<find_engine_msg>("wsengine::cluster::find_engine_msg")
    .add<drop_engine_msg>("wsengine::cluster::drop_engine_msg")
    .add<drain_msg>("wsengine::cluster::drain_msg")
    .add<node_report_msg>("wsengine::cluster::node_report_msg")
    .add<node_report>("wsengine::cluster::node_report")
    .add<node_actor>("wsengine::cluster::node_actor");
  // The messages of a fleet.
  to.add<specification>("wsengine::cluster::specification")
    .add<add_specifications_msg>("wsengine::cluster::add_specifications_msg")
    .add<remove_specifications_msg>("wsengine::cluster::remove_specifications_msg")
    .add<drain_node_msg>("wsengine::cluster::drain_node_msg")
    .add<admit_node_msg>("wsengine::cluster::admit_node_msg")
    .add<move_specification_msg>("wsengine::cluster::move_specification_msg")
    .add<fleet_status_msg>("wsengine::cluster::fleet_status_msg")
    .add<fleet_node>("wsengine::cluster::fleet_node")
    .add<fleet_session>("wsengine::cluster::fleet_session")
    .add<fleet_status>("wsengine::cluster::fleet_status")
    .add<roster_version>("wsengine::cluster::roster_version")
    .add<roster_entry>("wsengine::cluster::roster_entry")
    .add<roster_msg>("wsengine::cluster::roster_msg")
    .add<roster_change_msg>("wsengine::cluster::roster_change_msg")
    .add<get_roster_msg>("wsengine::cluster::get_roster_msg")
    .add<start_key_msg>("wsengine::cluster::start_key_msg")
    .add<stop_key_msg>("wsengine::cluster::stop_key_msg")
    .add<member_session>("wsengine::cluster::member_session")
    .add<member_sessions_msg>("wsengine::cluster::member_sessions_msg")
    .add<leave_fleet_msg>("wsengine::cluster::leave_fleet_msg")
    .add<member_actor>("wsengine::cluster::member_actor")
    .add<member_identity>("wsengine::cluster::member_identity")
    .add<node_vitals>("wsengine::cluster::node_vitals")
    .add<enroll_msg>("wsengine::cluster::enroll_msg")
    .add<renew_lease_msg>("wsengine::cluster::renew_lease_msg")
    .add<lease_grant>("wsengine::cluster::lease_grant")
    .add<key_ended_msg>("wsengine::cluster::key_ended_msg")
    .add<leaving_msg>("wsengine::cluster::leaving_msg")
    .add<left_msg>("wsengine::cluster::left_msg")
    .add<director_actor>("wsengine::cluster::director_actor")
    .add<find_director_msg>("wsengine::cluster::find_director_msg")
    .add<director_finder_actor>("wsengine::cluster::director_finder_actor")
    .add<std::vector<member_session>>("std::vector<wsengine::cluster::member_session>");
  // What actors of this node tell themselves.
  to.add_local<internal::seek_again>()
    .add_local<internal::renewal_due>()
    .add_local<internal::lease_check>()
    .add_local<internal::look_again>();
  compat::register_module_types<caf::io::middleman>();
}

} // namespace wsengine::cluster
