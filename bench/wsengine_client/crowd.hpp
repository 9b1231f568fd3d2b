// crowd.hpp: many engines that serve one scenario, opened a window at a time.

#pragma once

#include "common/idle.hpp"
#include "wsengine_client/spawn.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <vector>

namespace wsengine::bench {

/// Opens one engine for each session. Each session that is open calls `open_next`.
template <class Scenario>
class crowd {
public:
  crowd(environment& env, Scenario& scenario)
    : env_(env),
      scenario_(scenario),
      engines_(env.args().n) {}

  void start() {
    for (std::size_t i = 0; i < std::min(engines_.size(), dials_at_once); ++i)
      open_next();
  }

  void open_next() {
    auto i = next_++;
    if (i >= engines_.size())
      return;
    engines_[i] = spawn(env_, scenario_);
    caf::anon_send(engines_[i], start_msg{});
  }

private:
  environment& env_;
  Scenario& scenario_;
  std::vector<engine_actor> engines_;
  std::atomic<std::size_t> next_ = 0;
};

} // namespace wsengine::bench
