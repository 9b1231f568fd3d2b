// engine_sending.cpp: what an engine does to send: set-up messages, then what waits in the outbox.

#include "engine.hpp"
#include "faults.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace wsengine::internal {

using rules::event;
using rules::write_result;

namespace {

// How long a message waits that the connection had no room for.
constexpr auto retry_pause = std::chrono::milliseconds(10);

const char* text_of(send_errc code) {
  switch (code) {
    case send_errc::failed: return "the message was not written";
    case send_errc::unknown: return "the session ended while the message was being written";
    case send_errc::expired: return "the message was not written in its time";
    case send_errc::dropped: return "the message was given up before it was handed to a session";
    case send_errc::no_session: return "no session runs, and there is no outbox";
    case send_errc::no_outbox: return "only an outbox can keep a message or send it again";
    case send_errc::outbox_full: return "the outbox is full";
    case send_errc::invalid_message: return "the message cannot be sent";
    case send_errc::no_such_subscription: return "there is no set-up message of that name";
  }
  return "";
}

} // namespace

// -- requests -------------------------------------------------------------------------------------

caf::result<send_receipt> engine::accept_send(send_msg& what) {
  auto promise = make_response_promise();
  auto id = ++mail().last_id;
  watch_send(id, what);
  if (auto refused = take_send(id, what)) {
    watch_refused_send(id, refused);
    compat::answer(promise, std::move(refused));
    return promise;
  }
  sending_->promises.emplace(id, promise);
  watch_accepted_send();
  limit_waiting(sending_->outbox.newest_expiry());
  pump_sends();
  return promise;
}

caf::error engine::take_send(std::uint64_t id, send_msg& what) {
  if (!is_running(cycle_.state()))
    return make_error(engine_errc::not_running, "the engine is not started");
  if (auto problem = why_not_sendable({what.kind, what.data}, options_->connection);
      !problem.empty())
    return make_error(send_errc::invalid_message, std::move(problem));
  if (auto refused = sending_->outbox.add(id, std::move(what), clock().now(), may_send()))
    return make_error(*refused, text_of(*refused));
  return {};
}

caf::result<void> engine::subscribe(subscribe_msg& what) {
  if (what.what.name.empty())
    return make_error(send_errc::invalid_message, "the set-up message has no name");
  if (auto problem = why_not_sendable(what.what.message, options_->connection); !problem.empty())
    return make_error(send_errc::invalid_message, std::move(problem));
  mail().restore.put(std::move(what.what));
  pump_sends();
  return caf::unit;
}

caf::result<void> engine::unsubscribe(unsubscribe_msg& what) {
  std::optional<data_message> farewell;
  if (what.farewell) {
    if (auto problem = why_not_sendable(*what.farewell, options_->connection); !problem.empty())
      return make_error(send_errc::invalid_message, std::move(problem));
    farewell = std::move(*what.farewell);
  }
  if (!sending_ || !sending_->restore.remove(what.name, std::move(farewell)))
    return make_error(send_errc::no_such_subscription, what.name);
  pump_sends();
  return caf::unit;
}

// What there is to send; from now on, the sessions of this engine care.
sending& engine::mail() {
  if (sending_)
    return *sending_;
  sending_ = std::make_unique<sending>(*options_);
  if (now_.reader)
    sending_->restore.session_opened();
  if (now_.was_open)
    sending_->outbox.session_opened(now_.which.id);
  return *sending_;
}

// -- writing --------------------------------------------------------------------------------------

bool engine::may_set_up() const {
  // While the connection is on loan, its holder has it to itself.
  return now_.accepted
         && (cycle_.state() == engine_state::opening || cycle_.state() == engine_state::running);
}

bool engine::may_send() const {
  return may_set_up() && now_.was_open;
}

// Writes a message; `answered` gets the error, or none.
template <class Answered>
void engine::write(data_message what, Answered answered) {
  request(now_.which.connection, caf::infinite, write_msg{what.kind, std::move(what.data)})
    .then([answered] { answered(caf::error{}); }, answered);
}

void engine::pump_sends() {
  pump_setup();
  if (!sending_ || !may_send() || !sending_->restore.done())
    return;
  while (auto next = sending_->outbox.next()) {
    auto id = next->id;
    write(std::move(next->message),
          [this, id](const caf::error& cause) { send_answered(id, cause); });
  }
}

