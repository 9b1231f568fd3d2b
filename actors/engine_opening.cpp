// engine_opening.cpp: what an engine does to open a session and to keep it served.

#include "engine.hpp"
#include "faults.hpp"
#include "handler.hpp"
#include "reader.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <iterator>
#include <utility>

namespace wsengine::internal {

using rules::event;

// -- the session is open --------------------------------------------------------------------------

void engine::dialed(handshake_response& response) {
  // Too late: the time was over, and the connection is being closed.
  if (cancelling_) {
    last_error_ =
      make_error(engine_errc::open_timeout, "the session opened too late", phase_name{"upgrade"});
    return url_failed(event::dial_failed);
  }
  attempt_succeeded();
  watch_dial_end({}, &response);
  keep_cookies(response);
  wanted_.reset();
  now_.response = std::move(response);
  spawn_session_actors();
  if (sending_)
    sending_->restore.session_opened();
  auto lost = [this, epoch = epoch_](bool over) {
    if (epoch != epoch_)
      return;
    now_.over = over;
    feed(event::connection_lost);
  };
  request(now_.which.connection, caf::infinite, wait_closed_msg{})
    .then([lost](const close_details&) { lost(true); }, [lost](const caf::error&) { lost(false); });
  feed(event::dialed);
}

// -- actors of the session ------------------------------------------------------------------------

void engine::spawn_session_actors() {
  auto self = caf::actor_cast<caf::actor>(address());
  now_.reader = spawn<reader>(self, now_.which.id, now_.which.connection, options_->read_batch,
                              options_->connection.read_ahead_bytes,
                              rules::dispatch{options_->handlers, hooks_->message_key},
                              request_terms{hooks_, options_->max_requests});
  link_to(now_.reader);
  now_.which.signals = now_.reader;
  // Handlers come with the first message: a session that is idle does without.
}

caf::actor engine::spawn_handler() {
  caf::actor result;
  if (client_.batches)
    result = spawn<forwarding_handler<batch_delivery>>(now_.which.id, client_.batches, view());
  else if (!client_.object)
    result = spawn<forwarding_handler<single_delivery>>(now_.which.id, client_.actor, view());
  else if (client_.where == placement::io_thread)
    result = spawn<callback_handler>(now_.which, client_.object, view());
  else if (client_.where == placement::detached)
    result = system().spawn<callback_handler, caf::detached>(now_.which, client_.object, view());
  else
    result = system().spawn<callback_handler>(now_.which, client_.object, view());
  link_to(result);
  return result;
}

void engine::replace_handlers() {
  for (auto& x : now_.handlers)
    let_go(x, make_error(engine_errc::stopped, "replaced"));
  now_.handlers.clear();
  for (std::uint32_t i = 0; i < options_->handlers; ++i)
    now_.handlers.push_back(spawn_handler());
  caf::anon_send(now_.reader, use_handlers{now_.handlers});
}

void engine::respawn_handlers() {
  for (auto i : std::exchange(crashed_handlers_, {}))
    if (client_.actor && i < now_.handlers.size())
      now_.handlers[i] = spawn_handler();
  caf::anon_send(now_.reader, use_handlers{now_.handlers});
}

// -- on_open --------------------------------------------------------------------------------------

void engine::call_on_open() {
  if (open_alarm_ == 0)
    open_alarm_ = arm(options_->timeouts.open);
  auto ours = [this, epoch = epoch_, call = ++open_call_] {
    return epoch == epoch_ && call == open_call_;
  };
  asked_ = client_.actor.address();
  auto running = watch_callback(callback_kind::on_open);
  request(client_.actor, caf::infinite,
          on_open{now_.which, now_.response, cycle_.current().had_session, running.trace()})
    .then(
      [this, ours, running] {
        watch_callback_end(running);
        if (!ours())
          return;
        nobody_is_asked();
        begin_setup();
      },
      [this, ours, running](caf::error& cause) {
        watch_callback_end(running, cause);
        if (ours())
          on_open_failed(cause);
      });
}

void engine::on_open_failed(caf::error& cause) {
  // Its end is reported by its monitor, and has a policy of its own.
  if (receiver_is_gone(cause))
    return;
  nobody_is_asked();
  open_alarm_ = 0;
  auto text = text_of(cause);
  last_error_ =
    make_error(engine_errc::on_open_failed, text.empty() ? caf::to_string(cause) : text);
  feed(event::open_refused);
}

// The client that was asked has answered, or what it answers does not matter any more.
void engine::nobody_is_asked() {
  auto asked = std::exchange(asked_, {});
  if (asked && (!client_.actor || client_.actor.address() != asked))
    demonitor(asked);
}

void engine::answer_start() {
  if (!broken_by(fault::count_forever))
    backoff_.opened();
  now_.opened_at = clock().now();
  now_.was_open = true;
  watch_session_begin();
  sends_may_begin();
  for (auto& x : std::exchange(starts_, {}))
    x.deliver(now_.which);
}

// -- reading --------------------------------------------------------------------------------------

void engine::start_reading() {
  // What was taken back comes first.
  if (now_.holds > 0) {
    now_.goes_on = true;
    return;
  }
  caf::anon_send(now_.reader, release_reading{std::exchange(now_.held, {})});
}

// Takes back what the reader has. Calls `then` when it is here, with whether the session is still
// the same.
template <class Then>
void engine::take_back(hold_reading how, Then then) {
  ++now_.holds;
  now_.goes_on = false;
  auto here = [this, epoch = epoch_, then](message_batch unread) mutable {
    if (epoch == epoch_) {
      if (broken_by(fault::lose_held))
        unread.messages.clear();
      std::move(unread.messages.begin(), unread.messages.end(),
                std::back_inserter(now_.held.messages));
      if (--now_.holds == 0 && std::exchange(now_.goes_on, false))
        start_reading();
    }
    then(epoch == epoch_);
  };
  request(now_.reader, caf::infinite, how)
    .then([here](message_batch& unread) mutable { here(std::move(unread)); },
          [here](const caf::error&) mutable { here({}); });
}

void engine::hold_for_client() {
  take_back({}, [this](bool same) {
    if (same)
      settle_handlers();
  });
}

void engine::hold_without_client() {
  take_back({true, false}, [](bool) {});
}

void engine::grant_lease() {
  auto promise = std::move(pauses_.back());
  pauses_.pop_back();
  monitor(promise.source());
  auto holder = caf::actor_cast<caf::actor_addr>(promise.source());
  lease_ = current_lease{++last_lease_, std::move(holder), std::move(promise)};
  take_back({}, [this, id = last_lease_](bool) {
    // The lease may have ended before it was handed over.
    if (lease_ && lease_->id == id)
      std::exchange(lease_->wanted, {})
        .deliver(lease{id, now_.which, std::exchange(now_.held, {})});
  });
}

void engine::revoke_lease() {
  if (!lease_)
    return;
  auto over = std::move(*lease_);
  lease_ = {};
  demonitor(over.holder);
  if (over.wanted.pending())
    over.wanted.deliver(make_error(engine_errc::no_such_lease, "the session is over"));
}

} // namespace wsengine::internal
