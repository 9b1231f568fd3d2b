// socket_world.hpp: a test of a whole client over real sockets, with the words of the fixture.
//
// Needs the targets wsengine::testing_sockets and wsengine::beast.

#pragma once

#include "wsengine/host.hpp"
#include "wsengine/testing/stage.hpp"
#include "wsengine/testing/world.hpp"

#include <caf/actor_system_config.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace wsengine::testing {

// -- server ---------------------------------------------------------------------------------------

/// A WebSocket server on 127.0.0.1, on a port of its own, that plays scripts: each connection has a
/// thread. What no server can do (`fail_read`) is left out; `refuse` with an error that no server
/// sends ends the connection instead.
class socket_server {
public:
  /// How long a step waits that waits for one second: tests over real sockets are not patient.
  explicit socket_server(timespan second = std::chrono::milliseconds(20));

  socket_server(const socket_server&) = delete;
  socket_server& operator=(const socket_server&) = delete;

  /// Resets all connections and waits for their threads.
  ~socket_server();

  [[nodiscard]] std::string url(const std::string& path = "/") const;

  /// Where the words of a `scripted_server` go.
  [[nodiscard]] std::shared_ptr<stage> make_stage() const;

private:
  class listener;
  std::shared_ptr<listener> listener_;
};

// -- world ----------------------------------------------------------------------------------------

/// What a world over sockets is made of; it outlives the words.
struct socket_world_parts {
  explicit socket_world_parts(std::unique_ptr<caf::actor_system_config> config);

  std::unique_ptr<caf::actor_system_config> config;
  caf::actor_system system;
  socket_server peer;
  std::unique_ptr<host> io;
};

/// A world with real sockets and real time. Nobody waits for time to pass: `advance` does nothing,
/// delays of the backoff are short, and expectations wait until what they expect is there, or until
/// `patience` is over.
class socket_world : private socket_world_parts, public world {
public:
  /// How long an expectation waits.
  timespan patience = std::chrono::seconds(20);

  explicit socket_world(std::unique_ptr<caf::actor_system_config> config = nullptr);

  ~socket_world() override;

  [[nodiscard]] caf::actor_system& system() override { return socket_world_parts::system; }

  [[nodiscard]] connector connect() override;

  void advance(timespan) override {}

  bool eventually(const std::function<bool()>& condition) override;

protected:
  [[nodiscard]] bool sees_messages() const override { return false; }
};

} // namespace wsengine::testing
