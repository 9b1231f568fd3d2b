// error.cpp: see error.hpp.

#include "wsengine/error.hpp"

#include "wsengine/cluster/error.hpp"
#include "wsengine/session.hpp"

#include <caf/exit_reason.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

// What errors carry beside their text: an error may be made before there is an actor system.
WSENGINE_LOCAL_MESSAGE(knows_phase, wsengine::phase_name)
WSENGINE_LOCAL_MESSAGE(knows_details, wsengine::close_details)
WSENGINE_LOCAL_MESSAGE(knows_response, wsengine::handshake_response)
WSENGINE_LOCAL_MESSAGE(knows_session, wsengine::session_id)

namespace wsengine {

// -- names ----------------------------------------------------------------------------------------

namespace {

template <class Code>
std::string unknown(std::string_view type, Code code) {
  return std::string{type} + '(' + std::to_string(static_cast<unsigned>(code)) + ')';
}

} // namespace

std::string to_string(dial_errc code) {
  switch (code) {
    case dial_errc::invalid_request: return "invalid_request";
    case dial_errc::resolve_failed: return "resolve_failed";
    case dial_errc::resolve_timeout: return "resolve_timeout";
    case dial_errc::connect_failed: return "connect_failed";
    case dial_errc::connect_timeout: return "connect_timeout";
    case dial_errc::tls_failed: return "tls_failed";
    case dial_errc::tls_timeout: return "tls_timeout";
    case dial_errc::upgrade_failed: return "upgrade_failed";
    case dial_errc::upgrade_timeout: return "upgrade_timeout";
    case dial_errc::upgrade_refused: return "upgrade_refused";
    case dial_errc::already_dialed: return "already_dialed";
    case dial_errc::cancelled: return "cancelled";
    case dial_errc::proxy_failed: return "proxy_failed";
    case dial_errc::proxy_timeout: return "proxy_timeout";
  }
  return unknown("dial_errc", code);
}

std::string to_string(connection_errc code) {
  switch (code) {
    case connection_errc::closed: return "closed";
    case connection_errc::not_open: return "not_open";
    case connection_errc::read_failed: return "read_failed";
    case connection_errc::read_pending: return "read_pending";
    case connection_errc::write_failed: return "write_failed";
    case connection_errc::write_unknown: return "write_unknown";
    case connection_errc::queue_full: return "queue_full";
    case connection_errc::message_too_big: return "message_too_big";
    case connection_errc::invalid_message: return "invalid_message";
    case connection_errc::close_failed: return "close_failed";
    case connection_errc::close_timeout: return "close_timeout";
    case connection_errc::ping_failed: return "ping_failed";
    case connection_errc::dropped: return "dropped";
  }
  return unknown("connection_errc", code);
}

std::string to_string(engine_errc code) {
  switch (code) {
    case engine_errc::already_started: return "already_started";
    case engine_errc::not_running: return "not_running";
    case engine_errc::open_timeout: return "open_timeout";
    case engine_errc::on_open_failed: return "on_open_failed";
    case engine_errc::stop_timeout: return "stop_timeout";
    case engine_errc::stopped: return "stopped";
    case engine_errc::exited: return "exited";
    case engine_errc::client_down: return "client_down";
    case engine_errc::handler_crashed: return "handler_crashed";
    case engine_errc::gave_up: return "gave_up";
    case engine_errc::already_paused: return "already_paused";
    case engine_errc::no_such_lease: return "no_such_lease";
    case engine_errc::invalid_options: return "invalid_options";
    case engine_errc::provider_failed: return "provider_failed";
    case engine_errc::circuit_open: return "circuit_open";
  }
  return unknown("engine_errc", code);
}

std::string to_string(send_errc code) {
  switch (code) {
    case send_errc::failed: return "failed";
    case send_errc::unknown: return "unknown";
    case send_errc::expired: return "expired";
    case send_errc::dropped: return "dropped";
    case send_errc::no_session: return "no_session";
    case send_errc::no_outbox: return "no_outbox";
    case send_errc::outbox_full: return "outbox_full";
    case send_errc::invalid_message: return "invalid_message";
    case send_errc::no_such_subscription: return "no_such_subscription";
  }
  return unknown("send_errc", code);
}

std::string to_string(request_errc code) {
  switch (code) {
    case request_errc::no_key_function: return "no_key_function";
    case request_errc::no_session: return "no_session";
    case request_errc::duplicate_key: return "duplicate_key";
    case request_errc::too_many_requests: return "too_many_requests";
    case request_errc::timeout: return "timeout";
    case request_errc::session_lost: return "session_lost";
  }
  return unknown("request_errc", code);
}

std::string to_string(cluster_errc code) {
  switch (code) {
    case cluster_errc::invalid_options: return "invalid_options";
    case cluster_errc::listen_failed: return "listen_failed";
    case cluster_errc::join_failed: return "join_failed";
    case cluster_errc::name_taken: return "name_taken";
    case cluster_errc::no_such_engine: return "no_such_engine";
    case cluster_errc::no_such_client: return "no_such_client";
    case cluster_errc::draining: return "draining";
    case cluster_errc::node_lost: return "node_lost";
    case cluster_errc::key_taken: return "key_taken";
    case cluster_errc::no_such_key: return "no_such_key";
    case cluster_errc::no_such_node: return "no_such_node";
    case cluster_errc::no_nodes: return "no_nodes";
    case cluster_errc::not_leased: return "not_leased";
    case cluster_errc::start_failed: return "start_failed";
  }
  return unknown("cluster_errc", code);
}

std::string to_string(session_signal code) {
  switch (code) {
    case session_signal::restart: return "restart";
    case session_signal::exit: return "exit";
  }
  return unknown("session_signal", code);
}

// -- making errors --------------------------------------------------------------------------------

caf::error make_closed_error(std::string text, close_details details) {
  return caf::make_error(connection_errc::closed, std::move(text), std::move(details));
}

caf::error make_refused_error(handshake_response response, std::string_view remark) {
  auto text =
    "the server answered with status " + std::to_string(response.status) + std::string{remark};
  return caf::make_error(dial_errc::upgrade_refused, std::move(text), std::move(response));
}

// -- reading errors -------------------------------------------------------------------------------

namespace {

/// The code as text, or nothing for a category that neither we nor CAF's core define.
std::string code_name(const caf::error& what) {
  if (compat::belongs_to<dial_errc>(what))
    return to_string(static_cast<dial_errc>(what.code()));
  if (compat::belongs_to<connection_errc>(what))
    return to_string(static_cast<connection_errc>(what.code()));
  if (compat::belongs_to<engine_errc>(what))
    return to_string(static_cast<engine_errc>(what.code()));
  if (compat::belongs_to<send_errc>(what))
    return to_string(static_cast<send_errc>(what.code()));
  if (compat::belongs_to<request_errc>(what))
    return to_string(static_cast<request_errc>(what.code()));
  if (compat::belongs_to<cluster_errc>(what))
    return to_string(static_cast<cluster_errc>(what.code()));
  if (compat::belongs_to<session_signal>(what))
    return to_string(static_cast<session_signal>(what.code()));
  if (what.category() == caf::error{caf::sec::runtime_error}.category())
    return to_string(static_cast<caf::sec>(what.code()));
  if (what.category() == caf::error{caf::exit_reason::kill}.category())
    return to_string(static_cast<caf::exit_reason>(what.code()));
  return {};
}

std::string_view phase_of(dial_errc code) {
  switch (code) {
    case dial_errc::resolve_failed:
    case dial_errc::resolve_timeout: return "resolve";
    case dial_errc::connect_failed:
    case dial_errc::connect_timeout: return "connect";
    case dial_errc::proxy_failed:
    case dial_errc::proxy_timeout: return "proxy";
    case dial_errc::tls_failed:
    case dial_errc::tls_timeout: return "tls";
    case dial_errc::upgrade_failed:
    case dial_errc::upgrade_timeout:
    case dial_errc::upgrade_refused: return "upgrade";
    case dial_errc::invalid_request:
    case dial_errc::already_dialed:
    case dial_errc::cancelled: break;
  }
  return "open";
}

std::string_view phase_of(engine_errc code) {
  switch (code) {
    case engine_errc::open_timeout: return "open";
    case engine_errc::on_open_failed: return "on_open";
    case engine_errc::stop_timeout: return "close";
    case engine_errc::provider_failed: return "provide";
    case engine_errc::circuit_open: return "connect";
    default: return "engine";
  }
}

/// The element of that type at index 1 of the context, where the functions that make errors put
/// what goes with the text; null when there is none.
template <class T>
const T* detail_of(const caf::error& what) {
  const auto& context = what.context();
  if (context.size() < 2 || !context.match_element<T>(1))
    return nullptr;
  return &context.get_as<T>(1);
}

template <class T>
optional<T> copy_of(const T* value) {
  if (value)
    return *value;
  return {};
}

} // namespace

std::string_view phase_of(const caf::error& what) {
  if (!what)
    return "actor";
  if (const auto* phase = detail_of<phase_name>(what))
    return phase->name;
  if (compat::belongs_to<dial_errc>(what))
    return phase_of(static_cast<dial_errc>(what.code()));
  if (is(what, connection_errc::close_failed) || is(what, connection_errc::close_timeout))
    return "close";
  if (compat::belongs_to<connection_errc>(what))
    return "open";
  if (compat::belongs_to<engine_errc>(what))
    return phase_of(static_cast<engine_errc>(what.code()));
  if (compat::belongs_to<send_errc>(what))
    return "send";
  if (compat::belongs_to<request_errc>(what))
    return "request";
  if (compat::belongs_to<cluster_errc>(what))
    return "cluster";
  if (compat::belongs_to<session_signal>(what))
    return "engine";
  return "actor";
}

std::string text_of(const caf::error& what) {
  if (!what)
    return {};
  const auto& context = what.context();
  std::string result;
  // Errors of CAF may carry several strings, such as an argument and what is wrong with it.
  for (std::size_t i = 0; i < context.size(); ++i) {
    if (!context.match_element<std::string>(i))
      continue;
    if (!result.empty())
      result += ": ";
    result += context.get_as<std::string>(i);
  }
  return result;
}

optional<close_details> close_details_of(const caf::error& what) {
  if (!is(what, connection_errc::closed))
    return nothing;
  if (const auto* details = detail_of<close_details>(what))
    return *details;
  return close_details{close_code::abnormal, {}};
}

optional<handshake_response> response_of(const caf::error& what) {
  if (!is(what, dial_errc::upgrade_refused))
    return nothing;
  return copy_of(detail_of<handshake_response>(what));
}

std::string name_of(const caf::error& what) {
  if (!what)
    return {};
  auto result = code_name(what);
  return result.empty() ? compat::category_name(what) : result;
}

std::string describe(const caf::error& what) {
  if (!what)
    return "no error";
  auto result = code_name(what);
  if (result.empty())
    return to_string(what);
  if (auto text = text_of(what); !text.empty())
    result += ": " + text;
  return result;
}

} // namespace wsengine
