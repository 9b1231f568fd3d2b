// register_types.cpp: see wsengine/cluster/register_types.hpp.

#include "wsengine/cluster/register_types.hpp"

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
}

} // namespace wsengine::cluster
