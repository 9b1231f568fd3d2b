// life_cycle_names.cpp: the names of events and actions, see life_cycle.hpp.

#include "rules/life_cycle.hpp"

namespace wsengine::rules {

std::string to_string(event what) {
  switch (what) {
    case event::start: return "start";
    case event::stop: return "stop";
    case event::shutdown: return "shutdown";
    case event::signal_restart: return "signal_restart";
    case event::signal_exit: return "signal_exit";
    case event::dialed: return "dialed";
    case event::dial_failed: return "dial_failed";
    case event::opened: return "opened";
    case event::open_refused: return "open_refused";
    case event::setup_failed: return "setup_failed";
    case event::open_timeout: return "open_timeout";
    case event::connection_lost: return "connection_lost";
    case event::session_over: return "session_over";
    case event::quiesced: return "quiesced";
    case event::close_answered: return "close_answered";
    case event::disconnected: return "disconnected";
    case event::closing_timeout: return "closing_timeout";
    case event::handler_crashed: return "handler_crashed";
    case event::reader_crashed: return "reader_crashed";
    case event::client_down: return "client_down";
    case event::asked_down: return "asked_down";
    case event::client_set: return "client_set";
    case event::pause: return "pause";
    case event::lease_over: return "lease_over";
    case event::retry_due: return "retry_due";
    case event::attempts_exhausted: return "attempts_exhausted";
  }
  return "???";
}

std::string to_string(action what) {
  switch (what) {
    case action::dial: return "dial";
    case action::call_on_open: return "call_on_open";
    case action::answer_start: return "answer_start";
    case action::start_reading: return "start_reading";
    case action::hold_for_client: return "hold_for_client";
    case action::hold_without_client: return "hold_without_client";
    case action::grant_lease: return "grant_lease";
    case action::revoke_lease: return "revoke_lease";
    case action::replace_handlers: return "replace_handlers";
    case action::respawn_handler: return "respawn_handler";
    case action::limit_closing: return "limit_closing";
    case action::quiesce: return "quiesce";
    case action::call_on_close: return "call_on_close";
    case action::disconnect: return "disconnect";
    case action::drop_session: return "drop_session";
    case action::report_failure: return "report_failure";
    case action::schedule_retry: return "schedule_retry";
    case action::finish: return "finish";
    case action::terminate: return "terminate";
    case action::reject_started: return "reject_started";
    case action::reject_not_running: return "reject_not_running";
    case action::reject_paused: return "reject_paused";
    case action::reject_no_client: return "reject_no_client";
  }
  return "???";
}

} // namespace wsengine::rules
