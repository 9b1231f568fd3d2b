// scene_steps.cpp: the scheduler, the clock and the users of a run, see scene.hpp.

#include "scene.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>

#include <chrono>
#include <utility>

namespace wsengine::simulation {

using testing::script;

void scene::perform(const step& what) {
  luck_ = draw{what.seed};
  if (tracing_)
    say("  step " + std::to_string(result_.steps) + " at " + testing::print_time(time_.now()) + ": "
        + to_string(what.what));
  if (perform_time(what.what) || perform_network(what.what))
    return;
  perform_user(what.what);
}

// -- time -----------------------------------------------------------------------------------------

void scene::settle() {
  if (!time_.run_all())
    referee_.fail("the actors never come to rest");
}

void scene::pass(timespan delay) {
  auto end = time_.now() + delay;
  for (;;) {
    settle();
    check_rest();
    auto next = time_.next_alarm();
    if (!next || time_.now() + *next > end || !referee_.broken_rule().empty())
      break;
    time_.tick(*next);
  }
  time_.tick(end - time_.now());
  settle();
}

bool scene::perform_time(act what) {
  // Time that passes while actors have something to do is no fault of theirs.
  auto lag = [this](timespan delay) {
    if (time_.runnable() > 0) {
      starved_ += delay;
      referee_.lags();
    }
    time_.tick(delay);
  };
  switch (what) {
    case act::run:
      if (auto count = time_.runnable(); count > 0)
        time_.run_one(luck_.below(count));
      return true;
    case act::settle: settle(); return true;
    case act::next_alarm:
      settle();
      if (auto next = time_.next_alarm())
        time_.tick(*next);
      return true;
    case act::lag: lag(timespan{static_cast<timespan::rep>(luck_.below(3000000000U))}); return true;
    case act::clock_jump: lag(std::chrono::seconds(5 + luck_.below(60))); return true;
    case act::quiet: quiet(); return true;
    default: return false;
  }
}

// Whoever waits for somebody's answer gets it: then everything that is open has to work.
void scene::quiet() {
  calm_ = true;
  settle();
  while (!held_.empty() && referee_.broken_rule().empty()) {
    release(true);
    settle();
  }
  check_rest();
  referee_.check_quiet(state() == engine_state::running);
  calm_ = false;
}

// -- users ----------------------------------------------------------------------------------------

bool scene::perform_user(act what) {
  auto lost = caf::make_error(caf::exit_reason::remote_link_unreachable);
  switch (what) {
    case act::start: start(); return true;
    case act::stop: stop(); return true;
    case act::restart: signal(session_signal::restart); return true;
    case act::exit: signal(session_signal::exit); return true;
    case act::pause: pause(); return true;
    case act::resume: resume(); return true;
    case act::kill_holder: kill_holder(caf::exit_reason::kill); return true;
    case act::set_client: set_client(); return true;
    case act::kill_client: kill_client(caf::exit_reason::kill); return true;
    case act::lose_node:
      kill_client(lost);
      kill_holder(lost);
      referee_.may_close();
      peer(script{}.die(lost));
      return true;
    case act::write: write(); return true;
    case act::send: send(); return true;
    case act::request: request(); return true;
    case act::wait_stopped:
      waits_.push_back(testing::ask<stop_report>(time_.system(), engine_, wait_stopped_msg{}));
      return true;
    case act::end_engine: end_engine(caf::exit_reason::user_shutdown); return true;
    case act::kill_engine: end_engine(caf::exit_reason::kill); return true;
    case act::release: release(luck_.chance(5, 6)); return true;
    default: return false;
  }
}

void scene::stop() {
  referee_.may_close();
  auto answer = testing::ask<caf::unit_t>(time_.system(), engine_, stop_msg{});
  stops_.push_back({answer, time_.now(), starved_});
}

void scene::signal(session_signal what) {
  referee_.may_close();
  if (what == session_signal::restart)
    referee_.may_dial();
  compat::send_exit(which_.signals, what);
}

void scene::pause() {
  auto got = std::make_shared<testing::asked<lease>>();
  auto hold = [this, got](caf::event_based_actor* self, const engine_actor& from) -> caf::behavior {
    self->request(from, caf::infinite, pause_msg{})
      .then(
        [this, got](lease& x) {
          referee_.messages().lent(x.unread);
          got->answer(std::move(x));
        },
        [got](caf::error& x) { got->fail(std::move(x)); });
    return {[](caf::unit_t) {}};
  };
  holders_.push_back({time_.system().spawn(hold, engine_), got});
}

void scene::resume() {
  for (auto& x : holders_)
    if (x.got->succeeded()) {
      auto what = x.got->get();
      auto answer =
        testing::ask<caf::unit_t>(time_.system(), engine_, resume_msg{what.id, what.unread});
      referee_.messages().given_back(what.unread, answer);
      compat::send_exit(x.actor, caf::exit_reason::kill);
      std::swap(x, holders_.back());
      return holders_.pop_back();
    }
}

void scene::kill_holder(const caf::error& reason) {
  if (holders_.empty())
    return;
  auto& last = holders_.back();
  // What it was to get may be lost with it.
  if (last.got->pending() && network_.size() > 0)
    referee_.messages().excuse(network_.last());
  compat::send_exit(last.actor, reason);
  holders_.pop_back();
}

void scene::set_client() {
  if (client_)
    old_clients_.push_back(client_);
  auto next = new_client();
  if (luck_.chance(1, 3))
    testing::ask<caf::unit_t>(time_.system(), engine_,
                              set_batch_client_msg{caf::actor_cast<batch_client_actor>(next)});
  else
    testing::ask<caf::unit_t>(time_.system(), engine_,
                              set_client_msg{caf::actor_cast<client_actor>(next)});
}

void scene::kill_client(const caf::error& reason) {
  if (!client_)
    return;
  client_dies(client_number_);
  compat::send_exit(std::exchange(client_, nullptr), reason);
}

void scene::end_engine(caf::error reason) {
  referee_.may_close();
  auto is_kill = reason == caf::exit_reason::kill;
  if (is_kill)
    referee_.engine_gone();
  compat::send_exit(engine_, std::move(reason));
  settle();
  if (!is_kill)
    pass(options_.timeouts.stop);
  // Of one that ended, nothing is left but what its users still hold.
  if (network_.alive() > 0)
    referee_.fail("a connection has survived its engine");
  referee_.engine_gone();
  // Leases of one engine mean nothing to another.
  while (!holders_.empty())
    kill_holder(caf::exit_reason::kill);
  compat::send_exit(std::exchange(client_, nullptr), caf::exit_reason::kill);
  settle();
  spawn();
}

void scene::release(bool succeed) {
  if (held_.empty())
    return;
  auto index = static_cast<std::ptrdiff_t>(luck_.below(held_.size()));
  auto what = held_[static_cast<std::size_t>(index)];
  held_.erase(held_.begin() + index);
  if (auto who = caf::actor_cast<caf::actor>(what.who))
    caf::anon_send(who, release_msg{what.call, succeed});
}

} // namespace wsengine::simulation
