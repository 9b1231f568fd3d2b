// scripted_connection_actor.cpp: see scripted_connection_actor.hpp; the scripts are in
// scripted_steps.cpp.

#include "scripted_connection_actor.hpp"

#include "print.hpp"
#include "volume_of.hpp"

#include "wsengine/error.hpp"

#include <caf/exit_reason.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

WSENGINE_LOCAL_MESSAGE(knows_play_msg, wsengine::testing::play_msg)
WSENGINE_LOCAL_MESSAGE(knows_script_timer_msg, wsengine::testing::script_timer_msg)

namespace wsengine::testing {

namespace {

/// RFC 6455, section 5.5.
constexpr std::size_t max_ping_size = 125;

std::uint64_t size_of(const std::vector<data_message>& messages) {
  return std::accumulate(messages.begin(), messages.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& x) { return sum + x.data.size(); });
}

} // namespace

// -- the actor ------------------------------------------------------------------------------------

scripted_connection_actor::scripted_connection_actor(caf::actor_config& cfg,
                                                     std::shared_ptr<network_state> network,
                                                     std::size_t index, observation view)
  : told_before_end(cfg),
    network_(std::move(network)),
    index_(index),
    view_(std::move(view)) {
  // A sender that does not expect our answers makes CAF send errors back; they do not concern us.
  set_error_handler([](const caf::error&) {});
  // Without its writer, a message that was begun will never have an end.
  set_down_handler([this](const caf::down_msg& what) {
    if (stalled_.needs(what.source))
      caf::anon_send(caf::actor_cast<connection_actor>(this),
                     close_msg{{close_code::internal_error, "the writer of a message was lost"}});
  });
  // Trapped, so that the engine's end is recorded with its reason, even a normal one.
  set_exit_handler([this](caf::exit_msg& what) {
    quitting_ = true;
    quit(what.reason ? std::move(what.reason) : caf::error{caf::exit_reason::user_shutdown});
  });
}

scripted_connection_actor::behavior_type scripted_connection_actor::make_behavior() {
  return {
    [this](dial_msg& what) { return dial(what); },
    [this](const demand_msg& what) { return demand(what); },
    [this](const read_msg&) { return read(); },
    [this](const credit_msg& what) { return grant(what); },
    [this](write_msg& what) {
      log(scripted_event::write, print(what.kind, what.data));
      return write({{what.kind, std::move(what.data), what.last}});
    },
    [this](write_batch_msg& what) {
      for (const auto& x : what.batch.messages)
        log(scripted_event::write, print(x.kind, x.data));
      return write(std::move(what.batch.messages));
    },
    [this](const ping_msg& what) { return ping(what); },
    [this](close_msg& what) { return close(what); },
    [this](const wait_closed_msg&) { return wait_closed(); },
    [this](const play_msg& what) { begin_track(what.what); },
    [this](const script_timer_msg& what) { timer_due(what); },
  };
}

void scripted_connection_actor::ending(const caf::error& reason) {
  quitting_ = true;
  // Whoever still waits is told.
  auto text = std::string{"the connection actor terminated"};
  if (is_open())
    end({close_code::abnormal, {}}, text, make_error(connection_errc::close_failed, text));
  else if (state_ == scripted_state::dialing || !watchers_.empty())
    dial_failed(make_error(dial_errc::cancelled, text));
  log(scripted_event::exit, describe(reason));
  network_->update(index_, [](scripted_record& x) { x.exited = true; });
}

// -- the record -----------------------------------------------------------------------------------

void scripted_connection_actor::log(scripted_event what, std::string detail) {
  scripted_entry entry{what, clock().now().time_since_epoch(), std::move(detail)};
  network_->update(index_, [&](scripted_record& x) { x.entries.push_back(std::move(entry)); });
}

void scripted_connection_actor::enter(scripted_state next) {
  state_ = next;
  network_->update(index_, [next](scripted_record& x) {
    x.state = next;
    x.was_open = x.was_open || next == scripted_state::open;
  });
}

// -- dialing --------------------------------------------------------------------------------------

caf::result<handshake_response> scripted_connection_actor::dial(dial_msg& what) {
  log(scripted_event::dial, what.request.url);
  if (std::exchange(dialed_, true))
    return make_error(dial_errc::already_dialed, "a connection serves one session");
  if (state_ == scripted_state::over)
    return never_opened_;
  network_->update(index_, [&](scripted_record& x) {
    x.request = what.request;
    x.options = what.options;
  });
  options_ = what.options;
  dialer_ = make_response_promise();
  auto answer = dialer_;
  keep_alive_ = ctrl();
  enter(scripted_state::dialing);
  auto first = network_->take(index_, what.request.url);
  if (auto problems = validate(what.request); !problems.empty())
    dial_failed(make_error(dial_errc::invalid_request, text_of(to_error(problems))));
  else
    begin_track(first);
  return answer;
}

