// life_cycle.cpp: see life_cycle.hpp; the names are in life_cycle_names.cpp.

#include "rules/life_cycle.hpp"

#include "faults.hpp"

#include <utility>

namespace wsengine::rules {

using internal::broken_by;
using internal::fault;

// -- construction ---------------------------------------------------------------------------------

life_cycle::life_cycle(life_cycle_policy policy, bool has_client) noexcept : policy_(policy) {
  now_.has_client = has_client;
}

life_cycle::life_cycle(life_cycle_policy policy, life_cycle_state state) noexcept
  : policy_(policy),
    now_(state) {}

// -- events ---------------------------------------------------------------------------------------

actions life_cycle::on(event what) {
  handled_ = true;
  out_.clear();
  switch (now_.state) {
    case engine_state::idle:
    case engine_state::stopped: at_rest(what); break;
    case engine_state::dialing: while_dialing(what); break;
    case engine_state::opening: while_opening(what); break;
    case engine_state::running: while_running(what); break;
    case engine_state::paused: while_paused(what); break;
    case engine_state::closing: while_closing(what); break;
    case engine_state::backoff: in_backoff(what); break;
  }
  return std::exchange(out_, {});
}

bool life_cycle::handles(event what) const {
  auto copy = *this;
  copy.on(what);
  return copy.handled_;
}

// -- one function per state -----------------------------------------------------------------------

void life_cycle::at_rest(event what) {
  switch (what) {
    case event::start:
      if (!now_.has_client)
        return also(action::reject_no_client);
      now_.had_session = false;
      return attempt();
    case event::stop:
    case event::pause: return also(action::reject_not_running);
    case event::shutdown: now_.terminating = true; return also(action::terminate);
    case event::client_down: now_.has_client = false; return;
    case event::client_set: now_.has_client = true; return;
    default: return drop();
  }
}

void life_cycle::while_dialing(event what) {
  switch (what) {
    case event::start: return also(action::reject_started);
    case event::pause: return also(action::reject_not_running);
    case event::dialed:
      now_.state = engine_state::opening;
      if (now_.has_client)
        also(action::call_on_open);
      return;
    case event::dial_failed:
    case event::open_timeout: also(action::drop_session); return attempt_failed();
    case event::shutdown: now_.terminating = true; [[fallthrough]];
    case event::stop: also(action::drop_session); return stopped(stop_cause::requested);
    case event::signal_exit: also(action::drop_session); return stopped(stop_cause::signalled);
    case event::client_down:
      now_.has_client = false;
      if (!stops_without_client())
        return;
      also(action::drop_session);
      return stopped(stop_cause::client_down);
    case event::client_set: now_.has_client = true; return;
    default: return drop();
  }
}

void life_cycle::while_opening(event what) {
  switch (what) {
    case event::start: return also(action::reject_started);
    case event::pause: return also(action::reject_not_running);
    case event::opened: return client_accepted();
    case event::open_refused: return client_refused();
    case event::setup_failed: return setup_failed();
    case event::open_timeout:
      // Where nobody is asked nobody is late.
      return is_asking() ? client_refused() : drop();
    case event::quiesced:
      if (!now_.holding)
        return drop();
      return introduce_client();
    case event::connection_lost:
      // A client that is being asked will see it by itself; so will the reader, later.
      if (now_.has_client || now_.introducing)
        return drop();
      also(action::drop_session);
      return attempt_failed();
    case event::handler_crashed: return also(action::respawn_handler);
    case event::reader_crashed:
    case event::signal_restart:
      if (now_.next == sequel::reconnect)
        now_.next = sequel::restart;
      if (!now_.has_client)
        begin_closing(now_.next, now_.cause);
      return;
    case event::shutdown: now_.terminating = true; [[fallthrough]];
    case event::stop: return stop_while_opening(stop_cause::requested);
    case event::signal_exit: return stop_while_opening(stop_cause::signalled);
    case event::closing_timeout: also(action::drop_session); return stopped(now_.cause);
    case event::client_down: return client_died_while_opening();
    case event::asked_down: return asked_client_died();
    case event::client_set:
      // Its turn comes when the one that is asked has answered.
      if (is_asking() || (now_.holding && now_.has_client))
        now_.client_changed = true;
      else if (!now_.holding)
        also(action::call_on_open);
      now_.has_client = true;
      return;
    default: return drop();
  }
}

void life_cycle::while_running(event what) {
  switch (what) {
    case event::start: return also(action::reject_started);
    case event::pause: now_.state = engine_state::paused; return also(action::grant_lease);
    case event::shutdown: now_.terminating = true; [[fallthrough]];
    case event::stop: return begin_closing(sequel::stop, stop_cause::requested);
    case event::signal_exit: return begin_closing(sequel::stop, stop_cause::signalled);
    case event::signal_restart:
    case event::reader_crashed: return begin_closing(sequel::restart, stop_cause::none);
    case event::session_over: return peer_closed();
    case event::handler_crashed: return handler_died();
    case event::client_down:
      now_.has_client = false;
      if (stops_without_client())
        return begin_closing(sequel::stop, stop_cause::client_down);
      return also(action::hold_without_client);
    case event::client_set:
      now_.has_client = true;
      now_.client_changed = true;
      return introduce_client();
    default: return drop();
  }
}

void life_cycle::while_paused(event what) {
  switch (what) {
    case event::pause: return also(action::reject_paused);
    case event::lease_over:
      now_.state = engine_state::running;
      if (now_.client_changed)
        return introduce_client();
      if (now_.has_client)
        also(action::start_reading);
      return;
    case event::connection_lost: also(action::revoke_lease); return while_paused(event::lease_over);
    case event::client_down:
      now_.has_client = false;
      if (!stops_without_client())
        return;
      also(action::revoke_lease);
      return begin_closing(sequel::stop, stop_cause::client_down);
    case event::client_set:
      now_.has_client = true;
      now_.client_changed = true;
      return;
    case event::handler_crashed:
      if (policy_.on_handler_crash != handler_crash_policy::keep)
        also(action::revoke_lease);
      return handler_died();
    case event::stop:
    case event::shutdown:
    case event::signal_exit:
    case event::signal_restart:
    case event::reader_crashed:
    case event::session_over: also(action::revoke_lease); [[fallthrough]];
    default: return while_running(what);
  }
}

void life_cycle::while_closing(event what) {
  switch (what) {
    case event::start: return also(action::reject_started);
    case event::pause: return also(action::reject_not_running);
    case event::quiesced:
      if (now_.step != closing_step::quiescing)
        return drop();
      if (now_.accepted && now_.has_client && !broken_by(fault::skip_on_close)) {
        now_.step = closing_step::on_close;
        return also(action::call_on_close);
      }
      now_.step = closing_step::disconnecting;
      return also(action::disconnect);
    case event::close_answered:
      if (now_.step != closing_step::on_close)
        return drop();
      now_.step = closing_step::disconnecting;
      return also(action::disconnect);
    case event::disconnected:
      if (now_.step != closing_step::disconnecting)
        return drop();
      [[fallthrough]];
    case event::closing_timeout: also(action::drop_session); return after_closing();
    case event::shutdown: now_.terminating = true; [[fallthrough]];
    case event::stop:
      if (std::exchange(now_.next, sequel::stop) != sequel::stop)
        now_.cause = stop_cause::requested;
      return;
    case event::signal_exit:
      if (std::exchange(now_.next, sequel::stop) != sequel::stop)
        now_.cause = stop_cause::signalled;
      return;
    case event::client_down:
      now_.has_client = false;
      if (stops_without_client() && std::exchange(now_.next, sequel::stop) != sequel::stop)
        now_.cause = stop_cause::client_down;
      // The dead do not answer.
      if (now_.step == closing_step::on_close) {
        now_.step = closing_step::disconnecting;
        also(action::disconnect);
      }
      return;
    case event::client_set:
      now_.has_client = true;
      now_.client_changed = true;
      return disown_unasked();
    default: return drop();
  }
}

void life_cycle::in_backoff(event what) {
  switch (what) {
    case event::start: return also(action::reject_started);
    case event::pause: return also(action::reject_not_running);
    case event::retry_due:
    case event::signal_restart: return attempt();
    case event::attempts_exhausted: return stopped(stop_cause::gave_up);
    case event::shutdown: now_.terminating = true; [[fallthrough]];
    case event::stop: return stopped(stop_cause::requested);
    case event::signal_exit: return stopped(stop_cause::signalled);
    case event::client_down:
      now_.has_client = false;
      if (stops_without_client())
        stopped(stop_cause::client_down);
      return;
    case event::client_set: now_.has_client = true; return;
    default: return drop();
  }
}

// -- steps that several states share --------------------------------------------------------------

void life_cycle::attempt() {
  now_.state = engine_state::dialing;
  now_.step = closing_step::none;
  now_.next = sequel::reconnect;
  now_.cause = stop_cause::none;
  now_.accepted = false;
  now_.client_changed = false;
  now_.introducing = false;
  now_.holding = false;
  also(action::dial);
}

void life_cycle::attempt_failed() {
  if (!now_.had_session && !policy_.retry_first_connect)
    return stopped(stop_cause::start_failed);
  now_.state = engine_state::backoff;
  also(action::report_failure);
}

void life_cycle::client_accepted() {
  if (!now_.accepted)
    also(action::answer_start);
  now_.accepted = true;
  now_.had_session = true;
  if (now_.next != sequel::reconnect)
    return begin_closing(now_.next, now_.cause);
  auto changed = std::exchange(now_.client_changed, false);
  if (changed && !now_.has_client) {
    // It was replaced, and the next one died before its turn: the session waits for another.
    now_.introducing = false;
    now_.state = engine_state::running;
    return;
  }
  if (changed) {
    now_.introducing = true;
    also(action::replace_handlers);
    return also(action::call_on_open);
  }
  now_.introducing = false;
  now_.state = engine_state::running;
  also(action::start_reading);
}

void life_cycle::client_refused() {
  // The client that refuses gets no on_close, whatever an earlier client did.
  now_.accepted = false;
  opening_failed();
}

void life_cycle::setup_failed() {
  // Whoever had accepted is dead: the next client opens the session.
  if (!is_asking())
    return drop();
  // The client had accepted: it is told of the end.
  now_.accepted = true;
  opening_failed();
}

void life_cycle::opening_failed() {
  if (now_.next == sequel::stop)
    return begin_closing(sequel::stop, now_.cause);
  if (now_.had_session)
    return begin_closing(sequel::failure, stop_cause::none);
  begin_closing(sequel::stop, stop_cause::start_failed);
}

void life_cycle::client_died_while_opening() {
  now_.has_client = false;
  if (stops_without_client())
    return begin_closing(sequel::stop, stop_cause::client_down);
  if (now_.next != sequel::reconnect)
    return begin_closing(now_.next, now_.cause);
  // One that it had replaced is still being asked.
  if (is_asking())
    return;
  // An open session waits for the next client with its reader held.
  if (now_.introducing && !now_.holding) {
    now_.introducing = false;
    now_.state = engine_state::running;
  }
}

// Its death says nothing about the session: the next client is asked in its place.
void life_cycle::asked_client_died() {
  if (!is_asking() || !now_.client_changed)
    return drop();
  if (now_.next != sequel::reconnect)
    return begin_closing(now_.next, now_.cause);
  now_.client_changed = false;
  if (now_.has_client) {
    if (now_.introducing)
      also(action::replace_handlers);
    return also(action::call_on_open);
  }
  if (std::exchange(now_.introducing, false))
    now_.state = engine_state::running;
}

void life_cycle::stop_while_opening(stop_cause cause) {
  if (std::exchange(now_.next, sequel::stop) != sequel::stop)
    now_.cause = cause;
  // Nobody is being asked: no need to wait for an answer.
  if (!now_.has_client || now_.holding)
    return begin_closing(sequel::stop, now_.cause);
  also(action::limit_closing);
}

void life_cycle::introduce_client() {
  if (now_.state == engine_state::running) {
    now_.state = engine_state::opening;
    now_.introducing = true;
    now_.holding = true;
    now_.client_changed = false;
    return also(action::hold_for_client);
  }
  if (now_.next != sequel::reconnect)
    return begin_closing(now_.next, now_.cause);
  now_.holding = false;
  if (!now_.has_client) {
    now_.introducing = false;
    now_.state = engine_state::running;
    return;
  }
  now_.client_changed = false;
  also(action::replace_handlers);
  also(action::call_on_open);
}

void life_cycle::begin_closing(sequel next, stop_cause cause) {
  disown_unasked();
  now_.state = engine_state::closing;
  now_.step = closing_step::quiescing;
  now_.next = next;
  now_.cause = cause;
  now_.introducing = false;
  now_.holding = false;
  also(action::limit_closing);
  also(action::quiesce);
}

// A client that was not asked to open the session is not told of its end, whatever an earlier one
// has answered.
void life_cycle::disown_unasked() {
  if (now_.client_changed || now_.holding)
    now_.accepted = false;
}

void life_cycle::peer_closed() {
  disown_unasked();
  now_.state = engine_state::closing;
  also(action::limit_closing);
  if (now_.accepted && now_.has_client) {
    now_.step = closing_step::on_close;
    return also(action::call_on_close);
  }
  now_.step = closing_step::disconnecting;
  also(action::disconnect);
}

void life_cycle::handler_died() {
  switch (policy_.on_handler_crash) {
    case handler_crash_policy::keep: return also(action::respawn_handler);
    case handler_crash_policy::restart: return begin_closing(sequel::restart, stop_cause::none);
    case handler_crash_policy::stop:
      return begin_closing(sequel::stop, stop_cause::handler_crashed);
  }
}

void life_cycle::after_closing() {
  now_.step = closing_step::none;
  if (now_.next == sequel::stop)
    return stopped(now_.cause);
  if (now_.next == sequel::failure)
    return attempt_failed();
  now_.state = engine_state::backoff;
  also(action::schedule_retry);
}

void life_cycle::stopped(stop_cause cause) {
  now_.state = engine_state::stopped;
  now_.step = closing_step::none;
  now_.next = sequel::reconnect;
  now_.cause = cause;
  now_.accepted = false;
  now_.client_changed = false;
  now_.introducing = false;
  now_.holding = false;
  also(action::finish);
  if (now_.terminating)
    also(action::terminate);
}

// Whether a client is asked in on_open: the present one, or one that it has replaced.
bool life_cycle::is_asking() const noexcept {
  return now_.state == engine_state::opening && !now_.holding
         && (now_.has_client || now_.client_changed);
}

bool life_cycle::stops_without_client() const noexcept {
  return policy_.on_client_down == client_down_policy::stop;
}

} // namespace wsengine::rules
