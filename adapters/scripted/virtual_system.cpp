// virtual_system.cpp: see wsengine/testing/virtual_system.hpp.

#include "wsengine/testing/virtual_system.hpp"

#include "virtual_time.hpp"

#include "wsengine/config.hpp"

#include <caf/actor_registry.hpp>
#include <caf/mailbox_element.hpp>

#include <algorithm>
#include <utility>

namespace wsengine::testing {

namespace {

// No test needs so many at one moment.
constexpr std::size_t most_messages = 1000000;

std::unique_ptr<caf::actor_system_config>
prepared(std::unique_ptr<caf::actor_system_config> given) {
  auto result = given ? std::move(given) : std::make_unique<config>();
  compat::log_nothing(*result);
  return result;
}

} // namespace

virtual_system::virtual_system(std::unique_ptr<caf::actor_system_config> config)
  : config_(prepared(std::move(config))),
    time_(std::make_unique<virtual_time>(*config_)),
    start_(time_->now()) {
  // A test that leaves an actor behind shall fail, not hang.
  system().await_actors_before_shutdown(false);
}

virtual_system::~virtual_system() {
  observer_ = nullptr;
  run_all();
  // Else the scheduler would wait for alarms that actors set again and again.
  time_->drop_alarms();
}

caf::actor_system& virtual_system::system() noexcept {
  return time_->system();
}

timespan virtual_system::now() const {
  return time_->now() - start_;
}

std::size_t virtual_system::actors_alive() const {
  return time_->system().registry().running();
}

// -- all at once ----------------------------------------------------------------------------------

bool virtual_system::run_all() {
  for (std::size_t i = 0; i < most_messages; ++i) {
    if (runnable() == 0)
      return true;
    run_one();
  }
  return false;
}

bool virtual_system::pass(timespan delay) {
  auto end = now() + delay;
  for (;;) {
    if (!run_all())
      return false;
    auto next = next_alarm();
    if (!next || now() + *next > end)
      break;
    tick(*next);
  }
  tick(end - now());
  return run_all();
}

// -- step by step ---------------------------------------------------------------------------------

std::size_t virtual_system::runnable() const {
  return time_->waiting();
}

void virtual_system::run_one(std::size_t index) {
  time_->prefer(index);
  if (observer_)
    if (auto* actor = dynamic_cast<caf::abstract_actor*>(time_->next()))
      if (auto* what = actor->peek_at_next_mailbox_element())
        observer_(*actor, *what);
  time_->run_next();
}

optional<timespan> virtual_system::next_alarm() const {
  if (auto at = time_->next_alarm())
    return std::max(timespan{0}, *at - time_->now());
  return nothing;
}

void virtual_system::tick(timespan delay) {
  time_->advance(delay);
}

} // namespace wsengine::testing
