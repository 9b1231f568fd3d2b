// virtual_system.hpp: an actor system in which nothing happens by itself, neither actors nor time.

#pragma once

#include "wsengine/compat.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace wsengine::testing {

class virtual_time;

/// An actor system on a deterministic scheduler: actors run, and time passes, when told to. No
/// thread, no socket, no sleep. Actors must not be `detached` here: those have threads.
class virtual_system {
public:
  /// Called before an actor takes in a message.
  using observer = std::function<void(const caf::abstract_actor&, const caf::mailbox_element&)>;

  /// `config` is for programs with message types of their own; default: `wsengine::config`.
  explicit virtual_system(std::unique_ptr<caf::actor_system_config> config = nullptr);

  virtual_system(const virtual_system&) = delete;
  virtual_system& operator=(const virtual_system&) = delete;

  /// Lets actors run until nothing more happens, then ends, whatever is left.
  virtual ~virtual_system();

  [[nodiscard]] caf::actor_system& system() noexcept;

  /// The time since the start.
  [[nodiscard]] timespan now() const;

  /// How many actors have not terminated; not counting those that CAF or wsengine hides.
  [[nodiscard]] std::size_t actors_alive() const;

  void observe(observer what) { observer_ = std::move(what); }

  // -- all at once --------------------------------------------------------------------------------

  /// Lets actors run until all have taken in all of their messages; time stands still. Returns
  /// whether that came to an end; actors that never come to rest are stopped after very many
  /// messages.
  bool run_all();

  /// Lets time pass and actors run, each alarm at its time. Returns as `run_all`.
  bool pass(timespan delay);

  // -- step by step -------------------------------------------------------------------------------

  /// How many actors have messages to take in.
  [[nodiscard]] std::size_t runnable() const;

  /// Lets one of them take in one message. `index` counts from the one that waits for longest.
  void run_one(std::size_t index = 0);

  /// How long it is until the next alarm of any actor; nothing when none is set.
  [[nodiscard]] optional<timespan> next_alarm() const;

  /// Lets time pass without running any actor. Alarms that are due become messages.
  void tick(timespan delay);

private:
  std::unique_ptr<caf::actor_system_config> config_;
  std::unique_ptr<virtual_time> time_;
  timespan start_;
  observer observer_;
};

} // namespace wsengine::testing