void scripted_connection_actor::open(handshake_response response) {
  enter(scripted_state::open);
  log(scripted_event::open, std::to_string(response.status));
  dialer_.deliver(std::move(response));
}

void scripted_connection_actor::dial_failed(caf::error cause) {
  log(scripted_event::dial_failed, describe(cause));
  enter(scripted_state::over);
  never_opened_ = cause;
  gone_ =
    make_closed_error("the session never opened: " + describe(cause), {close_code::abnormal, {}});
  for (auto& x : std::exchange(watchers_, {}))
    x.deliver(cause);
  std::exchange(dialer_, {}).deliver(std::move(cause));
  keep_alive_ = nullptr;
}

// -- reading --------------------------------------------------------------------------------------

caf::error scripted_connection_actor::why_no_reading() const {
  if (state_ == scripted_state::idle || state_ == scripted_state::dialing)
    return make_error(connection_errc::not_open, "the session is not open yet");
  if (reader_.limit != 0 || fed_)
    return make_error(connection_errc::read_pending, "a read, demand or credit waits already");
  return {};
}

caf::result<message_batch> scripted_connection_actor::demand(const demand_msg& what) {
  if (what.max_messages == 0)
    return withdraw();
  log(scripted_event::demand, std::to_string(what.max_messages));
  if (auto problem = why_no_reading())
    return problem;
  reader_ = {make_response_promise(), what.max_messages, false};
  auto answer = reader_.promise;
  serve_reader();
  return answer;
}

caf::result<data_message> scripted_connection_actor::read() {
  log(scripted_event::demand, "one message");
  if (auto problem = why_no_reading())
    return problem;
  reader_ = {make_response_promise(), 1, true};
  auto answer = reader_.promise;
  serve_reader();
  return answer;
}

caf::result<void> scripted_connection_actor::grant(const credit_msg& what) {
  log(scripted_event::demand, "credit for " + std::to_string(what.messages));
  if (!fed_ || fed_ != current_sender()) {
    if (auto problem = why_no_reading())
      return problem;
    fed_ = current_sender();
    credit_ = {};
  }
  credit_.messages += what.messages;
  credit_.bytes += what.bytes;
  serve_reader();
  return caf::unit;
}

caf::result<message_batch> scripted_connection_actor::withdraw() {
  log(scripted_event::withdraw, {});
  fed_ = nullptr;
  auto waiting = std::exchange(reader_, {});
  if (waiting.limit != 0 && waiting.single)
    waiting.promise.deliver(make_error(connection_errc::read_failed, "the read was withdrawn"));
  else if (waiting.limit != 0)
    waiting.promise.deliver(message_batch{});
  return message_batch{};
}

void scripted_connection_actor::serve_reader() {
  if (fed_)
    return serve_feed();
  if (reader_.limit == 0 || (inbound_.empty() && state_ != scripted_state::over))
    return;
  auto waiting = std::exchange(reader_, {});
  if (inbound_.empty())
    return waiting.promise.deliver(gone_);
  if (auto* failure = std::get_if<std::string>(&inbound_.front())) {
    waiting.promise.deliver(make_error(connection_errc::read_failed, std::move(*failure)));
    return inbound_.pop_front();
  }
  auto batch = take_inbound(waiting.limit, std::numeric_limits<std::int64_t>::max());
  if (waiting.single)
    waiting.promise.deliver(std::move(batch.messages.front()));
  else
    waiting.promise.deliver(std::move(batch));
}

void scripted_connection_actor::serve_feed() {
  // As plain messages, which a typed actor sends to typed actors only.
  auto tell = [this, to = fed_](auto what) {
    compat::enqueue(to, ctrl(), caf::make_message(std::move(what)), context());
  };
  if (auto batch = take_inbound(credit_.messages, credit_.bytes); !batch.messages.empty()) {
    credit_.messages -= static_cast<std::int64_t>(batch.messages.size());
    credit_.bytes -= static_cast<std::int64_t>(size_of(batch.messages));
    tell(std::move(batch));
  }
  if (!inbound_.empty()) {
    auto* failure = std::get_if<std::string>(&inbound_.front());
    if (!failure)
      return;
    fed_ = nullptr;
    tell(make_error(connection_errc::read_failed, std::move(*failure)));
    inbound_.pop_front();
  } else if (state_ == scripted_state::over) {
    fed_ = nullptr;
    tell(gone_);
  }
}

