// register_types.cpp: see wsengine/cluster/register_types.hpp.

#include "wsengine/cluster/register_types.hpp"

#include "wsengine/cluster/fleet.hpp"
#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/cluster/remote_connection.hpp"
#include "wsengine/cluster/transport.hpp"

namespace wsengine::cluster {

void register_types(caf::actor_system_config& config) {
  config.add_message_type<transport_options>("wsengine::cluster::transport_options")
    .add_message_type<make_connection_msg>("wsengine::cluster::make_connection_msg")
    .add_message_type<connection_source_actor>("wsengine::cluster::connection_source_actor")
    .add_message_type<client_choice>("wsengine::cluster::client_choice")
    .add_message_type<spawn_engine_msg>("wsengine::cluster::spawn_engine_msg")
    .add_message_type<find_engine_msg>("wsengine::cluster::find_engine_msg")
    .add_message_type<drop_engine_msg>("wsengine::cluster::drop_engine_msg")
    .add_message_type<drain_msg>("wsengine::cluster::drain_msg")
    .add_message_type<node_report_msg>("wsengine::cluster::node_report_msg")
    .add_message_type<node_report>("wsengine::cluster::node_report")
    .add_message_type<node_actor>("wsengine::cluster::node_actor");
  // The messages of a fleet.
  config.add_message_type<specification>("wsengine::cluster::specification")
    .add_message_type<add_specifications_msg>("wsengine::cluster::add_specifications_msg")
    .add_message_type<remove_specifications_msg>("wsengine::cluster::remove_specifications_msg")
    .add_message_type<drain_node_msg>("wsengine::cluster::drain_node_msg")
    .add_message_type<admit_node_msg>("wsengine::cluster::admit_node_msg")
    .add_message_type<move_specification_msg>("wsengine::cluster::move_specification_msg")
    .add_message_type<fleet_status_msg>("wsengine::cluster::fleet_status_msg")
    .add_message_type<fleet_node>("wsengine::cluster::fleet_node")
    .add_message_type<fleet_session>("wsengine::cluster::fleet_session")
    .add_message_type<fleet_status>("wsengine::cluster::fleet_status")
    .add_message_type<roster_version>("wsengine::cluster::roster_version")
    .add_message_type<roster_entry>("wsengine::cluster::roster_entry")
    .add_message_type<roster_msg>("wsengine::cluster::roster_msg")
    .add_message_type<roster_change_msg>("wsengine::cluster::roster_change_msg")
    .add_message_type<get_roster_msg>("wsengine::cluster::get_roster_msg")
    .add_message_type<start_key_msg>("wsengine::cluster::start_key_msg")
    .add_message_type<stop_key_msg>("wsengine::cluster::stop_key_msg")
    .add_message_type<member_session>("wsengine::cluster::member_session")
    .add_message_type<member_sessions_msg>("wsengine::cluster::member_sessions_msg")
    .add_message_type<leave_fleet_msg>("wsengine::cluster::leave_fleet_msg")
    .add_message_type<member_actor>("wsengine::cluster::member_actor")
    .add_message_type<member_identity>("wsengine::cluster::member_identity")
    .add_message_type<node_vitals>("wsengine::cluster::node_vitals")
    .add_message_type<enroll_msg>("wsengine::cluster::enroll_msg")
    .add_message_type<renew_lease_msg>("wsengine::cluster::renew_lease_msg")
    .add_message_type<lease_grant>("wsengine::cluster::lease_grant")
    .add_message_type<key_ended_msg>("wsengine::cluster::key_ended_msg")
    .add_message_type<leaving_msg>("wsengine::cluster::leaving_msg")
    .add_message_type<left_msg>("wsengine::cluster::left_msg")
    .add_message_type<director_actor>("wsengine::cluster::director_actor")
    .add_message_type<find_director_msg>("wsengine::cluster::find_director_msg")
    .add_message_type<director_finder_actor>("wsengine::cluster::director_finder_actor")
    .add_message_type<std::vector<member_session>>(
      "std::vector<wsengine::cluster::member_session>");
}

} // namespace wsengine::cluster
