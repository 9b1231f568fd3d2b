// alarm.hpp: an actor that wakes another one without keeping it alive.

#pragma once

#include "internal_messages.hpp"

#include "wsengine/hosted.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/message.hpp>
#include <caf/send.hpp>

#include <cstdint>

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

/// Sends `alarm_due` with that number to `self` after a delay, without keeping it alive: by its I/O
/// thread, or, when it runs on none, by `ringer`, which is spawned when it is first needed.
template <class Self>
void ring_later(Self& self, io_unit* thread, caf::actor& ringer, timespan delay, std::uint64_t id) {
  if (thread) {
    thread->send_later(delay, caf::actor_cast<caf::weak_actor_ptr>(self.ctrl()),
                       caf::make_message(alarm_due{id}));
    return;
  }
  if (!ringer)
    ringer = self.template spawn<alarm, caf::hidden>(self.address());
  caf::anon_send(ringer, set_alarm{delay, id});
}

} // namespace wsengine::internal
