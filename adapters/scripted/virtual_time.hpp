// virtual_time.hpp: an actor system whose actors run and whose clock goes on when told to.
//
// CAF 0.17 brings such a scheduler; for CAF 1.x there is one in virtual_time.cpp, because CAF's own
// is a part of its test framework. Nothing else of the kit knows which one it is.

#pragma once

#include "wsengine/compat.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cstddef>
#include <memory>

namespace wsengine::testing {

/// An actor system with its queue of actors that have something to do, and its alarms.
class virtual_time {
public:
  /// Makes the system; the configuration must outlive it.
  explicit virtual_time(caf::actor_system_config& config);

  virtual_time(const virtual_time&) = delete;
  virtual_time& operator=(const virtual_time&) = delete;

  ~virtual_time();

  [[nodiscard]] caf::actor_system& system() noexcept;

  // -- actors -------------------------------------------------------------------------------------

  /// How many wait to run.
  [[nodiscard]] std::size_t waiting() const;

  /// Puts the one at `index` before all others.
  void prefer(std::size_t index);

  /// The one that runs next; there must be one.
  [[nodiscard]] caf::resumable* next() const;

  /// Lets it take in one message.
  void run_next();

  // -- time ---------------------------------------------------------------------------------------

  /// The time on the clock.
  [[nodiscard]] timespan now() const;

  /// The time of the next alarm; nothing when none is set.
  [[nodiscard]] optional<timespan> next_alarm() const;

  /// Lets time pass. Alarms that are due become messages.
  void advance(timespan delay);

  /// Drops all alarms.
  void drop_alarms();

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace wsengine::testing
