// transport.hpp: how nodes reach each other: CAF's own network layer, over TLS or, where that is
// asked for, without.

#pragma once

#include "wsengine/cluster/error.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/options.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace wsengine::cluster {

/// How a node speaks with others. All nodes need the same `plain`, and should have the same times.
struct transport_options {
  /// The address to listen at.
  std::string address = "127.0.0.1";
  /// The port to listen at; 0 picks a free one.
  std::uint16_t port = 0;
  /// A PEM file with our certificate and what leads from it to its root. With TLS, both sides show
  /// one.
  std::string certificate_file;
  /// A PEM file with its key, not encrypted.
  std::string key_file;
  /// A PEM file with the certificates that nodes must be signed by. Whoever has one of those is
  /// trusted, whatever its name: use an authority that signs nothing else.
  std::string ca_file;
  /// Speak without TLS: everybody who reaches the port may do everything. Only at a loopback
  /// address.
  bool plain = false;
  /// How often each node tells the others that it lives; at least 10 ms.
  timespan heartbeat = std::chrono::seconds(1);
  /// How long a node may be silent before it counts as gone: its actors are then dead to us, and
  /// the connection is dropped. At least twice `heartbeat`. A node that only stops (SIGSTOP), or
  /// whose network is cut, is found within this and one heartbeat; one that dies, at once.
  timespan silence = std::chrono::seconds(4);

  friend bool operator==(const transport_options&, const transport_options&) = default;
};

WSENGINE_INSPECT(transport_options, address, port, certificate_file, key_file, ca_file, plain,
                 heartbeat, silence)

/// Lists every field with a bad value; empty when all are good. Reads the files and looks at what
/// is in them.
[[nodiscard]] std::vector<option_problem> validate(const transport_options& options);

/// Where a node listens.
struct endpoint {
  /// A name or an address.
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// The configuration of an actor system that is a node: all types of wsengine, CAF's network layer,
/// and TLS. Throws `std::invalid_argument` when an option is bad.
class node_config : public caf::actor_system_config {
public:
  explicit node_config(const transport_options& options);
};

/// Lets other nodes reach `what`: they get a handle to it when they `join` the port, which is
/// returned. Blocks until the port is open.
[[nodiscard]] caf::expected<std::uint16_t> listen(caf::actor_system& system,
                                                  const transport_options& options,
                                                  const caf::strong_actor_ptr& what,
                                                  std::set<std::string> interface);

/// The same for a typed handle, whose interface is checked by those who join.
template <class Handle>
[[nodiscard]] caf::expected<std::uint16_t>
listen(caf::actor_system& system, const transport_options& options, const Handle& what) {
  return listen(system, options, caf::actor_cast<caf::strong_actor_ptr>(what),
                compat::interface_of<Handle>(system));
}

/// Connects to a node that listens, and returns its actor. Blocks. With the same actor system and
/// node, a second call uses the same connection. A node that was lost and comes back may drop the
/// first new connection, with all requests on it: join again when there is no answer.
[[nodiscard]] caf::expected<caf::strong_actor_ptr> join(caf::actor_system& system,
                                                        const transport_options& options,
                                                        const std::string& host, std::uint16_t port,
                                                        std::set<std::string> interface);

/// The same for a typed handle.
template <class Handle>
[[nodiscard]] caf::expected<Handle> join(caf::actor_system& system,
                                         const transport_options& options, const std::string& host,
                                         std::uint16_t port) {
  auto result = join(system, options, host, port, compat::interface_of<Handle>(system));
  if (!result)
    return std::move(result.error());
  return caf::actor_cast<Handle>(std::move(*result));
}

} // namespace wsengine::cluster

WSENGINE_MESSAGE_TYPE(101, wsengine::cluster::transport_options)
