// callback_client.hpp: the client actor that stands for an object with callbacks.

#pragma once

#include "wsengine/callbacks.hpp"
#include "wsengine/hosted.hpp"

#include <caf/actor_addr.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>

namespace wsengine::internal {

/// Calls the object for every callback but on_message, which the handlers do themselves.
class callback_client : public hosted<caf::event_based_actor> {
public:
  callback_client(caf::actor_config& cfg, std::shared_ptr<callbacks> object);

  const char* name() const override { return "wsengine.client"; }

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  // The session as it was opened; its supervisor is alive, for it is the one who calls.
  session current() const;

  std::shared_ptr<callbacks> object_;
  // Without its supervisor: the engine holds us, and must be able to end with its last user.
  session which_;
  caf::actor_addr supervisor_;
};

} // namespace wsengine::internal
