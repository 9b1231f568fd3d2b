// register_types.cpp: see register_types.hpp.

#include "wsengine/register_types.hpp"

#include "internal_messages.hpp"

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

namespace wsengine {

namespace {

// Enums travel inside of structs only; by themselves they are no messages.

void register_values(compat::type_registry& to) {
  to.add<close_details>("wsengine::close_details")
    .add<handshake_request>("wsengine::handshake_request")
    .add<handshake_response>("wsengine::handshake_response")
    .add<tls_summary>("wsengine::tls_summary")
    .add<secret>("wsengine::secret")
    .add<payload>("wsengine::payload")
    .add<data_message>("wsengine::data_message")
    .add<message_batch>("wsengine::message_batch")
    .add<session_id>("wsengine::session_id")
    .add<session>("wsengine::session")
    .add<phase_name>("wsengine::phase_name");
}

void register_options(compat::type_registry& to) {
  to.add<connection_timeouts>("wsengine::connection_timeouts")
    .add<tls_options>("wsengine::tls_options")
    .add<proxy_options>("wsengine::proxy_options")
    .add<deflate_options>("wsengine::deflate_options")
    .add<tcp_keepalive_options>("wsengine::tcp_keepalive_options")
    .add<connection_options>("wsengine::connection_options")
    .add<backoff_options>("wsengine::backoff_options")
    .add<reconnect_budget_options>("wsengine::reconnect_budget_options")
    .add<circuit_options>("wsengine::circuit_options")
    .add<engine_timeouts>("wsengine::engine_timeouts")
    .add<outbox_options>("wsengine::outbox_options")
    .add<setup_message>("wsengine::setup_message")
    .add<engine_options>("wsengine::engine_options")
    .add<option_problem>("wsengine::option_problem");
}

void register_connection(compat::type_registry& to) {
  to.add<dial_msg>("wsengine::dial_msg")
    .add<demand_msg>("wsengine::demand_msg")
    .add<credit_msg>("wsengine::credit_msg")
    .add<read_msg>("wsengine::read_msg")
    .add<write_msg>("wsengine::write_msg")
    .add<write_batch_msg>("wsengine::write_batch_msg")
    .add<ping_msg>("wsengine::ping_msg")
    .add<close_msg>("wsengine::close_msg")
    .add<wait_closed_msg>("wsengine::wait_closed_msg")
    .add<connection_actor>("wsengine::connection_actor");
}

void register_client(compat::type_registry& to) {
  to.add<on_open>("wsengine::on_open")
    .add<on_message>("wsengine::on_message")
    .add<on_messages>("wsengine::on_messages")
    .add<on_read_error>("wsengine::on_read_error")
    .add<on_close>("wsengine::on_close")
    .add<on_close_error>("wsengine::on_close_error")
    .add<on_restart_error>("wsengine::on_restart_error")
    .add<client_actor>("wsengine::client_actor")
    .add<batch_client_actor>("wsengine::batch_client_actor");
}

void register_engine(compat::type_registry& to) {
  to.add<circuit_status>("wsengine::circuit_status")
    .add<engine_status>("wsengine::engine_status")
    .add<start_msg>("wsengine::start_msg")
    .add<stop_msg>("wsengine::stop_msg")
    .add<status_msg>("wsengine::status_msg")
    .add<pause_msg>("wsengine::pause_msg")
    .add<lease>("wsengine::lease")
    .add<resume_msg>("wsengine::resume_msg")
    .add<set_client_msg>("wsengine::set_client_msg")
    .add<set_batch_client_msg>("wsengine::set_batch_client_msg")
    .add<request_msg>("wsengine::request_msg")
    .add<wait_stopped_msg>("wsengine::wait_stopped_msg")
    .add<stop_report>("wsengine::stop_report")
    .add<provide_msg>("wsengine::provide_msg")
    .add<provider_actor>("wsengine::provider_actor")
    .add<engine_actor>("wsengine::engine_actor");
}

void register_sending(compat::type_registry& to) {
  to.add<send_msg>("wsengine::send_msg")
    .add<send_receipt>("wsengine::send_receipt")
    .add<subscribe_msg>("wsengine::subscribe_msg")
    .add<unsubscribe_msg>("wsengine::unsubscribe_msg");
}

void register_internal(compat::type_registry& to) {
  to.add_local<internal::hold_reading>()
    .add_local<internal::make_request>()
    .add_local<internal::release_reading>()
    .add_local<internal::use_handlers>()
    .add_local<internal::session_over>()
    .add_local<internal::handlers_wanted>()
    .add_local<internal::work>()
    .add_local<internal::work_done>()
    .add_local<internal::deliver_read_error>()
    .add_local<internal::settle>()
    .add_local<internal::set_alarm>()
    .add_local<internal::alarm_due>()
    .add_local<internal::turn_due>()
    .add_local<internal::forget_retired>();
}

template <class... Codes>
void register_errors(compat::type_registry& to) {
  (to.add_errors<Codes>([](const caf::error& what) { return describe(what); }), ...);
}

} // namespace

void register_types(caf::actor_system_config& config) {
  compat::type_registry to{config};
  register_values(to);
  register_options(to);
  register_connection(to);
  register_client(to);
  register_engine(to);
  register_sending(to);
  register_internal(to);
  register_errors<dial_errc, connection_errc, engine_errc, send_errc, request_errc, cluster_errc,
                  session_signal>(to);
}

} // namespace wsengine
