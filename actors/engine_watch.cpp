// engine_watch.cpp: what an engine tells an observer and a tracer.

#include "engine.hpp"
#include "stopwatch.hpp"

#include "wsengine/error.hpp"

#include <utility>

namespace wsengine::internal {

// -- states and attempts --------------------------------------------------------------------------

void engine::watch_state(engine_state before) const {
  if (watch_)
    hooks_->watcher->state_changed(who(), before, cycle_.state(), last_error_);
}

// What ends the session is done from now on, if that is so: a stop may also wait for on_open.
void engine::watch_closing() {
  if (trace_ && cycle_.state() == engine_state::closing)
    trace_->closing(now_.which.id);
}

void engine::watch_dial_begin() {
  if (trace_)
    trace_->dial_began(now_.which.id);
  if (!watch_)
    return;
  watch_->dial_began = clock().now();
  watch_->dialing = true;
  hooks_->watcher->dial_began(who(), wanted_->request);
}

// Does nothing when no dial is under way.
void engine::watch_dial_end(const caf::error& failure, const handshake_response* response) {
  if (trace_ && wanted_) {
    auto refusal = response_of(failure);
    trace_->dial_ended(wanted_->request, refusal ? &*refusal : response, failure);
  }
  if (watch_ && std::exchange(watch_->dialing, false))
    hooks_->watcher->dial_ended(who(), failure, timespan{clock().now() - watch_->dial_began});
}

// The engine waits before it opens a session anew that was open.
void engine::watch_first_delay(timespan delay) {
  if (trace_)
    trace_->restarts(last_end_, delay);
  if (watch_)
    hooks_->watcher->retry_scheduled(who(), last_end_, last_error_, delay);
}

// The same when an attempt has failed.
void engine::watch_next_delay(timespan delay) {
  if (trace_)
    trace_->retries(last_error_, delay);
  if (watch_)
    hooks_->watcher->retry_scheduled(who(), retry_cause::attempt_failed, last_error_, delay);
}

// -- sessions -------------------------------------------------------------------------------------

void engine::watch_session_begin() {
  if (trace_)
    trace_->opened();
  if (watch_)
    hooks_->watcher->session_opened(who(), now_.response);
}

void engine::watch_session_end() {
  if (!watch_ && !trace_)
    return;
  watch_dial_end(make_error(engine_errc::stopped, "the dial was given up"));
  session_end how{now_.peer, now_.farewell, timespan{clock().now() - now_.opened_at}};
  if (trace_)
    trace_->closed(now_.was_open ? &how : nullptr);
  if (!now_.was_open)
    return;
  last_end_ = why_again();
  if (watch_)
    hooks_->watcher->session_closed(who(), how);
}

// Why the session that ends has to be opened anew, if it has to be.
retry_cause engine::why_again() const {
  if (cycle_.current().next == rules::sequel::failure)
    return retry_cause::attempt_failed;
  if (cycle_.current().next == rules::sequel::restart)
    return crashed_handlers_.empty() ? retry_cause::restart_asked : retry_cause::handler_crashed;
  return now_.peer && now_.peer->code != close_code::abnormal ? retry_cause::peer_closed
                                                              : retry_cause::connection_lost;
}

// -- callbacks ------------------------------------------------------------------------------------

engine::running_callback engine::watch_callback(callback_kind which) const {
  return {which, who(), watch_ ? clock().now() : time_point{},
          trace_ ? trace_->callback(which, now_.which.id) : nullptr};
}

void engine::watch_callback_end(const running_callback& what, const caf::error& failure) const {
  end_span(what.span, failure);
  if (watch_)
    tell_callback(*hooks_->watcher, what.who, what.which, timespan{clock().now() - what.began},
                  failure);
}

// -- sends ----------------------------------------------------------------------------------------

void engine::watch_send(std::uint64_t id, const send_msg& what) {
  if (trace_)
    trace_->send_began(id, what);
}

void engine::watch_accepted_send() const {
  if (watch_)
    hooks_->watcher->send_accepted(who());
}

// A message that the outbox does not take is asked for and settled at once.
void engine::watch_refused_send(std::uint64_t id, const caf::error& cause) {
  if (trace_)
    trace_->send_ended(id, {}, cause);
  if (!watch_ || !compat::belongs_to<send_errc>(cause))
    return;
  hooks_->watcher->send_accepted(who());
  hooks_->watcher->send_settled(who(), static_cast<send_errc>(cause.code()));
}

void engine::watch_settled_sends(const rules::settled_sends& all) {
  for (const auto& x : all) {
    if (trace_)
      trace_->send_ended(x.id, x.session, x.error ? caf::make_error(*x.error) : caf::error{});
    if (watch_)
      hooks_->watcher->send_settled({id(), x.session},
                                    x.error ? optional<send_errc>{*x.error} : nothing);
  }
}

} // namespace wsengine::internal

namespace wsengine {

observation observation_of(caf::local_actor& engine) {
  auto* found = dynamic_cast<internal::engine*>(&engine);
  return found ? found->view() : observation{};
}

} // namespace wsengine