// Takes messages up to the next failure, at most so many, and none after so many bytes.
message_batch scripted_connection_actor::take_inbound(std::int64_t messages, std::int64_t bytes) {
  message_batch result;
  while (messages > 0 && bytes > 0 && !inbound_.empty()) {
    auto* next = std::get_if<data_message>(&inbound_.front());
    if (!next)
      break;
    --messages;
    bytes -= static_cast<std::int64_t>(next->data.size());
    result.messages.push_back(std::move(*next));
    inbound_.pop_front();
  }
  if (view_ && !result.messages.empty())
    view_.watcher->received(view_.who, io::volume_of(result.messages));
  return result;
}

// -- writing --------------------------------------------------------------------------------------

caf::error scripted_connection_actor::why_no_writing() const {
  if (state_ == scripted_state::idle || state_ == scripted_state::dialing)
    return make_error(connection_errc::not_open, "the session is not open yet");
  if (state_ == scripted_state::over)
    return gone_;
  if (state_ == scripted_state::closing)
    return make_closed_error("the session is being closed", {close_code::abnormal, {}});
  if (write_reaction_.how == steps::on_write::reaction::refuse)
    return write_reaction_.cause;
  return {};
}

void scripted_connection_actor::waiting_write::ended(const caf::error& why) const {
  if (view)
    view->watcher->write_ended(view->who, io::volume_of(messages), why);
}

caf::result<void> scripted_connection_actor::write(std::vector<data_message> what) {
  if (view_)
    view_.watcher->write_began(view_.who, io::volume_of(what));
  if (auto problem = why_no_writing()) {
    if (view_)
      view_.watcher->write_ended(view_.who, io::volume_of(what), problem);
    return problem;
  }
  auto size = size_of(what);
  auto who = caf::actor_cast<caf::actor_addr>(current_sender());
  if (who && !stalled_.needs(who) && !what.empty() && !what.back().last)
    monitor(who);
  waiting_write next{make_response_promise(), std::move(what), size, view_ ? &view_ : nullptr};
  auto answer = next.promise;
  stalled_.add(std::move(next), who, {options_.max_message_size, io::write_bounds_of(options_)});
  begin_write();
  if (write_reaction_.how != steps::on_write::reaction::stall)
    take_stalled();
  advance();
  return answer;
}

void scripted_connection_actor::begin_write() {
  if (!begun_ && stalled_.admitted().ready())
    begun_ = stalled_.admitted().take();
}

void scripted_connection_actor::take_stalled() {
  for (; begun_; begin_write()) {
    auto taken = std::move(*begun_);
    begun_ = nothing;
    stalled_.admitted().left(taken.size);
    network_->update(index_, [&](scripted_record& r) {
      r.written.insert(r.written.end(), taken.messages.begin(), taken.messages.end());
    });
    taken.ended({});
    std::move(taken.messages.begin(), taken.messages.end(), std::back_inserter(written_));
    taken.promise.deliver(caf::unit);
  }
  if (state_ == scripted_state::closing && !close_frame_sent_)
    send_close_frame();
}

// -- pings ----------------------------------------------------------------------------------------

caf::result<timespan> scripted_connection_actor::ping(const ping_msg& what) {
  log(scripted_event::ping, quoted(what.data.text()));
  if (state_ == scripted_state::idle || state_ == scripted_state::dialing)
    return make_error(connection_errc::not_open, "the session is not open yet");
  if (state_ == scripted_state::over)
    return gone_;
  if (state_ == scripted_state::closing)
    return make_closed_error("the session is being closed", {close_code::abnormal, {}});
  if (what.data.size() > max_ping_size)
    return make_error(connection_errc::invalid_message, "a ping carries at most 125 bytes");
  const auto& round_trip = ping_reaction_.round_trip;
  if (round_trip && *round_trip == timespan{0}) {
    pong_came(*round_trip);
    return *round_trip;
  }
  pingers_.push_back({make_response_promise(), ++pings_, round_trip ? *round_trip : timespan{0}});
  if (round_trip)
    set_timer(*round_trip, script_timer::pong, pings_);
  return pingers_.back().promise;
}

