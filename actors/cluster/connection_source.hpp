// connection_source.hpp: connections that this node makes for others.

#pragma once

#include "wsengine/connector.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/expected.hpp>
#include <caf/scheduled_actor.hpp>

#include <functional>
#include <map>

namespace wsengine::internal {

/// What an actor needs to make connections for others: each dies with the one it was made for.
class lent_connections {
public:
  /// `connect` is asked for a connector for each connection.
  lent_connections(caf::scheduled_actor& self, std::function<connector()> connect);

  /// Makes a connection for the sender of the current message. An error when there is no sender, or
  /// the connector makes none.
  caf::expected<connection_actor> make(const caf::strong_actor_ptr& borrower);

  /// Takes notice of a death. Returns whether it was about one of ours.
  bool down(const caf::actor_addr& who);

  /// Ends all that are left.
  void end_all();

private:
  caf::scheduled_actor& self_;
  std::function<connector()> connect_;
  // Both ways, each with what it is for. Addresses: neither keeps the other alive.
  std::map<caf::actor_addr, caf::actor_addr> connection_of_;
  std::map<caf::actor_addr, caf::actor_addr> borrower_of_;
};

} // namespace wsengine::internal