void engine::send_answered(std::uint64_t id, const caf::error& cause) {
  settle_sends(sending_->outbox.answered(id, rules::write_result_of(cause), clock().now()),
               cause ? describe(cause) : std::string{});
  if (sending_->outbox.wants_another_try())
    try_again_later();
  pump_sends();
}

void engine::settle_sends(const rules::settled_sends& all, const std::string& cause) {
  watch_settled_sends(all);
  for (const auto& x : all) {
    auto found = sending_->promises.find(x.id);
    auto promise = std::move(found->second);
    sending_->promises.erase(found);
    if (!x.error || broken_by(fault::lie_about_sends))
      compat::answer(promise, send_receipt{x.session});
    else
      compat::answer(
        promise, make_send_error(*x.error, text_of(*x.error) + (cause.empty() ? "" : ": " + cause),
                                 x.session));
  }
}

// -- set-up messages ------------------------------------------------------------------------------

void engine::begin_setup() {
  now_.accepted = true;
  now_.setting_up = true;
  pump_sends();
}

void engine::pump_setup() {
  if (!may_set_up())
    return;
  if (auto next = sending_ ? sending_->restore.next() : std::nullopt) {
    auto message = std::move(next->message);
    write(std::move(message), [this, epoch = epoch_, id = next->id,
                               name = std::move(next->name)](const caf::error& cause) {
      if (epoch == epoch_)
        setup_answered(id, name, cause);
    });
  } else if ((!sending_ || sending_->restore.done()) && std::exchange(now_.setting_up, false)) {
    open_alarm_ = 0;
    feed(event::opened);
  }
}

void engine::setup_answered(std::uint64_t id, const std::string& name, const caf::error& cause) {
  auto result = rules::write_result_of(cause);
  if (result == write_result::written) {
    sending_->restore.written(id);
    return pump_sends();
  }
  if (now_.setting_up && !is(cause, connection_errc::queue_full)
      && !is(cause, connection_errc::dropped))
    return setup_failed(make_error(engine_errc::on_open_failed,
                                   "set-up message \"" + name + "\": " + describe(cause)));
  // Later than that, a session that takes nothing any more is about to end.
  sending_->restore.not_now(id);
  if (result == write_result::not_now)
    try_again_later();
}

void engine::setup_failed(caf::error cause) {
  now_.setting_up = false;
  now_.accepted = false;
  open_alarm_ = 0;
  last_error_ = std::move(cause);
  feed(event::setup_failed);
}

// -- time -----------------------------------------------------------------------------------------

void engine::limit_waiting(std::optional<rules::outbox::time_point> due) {
  // The alarm that is set is never later than what has been waiting.
  if (!due || (sending_->expiry_alarm != 0 && sending_->expiry <= *due))
    return;
  sending_->expiry = *due;
  sending_->expiry_alarm = arm(std::max(timespan{0}, timespan{*due - clock().now()}));
}

void engine::try_again_later() {
  if (sending_->retry_alarm == 0)
    sending_->retry_alarm = arm(retry_pause);
}

void engine::sending_alarm_rang(std::uint64_t id) {
  if (id == sending_->retry_alarm) {
    sending_->retry_alarm = 0;
    sending_->outbox.try_again();
    pump_sends();
  } else if (id == sending_->expiry_alarm) {
    sending_->expiry_alarm = 0;
    auto now = clock().now();
    settle_sends(sending_->outbox.expire(now), {});
    limit_waiting(sending_->outbox.next_expiry(now));
  }
}

// -- the engine's life ----------------------------------------------------------------------------

void engine::sends_may_begin() {
  if (sending_)
    sending_->outbox.session_opened(now_.which.id);
}

void engine::sends_end() {
  now_.accepted = false;
  now_.setting_up = false;
  if (!sending_)
    return;
  sending_->restore.session_ended();
  if (now_.was_open)
    settle_sends(sending_->outbox.session_ended(), "the session is over");
}

void engine::sends_stop() {
  if (sending_)
    settle_sends(sending_->outbox.stop(), "the engine has stopped");
}

void engine::abandon_sends() {
  if (sending_)
    settle_sends(sending_->outbox.abandon(), "the engine has ended");
}

} // namespace wsengine::internal
