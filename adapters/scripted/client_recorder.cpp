// client_recorder.cpp: see client_recorder.hpp.

#include "client_recorder.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace wsengine::testing {

// -- programming ----------------------------------------------------------------------------------

void client_recorder::program(callback which, mock_answer how) {
  std::lock_guard guard{mutex_};
  programs_.at(static_cast<std::size_t>(which)).usual = std::move(how);
}

void client_recorder::program_next(callback which, mock_answer how) {
  std::lock_guard guard{mutex_};
  programs_.at(static_cast<std::size_t>(which)).next.push_back(std::move(how));
}

// -- calls ----------------------------------------------------------------------------------------

std::pair<std::size_t, mock_answer> client_recorder::begin(timespan now, callback_args args) {
  std::lock_guard guard{mutex_};
  auto& program = programs_.at(args.index());
  auto answer = program.usual;
  if (!program.next.empty()) {
    answer = std::move(program.next.front());
    program.next.pop_front();
  }
  if (shut_down_) {
    // Nobody is left to release it, and the record must not hold on to actors any more.
    if (answer.outcome_ == mock_answer::outcome::hold)
      answer.outcome_ = mock_answer::outcome::succeed;
    return {next_call_++, std::move(answer)};
  }
  if (const auto* opened = std::get_if<on_open>(&args))
    last_session_ = opened->which;
  calls_.emplace_back(next_call_, recorded_call{now, std::move(args), false});
  most_in_flight_ = std::max(most_in_flight_, ++in_flight_);
  // Held from the start, so that whoever waited for the call can release it at once.
  if (answer.outcome_ == mock_answer::outcome::hold)
    held_.push_back({next_call_, calls_.back().second.which(), {}});
  changed_.notify_all();
  return {next_call_++, std::move(answer)};
}

std::vector<client_recorder::numbered_call>::iterator client_recorder::find(std::size_t call) {
  // The numbers grow.
  auto found = std::lower_bound(calls_.begin(), calls_.end(), call,
                                [](const auto& x, std::size_t number) { return x.first < number; });
  return found != calls_.end() && found->first == call ? found : calls_.end();
}

void client_recorder::end(std::size_t call) {
  std::lock_guard guard{mutex_};
  auto found = find(call);
  if (found == calls_.end() || std::exchange(found->second.answered, true))
    return;
  --in_flight_;
  // There is nothing left to release when the callback threw instead.
  std::erase_if(held_, [call](const auto& x) { return x.call == call; });
  changed_.notify_all();
}

void client_recorder::hold(std::size_t call, caf::actor_addr gate) {
  std::unique_lock guard{mutex_};
  if (auto early = take_released(call)) {
    guard.unlock();
    return send_release(gate, call, std::move(*early));
  }
  for (auto& x : held_)
    if (x.call == call)
      x.gate = std::move(gate);
}

caf::error client_recorder::wait_for_release(std::size_t call) {
  std::unique_lock guard{mutex_};
  optional<caf::error> cause;
  changed_.wait(guard, [&] {
    cause = take_released(call);
    return shut_down_ || cause;
  });
  return cause ? std::move(*cause) : caf::error{};
}

optional<caf::error> client_recorder::take_released(std::size_t call) {
  auto found = released_.find(call);
  if (found == released_.end())
    return nothing;
  auto cause = std::move(found->second);
  released_.erase(found);
  return cause;
}

bool client_recorder::release(callback which, caf::error cause) {
  std::unique_lock guard{mutex_};
  auto found =
    std::find_if(held_.begin(), held_.end(), [which](const auto& x) { return x.which == which; });
  if (found == held_.end())
    return false;
  auto what = std::move(*found);
  held_.erase(found);
  if (!what.gate) {
    released_.emplace(what.call, std::move(cause));
    changed_.notify_all();
    return true;
  }
  guard.unlock();
  send_release(what.gate, what.call, std::move(cause));
  return true;
}

void client_recorder::send_release(const caf::actor_addr& gate, std::size_t call,
                                   caf::error cause) {
  if (auto actor = caf::actor_cast<caf::actor>(gate))
    caf::anon_send(actor, release_call_msg{call, std::move(cause)});
}

void client_recorder::shut_down() {
  std::vector<caf::actor_addr> actors;
  std::deque<held_call> held;
  // Handles may be the last ones of their actors: let go of them outside of the lock.
  std::vector<numbered_call> calls;
  optional<session> last;
  {
    std::lock_guard guard{mutex_};
    shut_down_ = true;
    actors.swap(actors_);
    calls.swap(calls_);
    last = std::exchange(last_session_, optional<session>{});
    held.swap(held_);
    programs_ = {};
    changed_.notify_all();
  }
  for (const auto& x : held)
    send_release(x.gate, x.call, {});
  for (const auto& x : actors)
    if (auto actor = caf::actor_cast<caf::actor>(x))
      caf::anon_send_exit(actor, caf::exit_reason::kill);
}

// -- actors ---------------------------------------------------------------------------------------

void client_recorder::adopt(caf::actor_addr actor) {
  std::lock_guard guard{mutex_};
  actors_.push_back(std::move(actor));
}

// -- record ---------------------------------------------------------------------------------------

std::vector<recorded_call> client_recorder::calls() const {
  std::lock_guard guard{mutex_};
  std::vector<recorded_call> result;
  for (const auto& x : calls_)
    result.push_back(x.second);
  return result;
}

std::size_t client_recorder::in_flight() const {
  std::lock_guard guard{mutex_};
  return in_flight_;
}

std::size_t client_recorder::most_in_flight() const {
  std::lock_guard guard{mutex_};
  return most_in_flight_;
}

optional<session> client_recorder::last_session() const {
  std::lock_guard guard{mutex_};
  return last_session_;
}

void client_recorder::clear() {
  std::lock_guard guard{mutex_};
  calls_.erase(
    std::remove_if(calls_.begin(), calls_.end(), [](const auto& x) { return x.second.answered; }),
    calls_.end());
}

std::size_t client_recorder::count(callback which) const {
  return static_cast<std::size_t>(std::count_if(
    calls_.begin(), calls_.end(), [which](const auto& x) { return x.second.which() == which; }));
}

bool client_recorder::wait_for(callback which, std::size_t expected, timespan timeout) const {
  std::unique_lock guard{mutex_};
  return changed_.wait_for(guard, timeout, [&] { return count(which) >= expected; });
}

} // namespace wsengine::testing
