// turnstile.hpp: the rule whose turn it is to dial a server: first come, first served, no faster
// than the budget, and not while the circuit is open.

#pragma once

#include "rules/circuit.hpp"
#include "rules/token_bucket.hpp"

#include "wsengine/options.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>

namespace wsengine::rules {

/// A queue of those who want to dial, each with a ticket. Only the first may go, or waits for a
/// time; the others wait for those before them. Knows no clock: its user says what time it is.
class turnstile {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using ticket = std::uint64_t;

  turnstile(const reconnect_budget_options& budget, const circuit_options& circuit);

  /// Changes the parts that are turned on there.
  void configure(const reconnect_budget_options& budget, const circuit_options& circuit);

  /// What the owner of a ticket shall do.
  struct verdict {
    enum class kind : std::uint8_t {
      /// Dial. The ticket is used up.
      go,
      /// Ask again at that time, or when called before.
      wait,
      /// Ask again when called.
      queue,
    };

    kind what = kind::queue;
    time_point until{};
    /// With `go`: whether the attempt decides whether the circuit closes.
    bool is_trial = false;
  };

  /// Queues up behind all others. Tickets are greater than zero.
  ticket join();

  /// Asks whether it is this ticket's turn, which must be in the queue.
  verdict ask(ticket who, time_point now);

  /// Leaves the queue.
  void leave(ticket who) { queue_.erase(who); }

  /// Who has to be called when the head of the queue, or the circuit, has changed.
  [[nodiscard]] std::optional<ticket> head() const {
    return queue_.empty() ? std::nullopt : std::optional{*queue_.begin()};
  }

  /// When it will be this ticket's turn, if nobody leaves and all goes well.
  [[nodiscard]] time_point expected(ticket who, time_point now) const;

  /// The circuit, which has to be told how attempts end.
  [[nodiscard]] circuit& breaker() noexcept { return circuit_; }
  [[nodiscard]] const circuit& breaker() const noexcept { return circuit_; }

private:
  std::optional<token_bucket> bucket_;
  circuit circuit_;
  std::set<ticket> queue_;
  ticket last_ = 0;
};

} // namespace wsengine::rules
