// virtual_time.cpp: see virtual_time.hpp.

#include "virtual_time.hpp"

#ifdef WSENGINE_CAF_1
#include <caf/action.hpp>
#include <caf/actor_clock.hpp>
#include <caf/detail/actor_system_access.hpp>
#include <caf/disposable.hpp>
#include <caf/scheduler.hpp>
#else
#include <caf/scheduler/test_coordinator.hpp>
#endif

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <utility>

namespace wsengine::testing {

// At an epoch, differences to nothing would look like times.
constexpr auto first_hour = std::chrono::hours(1);

// -- CAF 1.x --------------------------------------------------------------------------------------

#ifdef WSENGINE_CAF_1

namespace {

/// A clock that goes on when told to.
class virtual_clock final : public caf::actor_clock {
public:
  using caf::actor_clock::schedule;

  time_point now() const noexcept override { return now_; }

  caf::disposable schedule(time_point at, caf::action what) override {
    auto result = what.as_disposable();
    alarms_.emplace(at, std::move(what));
    return result;
  }

  [[nodiscard]] optional<time_point> next_alarm() {
    std::erase_if(alarms_, [](const auto& x) { return x.second.disposed(); });
    if (alarms_.empty())
      return nothing;
    return alarms_.begin()->first;
  }

  void advance(timespan delay) {
    now_ += delay;
    while (!alarms_.empty() && alarms_.begin()->first <= now_) {
      auto due = std::move(alarms_.extract(alarms_.begin()).mapped());
      if (!due.disposed())
        due.run();
    }
  }

  void drop_alarms() {
    for (auto& x : std::exchange(alarms_, {}))
      x.second.dispose();
  }

private:
  time_point now_{first_hour};
  std::multimap<time_point, caf::action> alarms_;
};

/// A scheduler that keeps who has something to do until it is told to run them.
class virtual_scheduler final : public caf::scheduler {
public:
  std::deque<caf::resumable*> waiting;

  void schedule(caf::resumable* what) override { waiting.push_back(what); }
  void delay(caf::resumable* what) override { waiting.push_back(what); }
  void start() override {}

  void stop() override {
    while (!waiting.empty()) {
      auto* what = waiting.front();
      waiting.pop_front();
      compat::end_and_release(what);
    }
  }

  void run_next() {
    auto* what = waiting.front();
    waiting.pop_front();
    if (what->resume(this, 1) == caf::resumable::resume_later)
      waiting.push_front(what);
    else
      caf::intrusive_ptr_release(what);
  }
};

/// What the system owns, and whoever makes it uses.
struct virtual_parts {
  virtual_clock* clock = nullptr;
  virtual_scheduler* scheduler = nullptr;
};

/// An actor system with such a clock and such a scheduler.
class virtual_actor_system final : public caf::actor_system {
public:
  virtual_actor_system(caf::actor_system_config& config, virtual_parts& parts)
    : caf::actor_system(config, set_up, &parts) {}

private:
  static void set_up(caf::actor_system& system, caf::actor_system_config&, void* parts) {
    auto clock = std::make_unique<virtual_clock>();
    auto scheduler = std::make_unique<virtual_scheduler>();
    *static_cast<virtual_parts*>(parts) = {clock.get(), scheduler.get()};
    caf::detail::actor_system_access access{system};
    access.clock(std::move(clock));
    access.scheduler(std::move(scheduler));
  }
};

} // namespace

class virtual_time::impl {
public:
  explicit impl(caf::actor_system_config& config) : system(config, parts) {}

  [[nodiscard]] auto& waiting() { return parts.scheduler->waiting; }
  void run_next() { parts.scheduler->run_next(); }
  [[nodiscard]] auto now() { return parts.clock->now(); }
  [[nodiscard]] auto next_alarm() { return parts.clock->next_alarm(); }
  void advance(timespan delay) { parts.clock->advance(delay); }
  void drop_alarms() { parts.clock->drop_alarms(); }

  virtual_parts parts;
  virtual_actor_system system;
};

// -- CAF 0.17 -------------------------------------------------------------------------------------

#else

namespace {

caf::actor_system_config& with_test_scheduler(caf::actor_system_config& config) {
  config.set("scheduler.policy", caf::atom("testing"));
  return config;
}

} // namespace

class virtual_time::impl {
public:
  explicit impl(caf::actor_system_config& config)
    : system(with_test_scheduler(config)),
      scheduler(dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())) {
    // What takes no time takes none: CAF would measure it.
    scheduler.clock().time_per_unit.emplace(caf::atom("batch"), timespan{1000});
    scheduler.clock().current_time += first_hour;
  }

  [[nodiscard]] auto& waiting() { return scheduler.jobs; }
  void run_next() { scheduler.try_run_once(); }
  [[nodiscard]] auto now() { return scheduler.clock().now(); }
  void advance(timespan delay) { scheduler.clock().advance_time(delay); }
  void drop_alarms() { scheduler.clock().cancel_all(); }

  [[nodiscard]] optional<caf::actor_clock::time_point> next_alarm() {
    const auto& alarms = scheduler.clock().schedule();
    if (alarms.empty())
      return nothing;
    return alarms.begin()->first;
  }

  caf::actor_system system;
  caf::scheduler::test_coordinator& scheduler;
};

#endif

// -- both -----------------------------------------------------------------------------------------

virtual_time::virtual_time(caf::actor_system_config& config)
  : impl_(std::make_unique<impl>(config)) {}

virtual_time::~virtual_time() = default;

caf::actor_system& virtual_time::system() noexcept {
  return impl_->system;
}

std::size_t virtual_time::waiting() const {
  return impl_->waiting().size();
}

void virtual_time::prefer(std::size_t index) {
  auto& all = impl_->waiting();
  auto chosen = all.begin() + static_cast<std::ptrdiff_t>(index);
  std::rotate(all.begin(), chosen, chosen + 1);
}

caf::resumable* virtual_time::next() const {
  return impl_->waiting().front();
}

void virtual_time::run_next() {
  impl_->run_next();
}

timespan virtual_time::now() const {
  return impl_->now().time_since_epoch();
}

optional<timespan> virtual_time::next_alarm() const {
  if (auto at = impl_->next_alarm())
    return timespan{at->time_since_epoch()};
  return nothing;
}

void virtual_time::advance(timespan delay) {
  impl_->advance(delay);
}

void virtual_time::drop_alarms() {
  impl_->drop_alarms();
}

} // namespace wsengine::testing
