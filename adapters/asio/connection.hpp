// connection.hpp: the connection actor over Asio's sockets.

#pragma once

#include "asio_unit.hpp"
#include "session.hpp"

#include "wsengine/connection_actor.hpp"
#include "wsengine/observer.hpp"

#include <caf/actor_addr.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace wsengine::io {

/// Hands requests to its session, which answers them. Spawned by `spawn_hosted` on the thread of
/// its unit. When it ends, however that happens, the socket is closed.
class connection : public compat::told_before_end<connection_actor::base> {
public:
  connection(caf::actor_config& cfg, asio_unit& unit, const protocol_library& library,
             const observation& view);

  const char* name() const override { return library_.actor_name; }

  void ending(const caf::error& reason) override;

protected:
  behavior_type make_behavior() override;

private:
  template <class T>
  reply<T> promise() {
    return reply<T>{this->make_response_promise()};
  }

  // Who sent the message at hand, if that matters; `whole`: it leaves nothing open.
  caf::actor_addr writer(bool whole);

  asio_unit& thread_;
  const protocol_library& library_;
  std::shared_ptr<session> session_;
  // The last one who wrote a part.
  caf::actor_addr watched_;
};

} // namespace wsengine::io
