// register_types.cpp: see register_types.hpp.

#include "wsengine/register_types.hpp"

#include "wsengine/client_actor.hpp"
#include "wsengine/close.hpp"
#include "wsengine/cluster/error.hpp"
#include "wsengine/connection_actor.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/error.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"
#include "wsengine/options.hpp"
#include "wsengine/provider.hpp"
#include "wsengine/proxy.hpp"
#include "wsengine/secret.hpp"
#include "wsengine/sending.hpp"
#include "wsengine/session.hpp"

#include <caf/message.hpp>

namespace wsengine {

namespace {

// Enums travel inside of structs only; by themselves they are no messages.

void register_values(caf::actor_system_config& config) {
  config.add_message_type<close_details>("wsengine::close_details")
    .add_message_type<handshake_request>("wsengine::handshake_request")
    .add_message_type<handshake_response>("wsengine::handshake_response")
    .add_message_type<tls_summary>("wsengine::tls_summary")
    .add_message_type<secret>("wsengine::secret")
    .add_message_type<payload>("wsengine::payload")
    .add_message_type<data_message>("wsengine::data_message")
    .add_message_type<message_batch>("wsengine::message_batch")
    .add_message_type<session_id>("wsengine::session_id")
    .add_message_type<session>("wsengine::session")
    .add_message_type<phase_name>("wsengine::phase_name");
}

void register_options(caf::actor_system_config& config) {
  config.add_message_type<connection_timeouts>("wsengine::connection_timeouts")
    .add_message_type<tls_options>("wsengine::tls_options")
    .add_message_type<proxy_options>("wsengine::proxy_options")
    .add_message_type<deflate_options>("wsengine::deflate_options")
    .add_message_type<tcp_keepalive_options>("wsengine::tcp_keepalive_options")
    .add_message_type<connection_options>("wsengine::connection_options")
    .add_message_type<backoff_options>("wsengine::backoff_options")
    .add_message_type<reconnect_budget_options>("wsengine::reconnect_budget_options")
    .add_message_type<circuit_options>("wsengine::circuit_options")
    .add_message_type<engine_timeouts>("wsengine::engine_timeouts")
    .add_message_type<outbox_options>("wsengine::outbox_options")
    .add_message_type<setup_message>("wsengine::setup_message")
    .add_message_type<engine_options>("wsengine::engine_options")
    .add_message_type<option_problem>("wsengine::option_problem");
}

void register_connection(caf::actor_system_config& config) {
  config.add_message_type<dial_msg>("wsengine::dial_msg")
    .add_message_type<demand_msg>("wsengine::demand_msg")
    .add_message_type<credit_msg>("wsengine::credit_msg")
    .add_message_type<read_msg>("wsengine::read_msg")
    .add_message_type<write_msg>("wsengine::write_msg")
    .add_message_type<write_batch_msg>("wsengine::write_batch_msg")
    .add_message_type<ping_msg>("wsengine::ping_msg")
    .add_message_type<close_msg>("wsengine::close_msg")
    .add_message_type<wait_closed_msg>("wsengine::wait_closed_msg")
    .add_message_type<connection_actor>("wsengine::connection_actor");
}

void register_client(caf::actor_system_config& config) {
  config.add_message_type<on_open>("wsengine::on_open")
    .add_message_type<on_message>("wsengine::on_message")
    .add_message_type<on_messages>("wsengine::on_messages")
    .add_message_type<on_read_error>("wsengine::on_read_error")
    .add_message_type<on_close>("wsengine::on_close")
    .add_message_type<on_close_error>("wsengine::on_close_error")
    .add_message_type<on_restart_error>("wsengine::on_restart_error")
    .add_message_type<client_actor>("wsengine::client_actor")
    .add_message_type<batch_client_actor>("wsengine::batch_client_actor");
}

void register_engine(caf::actor_system_config& config) {
  config.add_message_type<circuit_status>("wsengine::circuit_status")
    .add_message_type<engine_status>("wsengine::engine_status")
    .add_message_type<start_msg>("wsengine::start_msg")
    .add_message_type<stop_msg>("wsengine::stop_msg")
    .add_message_type<status_msg>("wsengine::status_msg")
    .add_message_type<pause_msg>("wsengine::pause_msg")
    .add_message_type<lease>("wsengine::lease")
    .add_message_type<resume_msg>("wsengine::resume_msg")
    .add_message_type<set_client_msg>("wsengine::set_client_msg")
    .add_message_type<set_batch_client_msg>("wsengine::set_batch_client_msg")
    .add_message_type<request_msg>("wsengine::request_msg")
    .add_message_type<wait_stopped_msg>("wsengine::wait_stopped_msg")
    .add_message_type<stop_report>("wsengine::stop_report")
    .add_message_type<provide_msg>("wsengine::provide_msg")
    .add_message_type<provider_actor>("wsengine::provider_actor")
    .add_message_type<engine_actor>("wsengine::engine_actor");
}

void register_sending(caf::actor_system_config& config) {
  config.add_message_type<send_msg>("wsengine::send_msg")
    .add_message_type<send_receipt>("wsengine::send_receipt")
    .add_message_type<subscribe_msg>("wsengine::subscribe_msg")
    .add_message_type<unsubscribe_msg>("wsengine::unsubscribe_msg");
}

template <class Code>
void register_category(caf::actor_system_config& config) {
  config.add_error_category(
    caf::detail::error_factory<Code>::category,
    [](std::uint8_t code, caf::atom_value category, const caf::message& context) {
      return describe(caf::error{code, category, context});
    });
}

} // namespace

void register_types(caf::actor_system_config& config) {
  register_values(config);
  register_options(config);
  register_connection(config);
  register_client(config);
  register_engine(config);
  register_sending(config);
  register_category<dial_errc>(config);
  register_category<connection_errc>(config);
  register_category<engine_errc>(config);
  register_category<send_errc>(config);
  register_category<request_errc>(config);
  register_category<cluster_errc>(config);
  register_category<session_signal>(config);
}

} // namespace wsengine
