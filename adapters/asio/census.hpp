// census.hpp: knows the actors that run on the threads of a host.

#pragma once

#include "wsengine/compat.hpp"

#include <caf/actor_control_block.hpp>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace wsengine::io {

/// Counts the actors of a host, and can end them. Thread-safe.
class census {
public:
  /// Enters an actor. It has to be removed before it is destroyed.
  void add(caf::actor_control_block* who);

  /// Removes an actor that has terminated.
  void remove(caf::actor_control_block* who);

  /// Marks an actor that was entered as an engine.
  void mark_engine(caf::actor_control_block* who);

  [[nodiscard]] std::size_t size() const;

  /// Sends an exit message to each engine.
  void stop_engines(const caf::error& reason);

  /// Sends an exit message with the reason `kill` to everyone.
  void kill_all();

  /// Waits until no engine is left. Returns whether that came true in time.
  bool wait_for_engines(timespan bound);

  /// Waits until nobody is left. Returns whether that came true in time.
  bool wait_for_all(timespan bound);

private:
  // What an actor is to us.
  enum class role { other, engine };

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<caf::actor_control_block*, role> members_;
  std::size_t engines_ = 0;
};

} // namespace wsengine::io
