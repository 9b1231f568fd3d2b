// scripted_steps.cpp: how a scripted connection plays its scripts.

#include "print.hpp"
#include "scripted_connection_actor.hpp"

#include "wsengine/error.hpp"

#include <utility>

namespace wsengine::testing {

// -- tracks ---------------------------------------------------------------------------------------

void scripted_connection_actor::begin_track(const script& what) {
  track next;
  next.steps = what.steps();
  next.seen = written_.size();
  tracks_.push_back(std::move(next));
  advance();
}

void scripted_connection_actor::advance() {
  // A step of one track may be what another one waits for.
  for (auto progress = true; progress;) {
    progress = false;
    for (std::size_t i = 0; i < tracks_.size(); ++i)
      progress = advance(i) || progress;
  }
  serve_reader();
}

bool scripted_connection_actor::advance(std::size_t index) {
  auto progress = false;
  auto& self = tracks_[index];
  while (state_ != scripted_state::over && !quitting_ && !self.asleep
         && self.next < self.steps.size()) {
    auto done =
      std::visit([&](const auto& what) { return perform(index, what); }, self.steps[self.next]);
    if (!done)
      break;
    ++self.next;
    progress = true;
  }
  return progress;
}

// -- opening --------------------------------------------------------------------------------------

bool scripted_connection_actor::perform(std::size_t, const steps::accept& what) {
  if (state_ == scripted_state::dialing)
    open(what.response);
  return state_ != scripted_state::idle;
}

bool scripted_connection_actor::perform(std::size_t, const steps::refuse& what) {
  if (state_ == scripted_state::dialing)
    dial_failed(what.cause);
  return state_ != scripted_state::idle;
}

bool scripted_connection_actor::perform(std::size_t, const steps::stall&) {
  return false;
}

// -- pace -----------------------------------------------------------------------------------------

bool scripted_connection_actor::perform(std::size_t index, const steps::after& what) {
  if (what.delay > timespan{0}) {
    tracks_[index].asleep = true;
    set_timer(what.delay, script_timer::track, index);
  }
  return true;
}

bool scripted_connection_actor::perform(std::size_t index, const steps::await_write& what) {
  auto& self = tracks_[index];
  while (self.seen < written_.size()) {
    const auto& next = written_[self.seen++];
    if (!what.matches || what.matches(next))
      return true;
  }
  return false;
}

// -- what the peer does ---------------------------------------------------------------------------

bool scripted_connection_actor::perform(std::size_t, const steps::send& what) {
  if (!is_open())
    return false;
  auto parts = what.message;
  auto limit = options_.max_part_size == 0 ? parts.data.size() : options_.max_part_size;
  while (parts.data.size() > limit) {
    inbound_.emplace_back(data_message{parts.kind, parts.data.first(limit), false});
    parts.data = parts.data.without_first(limit);
  }
  inbound_.emplace_back(std::move(parts));
  network_->update(index_, [](scripted_record& x) { ++x.sent; });
  return true;
}

bool scripted_connection_actor::perform(std::size_t, const steps::fail_read& what) {
  if (!is_open())
    return false;
  inbound_.emplace_back(what.text);
  return true;
}

bool scripted_connection_actor::perform(std::size_t, const steps::close& what) {
  if (!is_open())
    return false;
  end(what.details, "the peer closed the session: " + print(what.details));
  return true;
}

bool scripted_connection_actor::perform(std::size_t, const steps::drop&) {
  if (!is_open())
    return false;
  auto text = std::string{"the connection was reset by the peer"};
  end({close_code::abnormal, {}}, text, make_error(connection_errc::close_failed, text));
  return true;
}

bool scripted_connection_actor::perform(std::size_t, const steps::die& what) {
  quitting_ = true;
  quit(what.reason);
  return true;
}

// -- how it reacts --------------------------------------------------------------------------------

bool scripted_connection_actor::perform(std::size_t, const steps::on_close_frame& what) {
  close_reaction_ = what;
  // A peer that did not answer so far may do so now.
  if (state_ == scripted_state::closing && close_frame_sent_)
    send_close_frame();
  return true;
}

bool scripted_connection_actor::perform(std::size_t, const steps::on_write& what) {
  write_reaction_ = what;
  if (what.how == steps::on_write::reaction::take)
    take_stalled();
  return true;
}

bool scripted_connection_actor::perform(std::size_t, const steps::on_ping& what) {
  ping_reaction_ = what;
  return true;
}

} // namespace wsengine::testing
