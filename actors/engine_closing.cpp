// engine_closing.cpp: what an engine does to end a session, to wait for the next one, and to stop.

#include "alarm.hpp"
#include "engine.hpp"
#include "faults.hpp"
#include "handler.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_registry.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

namespace wsengine::internal {

using rules::event;
using rules::stop_cause;

namespace {

double draw() {
  static thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>{0.0, 1.0}(generator);
}

} // namespace

// -- ending callbacks -----------------------------------------------------------------------------

void engine::quiesce() {
  open_alarm_ = 0;
  ++open_call_;
  nobody_is_asked();
  // The reader stays, for it takes the signals of the session until that is dropped. What it gives
  // back belongs to a session that is being given up.
  now_.goes_on = false;
  auto held = [this, epoch = epoch_] {
    if (epoch == epoch_)
      settle_handlers();
  };
  request(now_.reader, caf::infinite, hold_reading{false, true})
    .then([held](const message_batch&) { held(); }, [held](const caf::error&) { held(); });
}

void engine::settle_handlers() {
  if (broken_by(fault::hasty_quiesce))
    return feed(event::quiesced);
  auto left = std::make_shared<std::size_t>(now_.handlers.size() + 1);
  auto settled = [this, left, epoch = epoch_] {
    if (--*left == 0 && epoch == epoch_)
      feed(event::quiesced);
  };
  for (auto& x : now_.handlers)
    request(x, caf::infinite, settle{}).then(settled, [settled](const caf::error&) { settled(); });
  settled();
}

// -- closing --------------------------------------------------------------------------------------

void engine::call_on_close() {
  auto answered = [this, epoch = epoch_](close_details answer) {
    if (epoch == epoch_)
      close_answered(std::move(answer));
  };
  auto running = watch_callback(callback_kind::on_close);
  request(client_.actor, caf::infinite, on_close{now_.which.id, now_.peer, running.trace()})
    .then(
      [this, answered, running](const close_details& answer) {
        watch_callback_end(running);
        answered(answer);
      },
      [this, answered, running](const caf::error& cause) {
        watch_callback_end(running, cause);
        answered(close_details{});
      });
}

void engine::close_answered(close_details answer) {
  if (why_not_sendable(answer).empty())
    now_.farewell = std::move(answer);
  // A signal that the client sent in on_close is in the reader's mailbox by now: let it come first.
  auto seen = [this, epoch = epoch_] {
    if (epoch == epoch_)
      feed(event::close_answered);
  };
  request(now_.reader, caf::infinite, settle{})
    .then([seen] { seen(); }, [seen](const caf::error&) { seen(); });
}

void engine::disconnect() {
  auto ours = [this, epoch = epoch_] { return epoch == epoch_; };
  request(now_.which.connection, caf::infinite, close_msg{now_.farewell})
    .then(
      [this, ours] {
        if (!ours())
          return;
        now_.over = true;
        feed(event::disconnected);
      },
      [this, ours](caf::error& cause) {
        if (ours())
          disconnect_failed(cause);
      });
}

void engine::disconnect_failed(caf::error& cause) {
  // A connection that is gone needs no closing.
  if (!receiver_is_gone(cause)) {
    if (trace_)
      trace_->close_failed(cause);
    now_.over = cause == connection_errc::close_failed || cause == connection_errc::close_timeout;
    // Of a session that never opened, that is what has to be told.
    if (cycle_.current().cause != stop_cause::start_failed
        && cycle_.current().next != rules::sequel::failure)
      last_error_ = cause;
    if (cycle_.current().accepted)
      tell(callback_kind::on_close_error, on_close_error{now_.which.id, std::move(cause)});
  }
  feed(event::disconnected);
}

void engine::drop_session() {
  ++epoch_;
  open_alarm_ = 0;
  nobody_is_asked();
  closing_alarm_ = 0;
  give_up_turn();
  revoke_lease();
  sends_end();
  watch_session_end();
  crashed_handlers_.clear();
  if (now_.was_open)
    backoff_.closed_after(timespan{clock().now() - now_.opened_at});
  auto reason = make_error(engine_errc::stopped, "the session is over");
  for (auto& x : now_.handlers)
    let_go(x, reason);
  if (now_.reader)
    let_go(now_.reader, reason);
  if (now_.over && !system().registry().get(now_.which.connection.id()))
    // It has no socket any more. It stays for whoever still holds it, to say that the session is
    // over. One that other nodes were told of would stay for ever: CAF keeps it for them.
    retire(now_.which.connection.address());
  else if (now_.which.connection && broken_by(fault::leak_connection))
    unlink_from(now_.which.connection.address());
  else if (now_.which.connection)
    let_go(caf::actor_cast<caf::actor>(now_.which.connection), reason);
  now_ = {};
}

// -- waiting for the next attempt -----------------------------------------------------------------

void engine::report_failure() {
  auto self = caf::actor_cast<caf::actor>(address());
  auto retry = backoff_.failed();
  if (backoff_.exhausted()) {
    tell(callback_kind::on_restart_error, on_restart_error{last_error_, retry, {}, self});
    return feed(event::attempts_exhausted);
  }
  auto delay = arm_retry(asked_delay_);
  watch_next_delay(delay);
  tell(callback_kind::on_restart_error, on_restart_error{last_error_, retry, delay, self});
}

void engine::report_url() {
  tell(callback_kind::on_restart_error,
       on_restart_error{last_error_, backoff_.failures(), timespan{0}, now_.which.supervisor});
}

void engine::schedule_retry() {
  watch_first_delay(arm_retry());
}

timespan engine::arm_retry(timespan asked) {
  auto delay = backoff_.next_delay(hooks_->random ? hooks_->random() : draw(), asked);
  if (broken_by(fault::no_backoff))
    delay = timespan{0};
  closing_due_ = {};
  retry_alarm_ = arm(delay);
  retry_due_ = clock().now() + delay;
  retry_at_ = caf::make_timestamp() + delay;
  return delay;
}

// -- stopping -------------------------------------------------------------------------------------

void engine::finish() {
  sends_stop();
  retry_alarm_ = 0;
  give_up_turn();
  alive_ = {};
  departure leaving{std::exchange(starts_, {}), std::exchange(stops_, {}),
                    std::exchange(waits_, {}), stop_reason()};
  if (trace_)
    trace_->gave_up(leaving.reason);
  if (outstanding_ == 0 || closing_took_too_long_ || cycle_.current().terminating)
    return dismiss(std::move(leaving), closing_took_too_long_);
  // A callback that nobody waits for is still running: stopped means that none is. Closing has had
  // part of the time.
  auto left =
    closing_due_ == time_point{} ? options_->timeouts.stop : timespan{closing_due_ - clock().now()};
  leaving.alarm = arm(std::max(timespan{0}, left));
  departures_.push_back(std::move(leaving));
}

void engine::depart_late(std::uint64_t alarm) {
  auto found = std::find_if(departures_.begin(), departures_.end(),
                            [alarm](const departure& x) { return x.alarm == alarm; });
  if (found == departures_.end())
    return;
  auto leaving = std::move(*found);
  departures_.erase(found);
  dismiss(std::move(leaving), true);
}

void engine::dismiss(departure leaving, bool late) {
  for (auto& x : leaving.starts)
    x.deliver(leaving.reason);
  for (auto& x : leaving.stops)
    if (late)
      x.deliver(make_error(engine_errc::stop_timeout, "a callback or the peer took too long"));
    else
      x.deliver(caf::unit);
  for (auto& x : leaving.waits)
    x.deliver(stop_report{leaving.reason});
}

caf::error engine::stop_reason() const {
  switch (cycle_.current().cause) {
    case stop_cause::none:
    case stop_cause::requested: return make_error(engine_errc::stopped, "stopped on request");
    case stop_cause::signalled:
      return make_error(engine_errc::exited, "the session was asked to exit");
    case stop_cause::client_down: return make_error(engine_errc::client_down, "the client is gone");
    case stop_cause::handler_crashed:
      return make_error(engine_errc::handler_crashed, describe(last_error_));
    case stop_cause::gave_up: return make_error(engine_errc::gave_up, describe(last_error_));
    case stop_cause::start_failed: return last_error_;
  }
  return {};
}

// -- helpers --------------------------------------------------------------------------------------

template <class Callback>
void engine::tell(callback_kind which, Callback what) {
  if (!client_.actor)
    return;
  ++outstanding_;
  auto running = watch_callback(which);
  what.trace = running.trace();
  auto done = [this, epoch = client_epoch_, running](const caf::error& failure) {
    watch_callback_end(running, failure);
    if (epoch != client_epoch_)
      return;
    --outstanding_;
    callback_settled();
  };
  request(client_.actor, caf::infinite, std::move(what))
    .then([done] { done({}); }, [done](const caf::error& failure) { done(failure); });
}

void engine::callback_settled() {
  if (outstanding_ == 0)
    for (auto& x : std::exchange(departures_, {}))
      dismiss(std::move(x), false);
}

std::uint64_t engine::arm(timespan delay) {
  auto id = ++last_alarm_;
  ring_later(*this, unit(), alarm_, delay, id);
  return id;
}

void engine::let_go(const caf::actor& whom, caf::error reason) {
  compat::send_exit(whom, std::move(reason));
  retire(whom.address());
}

void engine::retire(const caf::actor_addr& whom) {
  unlink_from(whom);
  // Messages that it sent before, its exit message among them, are in our mailbox, ahead of this
  // one.
  retired_.push_back(whom);
  send(this, forget_retired{1});
}

void engine::release_client() {
  if (!client_.actor)
    return;
  // Whether one that is being asked lives on matters still.
  if (client_.actor.address() != asked_)
    demonitor(client_.actor.address());
  if (client_.object)
    compat::send_exit(client_.actor, caf::exit_reason::user_shutdown);
  client_ = {};
}

} // namespace wsengine::internal
