// alarm.hpp: an actor that wakes another one without keeping it alive.

#pragma once

#include "internal_messages.hpp"

#include "wsengine/hosted.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/event_based_actor.hpp>

namespace wsengine::internal {

/// Sends `alarm_due` to its owner after each delay asked for by `set_alarm`.
///
/// CAF's clock holds a reference to the receiver of a delayed message. An engine that waited for
/// its own messages would therefore outlive its last user by its longest timeout, and an actor
/// system would wait for it. This actor is hidden from the system and may be late instead.
class alarm : public hosted<caf::event_based_actor> {
public:
  alarm(caf::actor_config& cfg, caf::actor_addr owner);

  const char* name() const override { return "wsengine.alarm"; }

  caf::behavior make_behavior() override;

private:
  caf::actor_addr owner_;
};

} // namespace wsengine::internal
