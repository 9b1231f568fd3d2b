// alarm.cpp: see alarm.hpp.

#include "alarm.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <utility>

namespace wsengine::internal {

alarm::alarm(caf::actor_config& cfg, caf::actor_addr owner)
  : hosted(cfg),
    owner_(std::move(owner)) {}

caf::behavior alarm::make_behavior() {
  return {
    [this](const set_alarm& what) { delayed_send(this, what.delay, alarm_due{what.id}); },
    [this](const alarm_due& what) {
      if (auto owner = caf::actor_cast<caf::actor>(owner_))
        send(owner, what);
      else
        quit();
    },
  };
}

} // namespace wsengine::internal
