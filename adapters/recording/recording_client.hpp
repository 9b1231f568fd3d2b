// recording_client.hpp: an actor that calls a client actor and records its callbacks.

#pragma once

#include "recording_writer.hpp"

#include "wsengine/client_actor.hpp"

#include <caf/actor.hpp>

#include <memory>
#include <string>

namespace wsengine {

/// Stands between an engine and its client, one that takes batches or one that does not. Records
/// each callback when it begins and when it is answered. It ends with the client, for the same
/// reason, so that the engine learns of that end as it would of the client's own.
class recording_client : public batch_client_actor::base {
public:
  recording_client(caf::actor_config& cfg, std::shared_ptr<recording_writer> to, caf::actor client);

  const char* name() const override { return "wsengine.recording_client"; }

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  /// Calls the client and answers with its answer.
  template <class Out, class Callback>
  caf::result<Out> call(Callback& what, const char* name, std::string info);

  std::shared_ptr<recording_writer> to_;
  caf::actor client_;
};

} // namespace wsengine
