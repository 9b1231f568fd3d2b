// network_state.hpp: what a scripted network and its connections share: scripts and records.

#pragma once

#include "wsengine/testing/script.hpp"
#include "wsengine/testing/scripted_connection.hpp"

#include <caf/actor_addr.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace wsengine::testing {

/// Guards everything with one mutex: connections may run on many threads.
class network_state {
public:
  explicit network_state(script fallback) : fallback_(std::move(fallback)) {}

  void add(script what);

  void set_fallback(script what);

  /// Makes a record for a connection about to be spawned; returns its index and its script.
  std::pair<std::size_t, script> begin();

  /// Remembers the actor of a connection. Holds it weakly: the record outlives the actor system.
  void set_actor(std::size_t index, caf::actor_addr actor);

  [[nodiscard]] caf::actor_addr actor(std::size_t index) const;

  [[nodiscard]] std::vector<caf::actor_addr> all_actors() const;

  [[nodiscard]] std::vector<scripted_record> records() const;

  /// Changes the record of a connection.
  template <class F>
  void update(std::size_t index, F change) {
    std::lock_guard guard{mutex_};
    change(connections_.at(index).record);
  }

private:
  struct connection {
    scripted_record record;
    caf::actor_addr actor;
  };

  mutable std::mutex mutex_;
  std::deque<script> scripts_;
  script fallback_;
  std::vector<connection> connections_;
};

} // namespace wsengine::testing
