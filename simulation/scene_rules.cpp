// scene_rules.cpp: what a run has to look like when nothing moves, and at its end, see scene.hpp.

#include "scene.hpp"

#include "wsengine/error.hpp"

#include <caf/exit_reason.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace wsengine::simulation {

// -- at rest --------------------------------------------------------------------------------------

// Looks at what must be true when no actor has anything to do.
void scene::check_rest() {
  referee_.caught_up();
  if (network_.alive() > 1)
    referee_.fail("there is more than one live connection", std::to_string(network_.alive()));
  check_stops();
  check_pauses();
  collect_answers();
  mail_.check_rest(time_.now(), starved_);
}

void scene::check_stops() {
  std::erase_if(stops_, [](const auto& x) { return !x.answer->pending(); });
  for (const auto& x : stops_)
    if (time_.now() - x.at - (starved_ - x.starved) >= options_.timeouts.stop)
      referee_.fail("stop is not answered in time", testing::print_time(time_.now() - x.at));
}

void scene::check_pauses() {
  auto waits =
    std::any_of(holders_.begin(), holders_.end(), [](const holder& x) { return x.got->pending(); });
  if (waits)
    referee_.fail("pause is not answered at once");
}

void scene::collect_answers() {
  mail_.collect_answers([this](const std::string& key, const data_message& what) {
    auto number = parse_message(what.data.text());
    if (keys_[number] != key)
      referee_.fail("a request got the answer to another", key);
    if (referee_.messages().was_begun(number))
      referee_.fail("the answer to a request was delivered, too", to_string(number));
    referee_.messages().answered(number);
  });
}

engine_state scene::state() {
  auto status = testing::ask<engine_status>(time_.system(), engine_, status_msg{});
  settle();
  if (status->succeeded())
    return status->get().state;
  referee_.fail("status is not answered at once");
  return engine_state::idle;
}

// What an engine does when somebody dies.
void scene::check_bereaved() {
  if (state() == engine_state::paused)
    referee_.fail("the engine is paused for nobody");
  if (dead_.count(served_) == 0 || options_.on_client_down != client_down_policy::stop)
    return;
  pass(options_.timeouts.stop);
  if (is_running(state()))
    referee_.fail("the engine goes on without a client");
}

// -- the end --------------------------------------------------------------------------------------

void scene::finish() {
  say("-- the end: those who hold leases leave");
  while (!holders_.empty())
    kill_holder(caf::exit_reason::kill);
  settle();
  check_bereaved();
  say("-- the end: stop");
  stop();
  settle();
  pass(options_.timeouts.stop);
  settle();
  check_rest();
  end_calls();
  referee_.finish();
  if (network_.alive() > 0)
    referee_.fail("a connection is alive after stop");
  check_answers();
  std::vector<testing::scripted_record> records;
  for (std::size_t i = 0; i < network_.size(); ++i)
    records.push_back(network_.record(i));
  mail_.check_end(records, [this, &records](session_id id) {
    return referee_.connection_of_id(id, records.size());
  });
  leave();
}

void scene::end_calls() {
  say("-- the end: calls are released");
  calm_ = true;
  while (!held_.empty()) {
    release(true);
    settle();
  }
}

void scene::leave() {
  say("-- the end: everybody leaves");
  auto idle = state() == engine_state::idle;
  which_ = {};
  starts_.clear();
  // Whoever waits for the end of an engine that was never started keeps it.
  if (idle)
    compat::send_exit(engine_, caf::exit_reason::user_shutdown);
  engine_ = nullptr;
  compat::send_exit(std::exchange(client_, nullptr), caf::exit_reason::kill);
  for (auto& x : std::exchange(old_clients_, {}))
    compat::send_exit(x, caf::exit_reason::kill);
  held_.clear();
  settle();
  // Alarms keep those alive that they are for.
  pass(std::chrono::minutes(2));
  for (const auto& x : waits_)
    if (x->pending())
      referee_.fail("whoever waits for the end has had no answer");
  if (auto left = time_.actors_alive(); left > 0)
    referee_.fail("actors were left behind", std::to_string(left));
}

void scene::check_answers() {
  if (is_running(state()))
    referee_.fail("the engine is not stopped after stop");
  for (const auto& x : starts_)
    if (x->pending())
      referee_.fail("start has had no answer");
}

} // namespace wsengine::simulation
