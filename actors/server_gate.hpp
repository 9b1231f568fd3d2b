// server_gate.hpp: what engines of one server share: the queue of those who want to dial it.

#pragma once

#include "rules/turnstile.hpp"

#include "wsengine/engine_actor.hpp"
#include "wsengine/options.hpp"

#include <caf/actor_addr.hpp>
#include <caf/actor_system.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace wsengine::internal {

/// A turnstile that engines on several threads may use. It has neither thread nor timer of its own:
/// the engine whose turn is next waits for its time, and whoever changes something calls it by
/// `turn_due`.
class server_gate {
public:
  using time_point = rules::turnstile::time_point;
  using ticket = rules::turnstile::ticket;
  using verdict = rules::turnstile::verdict;

  server_gate(const reconnect_budget_options& budget, const circuit_options& circuit)
    : turns_(budget, circuit) {}

  void configure(const reconnect_budget_options& budget, const circuit_options& circuit);

  /// Queues an engine up, which must leave before it ends.
  ticket join(caf::actor_addr who);

  /// Asks whether it is the ticket's turn.
  verdict ask(ticket who, time_point now);

  void leave(ticket who);

  // -- how attempts end ---------------------------------------------------------------------------

  /// How an attempt ended; `is_trial` is what the verdict said of it.
  enum class outcome : std::uint8_t {
    succeeded,
    failed,
    /// It says nothing about the server.
    abandoned,
  };

  void attempt_ended(outcome how, bool is_trial, time_point now);

  // -- observers ----------------------------------------------------------------------------------

  [[nodiscard]] time_point expected(ticket who, time_point now) const;

  /// Whether an attempt may begin, as far as the circuit is concerned.
  [[nodiscard]] bool lets_through(time_point now) const;

  /// The circuit at the time `now`, which is `wall` on the wall clock.
  [[nodiscard]] circuit_status status(time_point now, timestamp wall) const;

private:
  [[nodiscard]] caf::actor_addr head() const;
  void call(const caf::actor_addr& whom) const;

  mutable std::mutex mutex_;
  rules::turnstile turns_;
  std::map<ticket, caf::actor_addr> owners_;
};

/// The gate of an engine with that URL and these options, whose own URL is not looked at: the same
/// for all engines of a group in a system, as long as there is one. Null when the options ask for
/// neither budget nor circuit.
std::shared_ptr<server_gate> gate_for(caf::actor_system& system, const std::string& url,
                                      const engine_options& options);

} // namespace wsengine::internal
