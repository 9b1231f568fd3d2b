// actor_adapter.hpp: a scenario as an actor.

#pragma once

#include "wsengine_client/environment.hpp"
#include "wsengine_client/link.hpp"

#include "wsengine/client_actor.hpp"

namespace wsengine::bench {

/// See `callback_adapter` for what a `Scenario` has.
template <class Scenario>
class actor_adapter : public client_actor::base {
public:
  actor_adapter(caf::actor_config& cfg, Scenario* scenario)
    : client_actor::base(cfg),
      scenario_(*scenario) {}

  client_actor::behavior_type make_behavior() override {
    return {
      [this](const on_open& what) {
        which_ = what.which;
        scenario_.opened(current());
      },
      [this](const on_message& what) { scenario_.received(current(), what.data); },
      [](const on_read_error& what) { fail(what.cause); },
      [this](const on_close&) {
        scenario_.closed(current());
        return close_details{};
      },
      [](const on_close_error&) {},
      [](const on_restart_error& what) { fail(what.cause); },
    };
  }

  void on_exit() override { which_ = {}; }

private:
  auto current() { return link<client_actor::base>{this, which_}; }

  Scenario& scenario_;
  session which_;
};

} // namespace wsengine::bench
