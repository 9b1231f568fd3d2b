// host.hpp: the threads that run sessions, each with an Asio io_context of its own.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/hosted.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace wsengine {

/// The options of a host.
struct host_options {
  /// How many I/O threads there are; at least 1. Each session is pinned to one.
  std::size_t threads = 1;
  /// How long the destructor waits for engines to close their sessions before it kills them.
  timespan shutdown_timeout = std::chrono::seconds(10);
};

/// A pool of I/O threads. Connection, engine, reader and, where asked, handlers and clients of a
/// session run on one of them, so that no lock and no wake-up lies between socket and handler.
///
/// The destructor stops the engines it hosts as `caf::exit_reason::user_shutdown` does, runs until
/// they are gone, bounded by `host_options::shutdown_timeout`, kills every actor that is left, and
/// joins. Destroy it before the actor system, and never on one of its own threads.
class host {
public:
  explicit host(caf::actor_system& system, host_options options = {});

  host(const host&) = delete;
  host& operator=(const host&) = delete;

  ~host();

  [[nodiscard]] caf::actor_system& system() const noexcept;

  /// Picks the I/O thread for the next session, in turn. Callable from any thread.
  [[nodiscard]] io_unit& next_unit() noexcept;

  /// The number of I/O threads.
  [[nodiscard]] std::size_t threads() const noexcept;

  /// How many actors run on the I/O threads now.
  [[nodiscard]] std::size_t hosted_actors() const noexcept;

  /// Spawns an actor class, such as a client, on an I/O thread. It must not block. The destructor
  /// kills it if it is still there.
  template <class Impl, class... Ts>
  auto spawn(io_unit& unit, Ts&&... xs) {
    return spawn_hosted<Impl>(system(), &unit, std::forward<Ts>(xs)...);
  }

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace wsengine