void scripted_connection_actor::pong_came(timespan round_trip) const {
  if (view_)
    view_.watcher->pong_came(view_.who, round_trip);
}

// -- closing --------------------------------------------------------------------------------------

caf::result<void> scripted_connection_actor::close(close_msg& what) {
  log(scripted_event::close, print(what.details));
  if (state_ == scripted_state::over)
    return caf::unit;
  if (state_ == scripted_state::idle || state_ == scripted_state::dialing) {
    dial_failed(make_error(dial_errc::cancelled, "the connection was closed while it dialed"));
    return caf::unit;
  }
  if (state_ == scripted_state::open) {
    if (auto problem = why_not_sendable(what.details); !problem.empty())
      return make_error(connection_errc::invalid_message, std::move(problem));
    network_->update(index_, [&](scripted_record& x) { x.closes.push_back(what.details); });
    asked_ = std::move(what.details);
    enter(scripted_state::closing);
    set_timer(options_.timeouts.close, script_timer::close_timeout);
    closers_.push_back(make_response_promise());
    auto answer = closers_.back();
    if (!begun_)
      send_close_frame();
    return answer;
  }
  closers_.push_back(make_response_promise());
  return closers_.back();
}

void scripted_connection_actor::send_close_frame() {
  close_frame_sent_ = true;
  using reaction = steps::on_close_frame::reaction;
  switch (close_reaction_.how) {
    case reaction::answer:
      if (close_reaction_.delay > timespan{0})
        set_timer(close_reaction_.delay, script_timer::close_answer, ++close_answers_);
      else
        close_answered();
      break;
    case reaction::fail:
      end({close_code::abnormal, {}}, close_reaction_.text,
          make_error(connection_errc::close_failed, close_reaction_.text));
      break;
    case reaction::stall: break;
  }
}

void scripted_connection_actor::close_answered() {
  auto details =
    close_reaction_.details ? *close_reaction_.details : close_details{asked_.code, {}};
  end(std::move(details), "the session was closed");
}

caf::result<close_details> scripted_connection_actor::wait_closed() {
  if (state_ == scripted_state::over) {
    if (never_opened_)
      return never_opened_;
    return end_;
  }
  watchers_.push_back(make_response_promise());
  return watchers_.back();
}

void scripted_connection_actor::end(close_details details, std::string text,
                                    caf::error close_result) {
  log(scripted_event::over, print(details));
  network_->update(index_, [&](scripted_record& x) { x.end = details; });
  auto was_closing = state_ == scripted_state::closing;
  enter(scripted_state::over);
  end_ = details;
  gone_ = make_closed_error(text, std::move(details));
  if (begun_)
    begun_->fail(make_error(connection_errc::write_unknown, text));
  begun_ = nothing;
  stalled_.fail_all(make_error(connection_errc::write_failed, text));
  for (auto& x : std::exchange(pingers_, {}))
    x.promise.deliver(make_error(connection_errc::ping_failed, text));
  serve_reader();
  for (auto& x : std::exchange(watchers_, {}))
    x.deliver(end_);
  for (auto& x : std::exchange(closers_, {}))
    if (was_closing && close_result)
      x.deliver(close_result);
    else
      x.deliver(caf::unit);
  keep_alive_ = nullptr;
}

// -- time -----------------------------------------------------------------------------------------

void scripted_connection_actor::set_timer(timespan delay, script_timer what, std::uint64_t id) {
  delayed_send(this, delay, script_timer_msg{what, id});
}

void scripted_connection_actor::timer_due(const script_timer_msg& what) {
  if (state_ == scripted_state::over)
    return;
  switch (what.what) {
    case script_timer::track: tracks_[what.id].asleep = false; return advance();
    case script_timer::close_answer:
      // The script may have changed its mind since.
      if (what.id == close_answers_
          && close_reaction_.how == steps::on_close_frame::reaction::answer)
        close_answered();
      return;
    case script_timer::close_timeout: {
      auto text = std::string{"the peer did not answer the close frame in time"};
      return end({close_code::abnormal, {}}, text,
                 make_error(connection_errc::close_timeout, text));
    }
    case script_timer::pong: {
      auto due = std::find_if(pingers_.begin(), pingers_.end(),
                              [&](const auto& x) { return x.id == what.id; });
      if (due == pingers_.end())
        return;
      pong_came(due->round_trip);
      due->promise.deliver(due->round_trip);
      pingers_.erase(due);
    }
  }
}

} // namespace wsengine::testing
