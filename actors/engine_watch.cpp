// engine_watch.cpp: what an engine tells an observer.

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

void engine::watch_dial_begin() {
  if (!watch_)
    return;
  watch_->dial_began = clock().now();
  watch_->dialing = true;
  hooks_->watcher->dial_began(who(), wanted_->request);
}

// Does nothing when no dial is under way.
void engine::watch_dial_end(const caf::error& failure) {
  if (watch_ && std::exchange(watch_->dialing, false))
    hooks_->watcher->dial_ended(who(), failure, timespan{clock().now() - watch_->dial_began});
}

void engine::watch_retry(retry_cause why, timespan delay) const {
  if (watch_)
    hooks_->watcher->retry_scheduled(who(), why, last_error_, delay);
}

// -- sessions -------------------------------------------------------------------------------------

void engine::watch_session_begin() const {
  if (watch_)
    hooks_->watcher->session_opened(who(), now_.response);
}

void engine::watch_session_end() {
  if (!watch_)
    return;
  if (watch_->dialing)
    watch_dial_end(make_error(engine_errc::stopped, "the dial was given up"));
  if (!now_.was_open)
    return;
  watch_->why = why_again();
  hooks_->watcher->session_closed(
    who(), {now_.peer, now_.farewell, timespan{clock().now() - now_.opened_at}});
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
  return {which, who(), watch_ ? clock().now() : time_point{}};
}

void engine::watch_callback_end(const running_callback& what, const caf::error& failure) const {
  if (watch_)
    tell_callback(*hooks_->watcher, what.who, what.which, timespan{clock().now() - what.began},
                  failure);
}

// -- sends ----------------------------------------------------------------------------------------

// A message that the outbox does not take is asked for and settled at once.
void engine::watch_refused_send(const caf::error& cause) const {
  if (!watch_ || !compat::belongs_to<send_errc>(cause))
    return;
  hooks_->watcher->send_accepted(who());
  hooks_->watcher->send_settled(who(), static_cast<send_errc>(cause.code()));
}

void engine::watch_settled_sends(const rules::settled_sends& all) const {
  if (!watch_)
    return;
  for (const auto& x : all)
    hooks_->watcher->send_settled({id(), x.session},
                                  x.error ? optional<send_errc>{*x.error} : nothing);
}

} // namespace wsengine::internal

namespace wsengine {

observation observation_of(caf::local_actor& engine) {
  auto* found = dynamic_cast<internal::engine*>(&engine);
  return found ? found->view() : observation{};
}

} // namespace wsengine
