// actor_adapter.hpp: a scenario as an actor, which takes messages one by one or in batches.

#pragma once

#include "wsengine_client/environment.hpp"
#include "wsengine_client/link.hpp"

#include "wsengine/client_actor.hpp"

#include <type_traits>

namespace wsengine::bench {

/// `Interface` is `client_actor` or `batch_client_actor`. See `callback_adapter` for what a
/// `Scenario` has.
template <class Interface, class Scenario>
class actor_adapter : public Interface::base {
public:
  using super = typename Interface::base;

  actor_adapter(caf::actor_config& cfg, Scenario* scenario) : super(cfg), scenario_(*scenario) {}

  typename Interface::behavior_type make_behavior() override {
    auto opened = [this](const on_open& what) {
      which_ = what.which;
      scenario_.opened(current());
    };
    auto received = [this](const on_message& what) { scenario_.received(current(), what.data); };
    auto failed = [](const on_read_error& what) { fail(what.cause); };
    auto closed = [this](const on_close&) {
      scenario_.closed(current());
      return close_details{};
    };
    auto not_closed = [](const on_close_error&) {};
    auto not_opened = [](const on_restart_error& what) { fail(what.cause); };
    if constexpr (std::is_same_v<Interface, batch_client_actor>) {
      auto batch = [this](const on_messages& what) {
        for (const auto& each : what.batch.messages)
          scenario_.received(current(), each.data);
      };
      return {opened, received, failed, closed, not_closed, not_opened, batch};
    } else {
      return {opened, received, failed, closed, not_closed, not_opened};
    }
  }

  void on_exit() override { which_ = {}; }

private:
  auto current() { return link<super>{this, which_}; }

  Scenario& scenario_;
  session which_;
};

} // namespace wsengine::bench
