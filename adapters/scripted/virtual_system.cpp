// virtual_system.cpp: see wsengine/testing/virtual_system.hpp.

#include "wsengine/testing/virtual_system.hpp"

#include "wsengine/config.hpp"

#include <caf/actor_registry.hpp>
#include <caf/atom.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace wsengine::testing {

namespace {

// No test needs so many at one moment.
constexpr std::size_t most_messages = 1000000;

std::unique_ptr<caf::actor_system_config>
prepared(std::unique_ptr<caf::actor_system_config> given) {
  auto result = given ? std::move(given) : std::make_unique<config>();
  result->set("scheduler.policy", caf::atom("testing"));
  result->set("logger.verbosity", caf::atom("quiet"));
  result->set("logger.console", caf::atom("none"));
  return result;
}

} // namespace

virtual_system::virtual_system(std::unique_ptr<caf::actor_system_config> config)
  : config_(prepared(std::move(config))),
    system_(*config_),
    scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())) {
  // What takes no time takes none: CAF would measure it.
  scheduler_.clock().time_per_unit.emplace(caf::atom("batch"), timespan{1000});
  // At an epoch, differences to nothing would look like times.
  scheduler_.clock().current_time += std::chrono::hours(1);
  start_ = scheduler_.clock().now().time_since_epoch();
  // A test that leaves an actor behind shall fail, not hang.
  system_.await_actors_before_shutdown(false);
}

virtual_system::~virtual_system() {
  observer_ = nullptr;
  run_all();
  // Else the scheduler would wait for alarms that actors set again and again.
  scheduler_.clock().cancel_all();
}

timespan virtual_system::now() const {
  return scheduler_.clock().now().time_since_epoch() - start_;
}

std::size_t virtual_system::actors_alive() const {
  return const_cast<caf::actor_system&>(system_).registry().running();
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
  return scheduler_.jobs.size();
}

void virtual_system::run_one(std::size_t index) {
  auto& jobs = scheduler_.jobs;
  auto chosen = jobs.begin() + static_cast<std::ptrdiff_t>(index);
  std::rotate(jobs.begin(), chosen, chosen + 1);
  if (observer_)
    if (auto* actor = dynamic_cast<caf::abstract_actor*>(jobs.front()))
      if (auto* what = actor->peek_at_next_mailbox_element())
        observer_(*actor, *what);
  scheduler_.try_run_once();
}

optional<timespan> virtual_system::next_alarm() const {
  const auto& alarms = scheduler_.clock().schedule();
  if (alarms.empty())
    return caf::none;
  return std::max(timespan{0}, timespan{alarms.begin()->first - scheduler_.clock().now()});
}

void virtual_system::tick(timespan delay) {
  scheduler_.clock().advance_time(delay);
}

} // namespace wsengine::testing
