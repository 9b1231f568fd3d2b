// engine.cpp: the engine's messages, and how they become events of its life cycle.

#include "engine.hpp"

#include "faults.hpp"
#include "handler.hpp"
#include "shared_options.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>

namespace wsengine::internal {

using rules::action;
using rules::event;

namespace {

// How long a connection may take to say in which phase its cancelled dial was.
constexpr auto cancel_grace = std::chrono::seconds(1);

} // namespace

// -- the actor ------------------------------------------------------------------------------------

engine::engine(caf::actor_config& cfg, connector connect, engine_options options,
               client_port client, engine_hooks hooks)
  : hosted(cfg),
    connect_(std::move(connect)),
    request_(std::exchange(options.request, {})),
    options_(share(std::move(options))),
    hooks_(share(std::move(hooks))),
    client_(std::move(client)),
    cycle_(
      {options_->backoff.retry_first_connect, options_->on_handler_crash, options_->on_client_down},
      static_cast<bool>(client_.actor)),
    backoff_(options_->backoff),
    round_(options_->more_urls.size() + 1, options_->order) {
  if (!options_->setup.empty())
    mail();
  if (hooks_->watcher)
    watch_ = std::make_unique<watch>();
  if (hooks_->traces)
    trace_ = std::make_unique<engine_trace>(hooks_->traces, id());
  set_exit_handler([this](caf::exit_msg& what) { handle_exit(what); });
  set_down_handler([this](caf::down_msg& what) { handle_down(what); });
  // A sender that does not expect our answers makes CAF send errors back; they do not concern us.
  set_error_handler([](const caf::error&) {});
}

engine::behavior_type engine::make_behavior() {
  if (client_.actor)
    monitor(client_.actor);
  if (auto gate = gate_for(system(), request_.url, *options_))
    turn_ = std::make_unique<turn>(turn{std::move(gate)});
  if (watch_)
    hooks_->watcher->engine_spawned(who(), address(), request_);
  return {
    [this](const start_msg& what) -> caf::result<session> { return start(what); },
    [this](const stop_msg&) -> caf::result<void> { return ask(stops_, event::stop); },
    [this](const status_msg&) { return status(); },
    [this](const pause_msg&) { return pause(); },
    [this](resume_msg& what) { return end_lease(what); },
    [this](set_client_msg& what) {
      return set_client({std::move(what.client), {}, {}, {}});
    },
    [this](set_batch_client_msg& what) {
      return set_client({what.client, what.client, {}, {}});
    },
    [this](request_msg& what) { return make_request_of(what); },
    [this](const wait_stopped_msg&) { return wait_stopped(); },
    [this](send_msg& what) { return accept_send(what); },
    [this](subscribe_msg& what) { return subscribe(what); },
    [this](unsubscribe_msg& what) { return unsubscribe(what); },
    [this](session_over& what) {
      if (what.id != now_.which.id)
        return;
      last_error_ = make_closed_error(what.peer.reason, what.peer);
      now_.peer = std::move(what.peer);
      feed(event::session_over);
    },
    [this](const handlers_wanted& what) {
      if (what.id == now_.which.id && client_.actor && now_.handlers.empty())
        replace_handlers();
    },
    [this](const alarm_due& what) { alarm_rang(what.id); },
    [this](const turn_due&) { turn_came(); },
    [this](const forget_retired& what) { forget(what.count); },
  };
}

void engine::on_exit() {
  drop_session();
  abandon_sends();
  turn_ = nullptr;
  alive_ = {};
  release_client();
  connect_ = {};
  if (std::exchange(watch_, nullptr))
    hooks_->watcher->engine_ended(who(), cycle_.state());
  if (trace_)
    trace_->gave_up(make_error(engine_errc::stopped, "the engine has ended"));
  trace_ = nullptr;
  hooks_ = share(engine_hooks{});
  // Without us as the sender: we may be on our way out of memory.
  compat::send_exit(alarm_, caf::exit_reason::user_shutdown);
  for (auto& x : std::exchange(departures_, {}))
    dismiss(std::move(x), closing_took_too_long_);
  dismiss({std::move(starts_), std::move(stops_), std::move(waits_), stop_reason()},
          closing_took_too_long_);
  for (auto& x : std::exchange(pauses_, {}))
    x.deliver(make_error(engine_errc::no_such_lease, "the engine has ended"));
}

// -- the machine ----------------------------------------------------------------------------------

void engine::feed(event what) {
  // Actions may make further things happen; those come after the actions that are under way.
  happened_.push_back(what);
  if (std::exchange(feeding_, true))
    return;
  for (std::size_t i = 0; i < happened_.size(); ++i) {
    auto before = cycle_.state();
    auto actions = cycle_.on(happened_[i]);
    if (cycle_.state() != before) {
      log_change(before);
      watch_state(before);
    }
    for (auto x : actions)
      perform(x);
  }
  happened_.clear();
  feeding_ = false;
  pump_sends();
}

void engine::log_change(engine_state before) {
  auto now = cycle_.state();
  auto failed = last_error_ && (now == engine_state::backoff || now == engine_state::stopped);
  auto level = failed ? compat::log_level::warning : compat::log_level::info;
  compat::log(system(), level, id(), [&] {
    auto text = to_string(before) + " -> " + to_string(now);
    if (now_.which.id != session_id{})
      text += ", session " + to_string(now_.which.id);
    return failed ? text + ": " + describe(last_error_) : text;
  });
}

void engine::perform(action what) {
  switch (what) {
    case action::dial: return dial();
    case action::call_on_open: return call_on_open();
    case action::answer_start: return answer_start();
    case action::start_reading: return start_reading();
    case action::hold_for_client: return hold_for_client();
    case action::hold_without_client: return hold_without_client();
    case action::grant_lease: return grant_lease();
    case action::revoke_lease: return revoke_lease();
    case action::replace_handlers: return replace_handlers();
    case action::respawn_handler: return respawn_handlers();
    case action::limit_closing:
      watch_closing();
      if (closing_alarm_ == 0 && !broken_by(fault::endless_stop)) {
        closing_alarm_ = arm(options_->timeouts.stop);
        closing_due_ = clock().now() + options_->timeouts.stop;
      }
      return;
    case action::quiesce: return quiesce();
    case action::call_on_close: return call_on_close();
    case action::disconnect: return disconnect();
    case action::drop_session: return drop_session();
    case action::report_failure: return report_failure();
    case action::schedule_retry: return schedule_retry();
    case action::finish: return finish();
    case action::terminate:
      return quit(exit_reason_ ? exit_reason_ : caf::make_error(caf::exit_reason::user_shutdown));
    case action::reject_started:
      return reject(engine_errc::already_started, "the engine is started already");
    case action::reject_not_running:
      return reject(engine_errc::not_running, "the engine has no open session");
    case action::reject_paused:
      return reject(engine_errc::already_paused, "somebody else holds the connection");
    case action::reject_no_client:
      return reject(engine_errc::client_down, "the engine has no client");
  }
}

caf::response_promise engine::ask(promises& waiting, event what) {
  auto promise = make_response_promise();
  waiting.push_back(promise);
  asking_ = &waiting;
  feed(what);
  asking_ = nullptr;
  return promise;
}

void engine::reject(engine_errc code, const char* text) {
  if (!asking_)
    return;
  auto promise = std::move(asking_->back());
  asking_->pop_back();
  promise.deliver(make_error(code, text));
}

// -- requests -------------------------------------------------------------------------------------

caf::response_promise engine::start(const start_msg& what) {
  if (!is_running(cycle_.state())) {
    backoff_.reset();
    last_error_ = {};
    if (trace_)
      trace_->started(what.trace);
  }
  return ask(starts_, event::start);
}

caf::result<lease> engine::pause() {
  if (!current_sender())
    return make_error(engine_errc::no_such_lease, "a lease needs a sender that holds it");
  return ask(pauses_, event::pause);
}

caf::result<void> engine::end_lease(resume_msg& what) {
  if (!lease_ || lease_->id != what.lease_id)
    return make_error(engine_errc::no_such_lease, "the lease is over");
  revoke_lease();
  auto& held = now_.held.messages;
  held.insert(held.begin(), std::make_move_iterator(what.unread.messages.begin()),
              std::make_move_iterator(what.unread.messages.end()));
  feed(event::lease_over);
  return caf::unit;
}

caf::result<void> engine::set_client(client_port next) {
  if (!next.actor)
    return make_error(engine_errc::client_down, "no client was given");
  release_client();
  client_ = std::move(next);
  ++client_epoch_;
  outstanding_ = 0;
  // Whoever is asked is monitored already, though it may have been replaced.
  if (client_.actor.address() != asked_)
    monitor(client_.actor);
  feed(event::client_set);
  callback_settled();
  return caf::unit;
}

caf::result<stop_report> engine::wait_stopped() {
  if (cycle_.state() != engine_state::stopped)
    return waits_.emplace_back(make_response_promise());
  if (departures_.empty())
    return stop_report{stop_reason()};
  return departures_.back().waits.emplace_back(make_response_promise());
}

caf::result<data_message> engine::make_request_of(request_msg& what) {
  if (!hooks_->request_key)
    return make_error(request_errc::no_key_function, "the engine has no engine_hooks::request_key");
  if (what.only && *what.only != now_.which.id)
    return make_lost_error(*what.only, "it is not the one that is open");
  auto state = cycle_.state();
  // In on_open only those who have the session from the client may talk.
  auto open = state == engine_state::running || state == engine_state::paused
              || (state == engine_state::opening && what.only);
  if (!open)
    return what.only ? make_lost_error(*what.only, "it is " + to_string(state))
                     : make_error(request_errc::no_session, "the engine is " + to_string(state));
  // While there is a lease, nobody but its holder may have messages read.
  auto reads = !lease_ || (current_sender() && lease_->holder == current_sender()->address());
  auto span = trace_ ? trace_->request(what, now_.which.id) : nullptr;
  delegate(now_.reader, make_request{std::move(what), reads, std::move(span)});
  return caf::delegated<data_message>{};
}

engine_status engine::status() const {
  engine_status result;
  result.state = cycle_.state();
  if (now_.which.id != session_id{})
    result.id = now_.which.id;
  result.attempts = backoff_.failures();
  result.last_error = last_error_;
  if (result.state == engine_state::backoff) {
    result.next_retry_at = retry_at_;
    result.next_retry_in = std::max(timespan{0}, timespan{retry_due_ - clock().now()});
  }
  if (turn_)
    add_turn_to(result);
  return result;
}

// -- alarms ---------------------------------------------------------------------------------------

void engine::alarm_rang(std::uint64_t id) {
  if (id == open_alarm_) {
    open_alarm_ = 0;
    open_took_too_long();
  } else if (id == closing_alarm_) {
    closing_alarm_ = 0;
    closing_took_too_long_ = true;
    last_error_ = make_error(engine_errc::stop_timeout, "the session did not close in time");
    feed(event::closing_timeout);
  } else if (id == retry_alarm_) {
    retry_alarm_ = 0;
    if (may_dial())
      feed(event::retry_due);
  } else if (turn_ && id == turn_->alarm) {
    turn_came();
  } else {
    if (sending_)
      sending_alarm_rang(id);
    depart_late(id);
  }
}

void engine::open_took_too_long() {
  if (now_.setting_up)
    return setup_failed(make_error(engine_errc::open_timeout,
                                   "the set-up messages were not written in time",
                                   phase_name{"on_open"}));
  if (cycle_.state() == engine_state::dialing && !now_.which.connection) {
    last_error_ = make_error(engine_errc::open_timeout, "the provider did not answer in time",
                             phase_name{"provide"});
    return url_failed(event::open_timeout);
  }
  if (cycle_.state() == engine_state::dialing && !std::exchange(cancelling_, true)) {
    // The connection knows in which phase it is, and says so in its answer to the dial.
    request(now_.which.connection, caf::infinite, close_msg{})
      .then([] {}, [](const caf::error&) {});
    open_alarm_ = arm(cancel_grace);
    return;
  }
  last_error_ = cycle_.state() == engine_state::dialing
                  ? make_error(engine_errc::open_timeout, "the connection did not answer in time")
                  : caf::make_error(engine_errc::open_timeout,
                                    std::string{"the client did not answer on_open in time"},
                                    phase_name{"on_open"});
  url_failed(event::open_timeout);
}

// -- exit signals ---------------------------------------------------------------------------------

void engine::handle_exit(caf::exit_msg& what) {
  if (std::find(retired_.begin(), retired_.end(), what.source) != retired_.end())
    return;
  auto& handlers = now_.handlers;
  auto crashed = std::find_if(handlers.begin(), handlers.end(),
                              [&](const auto& x) { return x.address() == what.source; });
  if (crashed != handlers.end() && what.reason != session_signal::restart
      && what.reason != session_signal::exit) {
    crashed_handlers_.push_back(static_cast<std::size_t>(crashed - handlers.begin()));
    last_error_ = what.reason;
    feed(event::handler_crashed);
  } else if (what.reason == session_signal::restart) {
    feed(event::signal_restart);
  } else if (what.reason == session_signal::exit) {
    feed(event::signal_exit);
  } else if (now_.reader && now_.reader.address() == what.source) {
    last_error_ = what.reason;
    feed(event::reader_crashed);
  } else if (now_.which.connection && now_.which.connection.address() == what.source) {
    // Whoever waits for the connection gets an error by itself.
  } else if (client_.actor && client_.actor.address() == what.source) {
    // A client that linked itself to us is also monitored.
  } else if (what.reason) {
    exit_reason_ = std::move(what.reason);
    feed(event::shutdown);
  }
}

void engine::handle_down(const caf::down_msg& what) {
  if (lease_ && lease_->holder == what.source && !broken_by(fault::forget_lease_holder)) {
    lease_ = {};
    feed(event::lease_over);
  }
  auto was_asked = what.source == asked_;
  if (was_asked) {
    asked_ = {};
    open_alarm_ = 0;
    // What somebody else may answer in its place comes too late.
    ++open_call_;
  }
  if (client_.actor && client_.actor.address() == what.source
      && !broken_by(fault::deaf_to_client)) {
    last_error_ =
      make_error(engine_errc::client_down, "the client is gone: " + caf::to_string(what.reason));
    // What it had been asked is not answered any more.
    outstanding_ = 0;
    // The next client opens the session, unless one from before has accepted it.
    if (!cycle_.current().client_changed)
      now_.setting_up = false;
    client_ = {};
    ++client_epoch_;
    feed(event::client_down);
    callback_settled();
  }
  if (was_asked)
    feed(event::asked_down);
}

void engine::forget(std::uint64_t count) {
  retired_.erase(retired_.begin(), retired_.begin() + static_cast<std::ptrdiff_t>(count));
}

} // namespace wsengine::internal
