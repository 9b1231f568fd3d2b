// network_state.hpp: what a scripted network and its connections share: scripts and records.

#pragma once

#include "wsengine/testing/script.hpp"
#include "wsengine/testing/scripted_connection.hpp"

#include <caf/actor_addr.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace wsengine::testing {

/// Guards everything with one mutex: connections may run on many threads.
class network_state {
public:
  explicit network_state(script fallback);

  /// Makes a record for a connection about to be spawned; returns its index.
  std::size_t begin();

  /// Takes the script of a connection that was dialed.
  script take(std::size_t index, const std::string& url);

  // -- servers of their own -----------------------------------------------------------------------

  // A name is the URL of a server that has scripts of its own, or empty for all other URLs.

  void add(const std::string& url, script what);

  void set_fallback(const std::string& url, script what);

  /// Adds steps to the script that was added last; returns false when a connection has taken it.
  bool extend(const std::string& url, const script& more);

  /// The connection that was dialed last; nothing when there was none.
  [[nodiscard]] optional<std::size_t> newest(const std::string& url) const;

  /// How many connections were dialed.
  [[nodiscard]] std::size_t dialed(const std::string& url) const;

  /// Remembers the actor of a connection. Holds it weakly: the record outlives the actor system.
  void set_actor(std::size_t index, caf::actor_addr actor);

  [[nodiscard]] caf::actor_addr actor(std::size_t index) const;

  [[nodiscard]] std::vector<caf::actor_addr> all_actors() const;

  [[nodiscard]] std::vector<scripted_record> records() const;

  [[nodiscard]] scripted_record record(std::size_t index) const;

  /// How many records satisfy the predicate.
  template <class Predicate>
  [[nodiscard]] std::size_t count(Predicate predicate) const {
    std::lock_guard guard{mutex_};
    std::size_t result = 0;
    for (const auto& x : connections_)
      result += predicate(x.record) ? 1 : 0;
    return result;
  }

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
    // Whose script it plays, once it was dialed.
    optional<std::string> server;
  };

  struct plan {
    std::deque<script> scripts;
    script fallback;
  };

  plan& plan_of(const std::string& url);

  mutable std::mutex mutex_;
  std::map<std::string, plan> plans_;
  std::vector<connection> connections_;
};

} // namespace wsengine::testing
