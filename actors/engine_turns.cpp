// engine_turns.cpp: what an engine does so that the clients of one server do not rush at it: waits
// for its turn, and tells the others how attempts end.

#include "engine.hpp"

#include "wsengine/error.hpp"

#include <caf/deep_to_string.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace wsengine::internal {

using rules::event;

namespace {

/// Whether an attempt that failed like this says that the server is in trouble.
bool blames_server(const caf::error& cause) {
  if (is(cause, dial_errc::invalid_request) || is(cause, engine_errc::provider_failed)
      || phase_of(cause) == "provide")
    return false;
  // It is there, but does not want us.
  auto response = response_of(cause);
  return !response || response->status >= 500 || response->status == 429;
}

} // namespace

// -- waiting --------------------------------------------------------------------------------------

// Whether it is our turn to dial. If not, we will be told when to ask again.
bool engine::may_dial() {
  using kind = server_gate::verdict::kind;
  if (!turn_ || turn_->granted)
    return true;
  if (turn_->place == 0)
    turn_->place = turn_->gate->join(address());
  auto now = clock().now();
  auto answer = turn_->gate->ask(turn_->place, now);
  turn_->alarm = answer.what == kind::wait ? arm(timespan{answer.until - now}) : 0;
  if (answer.what != kind::go)
    return false;
  turn_->place = 0;
  turn_->granted = true;
  turn_->is_trial = answer.is_trial;
  return true;
}

void engine::turn_came() {
  // We may have left the queue.
  if (!turn_ || turn_->place == 0 || !may_dial())
    return;
  if (cycle_.state() == engine_state::backoff)
    feed(event::retry_due);
  else
    dial_url();
}

bool engine::must_not_dial() const {
  return turn_ && !turn_->granted && !turn_->gate->lets_through(clock().now());
}

// Whoever starts is told at once rather than kept waiting until the circuit closes.
void engine::refuse_to_dial() {
  auto circuit = turn_->gate->status(clock().now(), caf::make_timestamp());
  auto text = "after " + std::to_string(circuit.failures) + " failed attempts "
              + (circuit.next_trial_in
                   ? "the server is left alone for " + caf::deep_to_string(*circuit.next_trial_in)
                   : "somebody else tries the server");
  last_error_ = make_error(engine_errc::circuit_open, std::move(text));
  feed(event::dial_failed);
}

// -- attempts -------------------------------------------------------------------------------------

void engine::attempt_began() {
  if (!turn_)
    return;
  turn_->granted = false;
  turn_->attempting = true;
}

void engine::attempt_ended(server_gate::outcome how) {
  if (std::exchange(turn_->attempting, false))
    turn_->gate->attempt_ended(how, std::exchange(turn_->is_trial, false), clock().now());
}

void engine::attempt_succeeded() {
  if (turn_)
    attempt_ended(server_gate::outcome::succeeded);
}

void engine::attempt_failed() {
  if (turn_)
    attempt_ended(blames_server(last_error_) ? server_gate::outcome::failed
                                             : server_gate::outcome::abandoned);
}

// Leaves the queue, or an attempt, without a result.
void engine::give_up_turn() {
  if (!turn_)
    return;
  if (auto place = std::exchange(turn_->place, 0); place != 0)
    turn_->gate->leave(place);
  if (turn_->attempting || turn_->granted)
    turn_->gate->attempt_ended(server_gate::outcome::abandoned, turn_->is_trial, clock().now());
  *turn_ = {std::move(turn_->gate)};
}

// -- status ---------------------------------------------------------------------------------------

void engine::add_turn_to(engine_status& what) const {
  auto now = clock().now();
  auto wall = caf::make_timestamp();
  what.circuit = turn_->gate->status(now, wall);
  what.waits_for_turn = turn_->place != 0;
  if (what.state != engine_state::backoff || !what.waits_for_turn)
    return;
  what.next_retry_in =
    std::max(timespan{0}, timespan{turn_->gate->expected(turn_->place, now) - now});
  what.next_retry_at = wall + *what.next_retry_in;
}

} // namespace wsengine::internal
