// callback_client.hpp: the client actor that stands for an object with callbacks.

#pragma once

#include "wsengine/callbacks.hpp"
#include "wsengine/hosted.hpp"

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
  std::shared_ptr<callbacks> object_;
  session which_;
};

} // namespace wsengine::internal
