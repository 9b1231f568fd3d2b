// circuit.hpp: the rule when to leave a server alone that does not answer.

#pragma once

#include "wsengine/engine_actor.hpp"
#include "wsengine/options.hpp"

#include <chrono>
#include <cstdint>

namespace wsengine::rules {

/// A circuit breaker: closed until `threshold` attempts in a row have failed, then open for
/// `open_time`, then half open: one attempt decides. Knows no clock: its user says what time it is.
class circuit {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit circuit(const circuit_options& options) noexcept : options_(options) {}

  /// Changes the options; they hold from the next attempt on.
  void configure(const circuit_options& options) noexcept { options_ = options; }

  /// Whether an attempt may begin now.
  [[nodiscard]] bool lets_through(time_point now) const noexcept {
    auto state = this->state(now);
    return state == circuit_state::closed || (state == circuit_state::half_open && !trying_);
  }

  /// An attempt begins. It must have been let through. Returns whether it is the one that decides.
  bool begin(time_point now) noexcept { return trying_ = state(now) == circuit_state::half_open; }

  /// An attempt succeeded.
  void succeeded() noexcept;

  /// An attempt failed. `is_trial` is what `begin` said of it.
  void failed(time_point now, bool is_trial) noexcept;

  /// An attempt ended without saying anything about the server.
  void abandoned(bool is_trial) noexcept { trying_ = trying_ && !is_trial; }

  [[nodiscard]] circuit_state state(time_point now) const noexcept;

  /// When the next attempt may begin; past unless the state is `open`.
  [[nodiscard]] time_point open_until() const noexcept { return open_until_; }

  /// How many attempts have failed in a row.
  [[nodiscard]] std::uint32_t failures() const noexcept { return failures_; }

private:
  circuit_options options_;
  std::uint32_t failures_ = 0;
  bool broken_ = false;
  time_point open_until_{};
  // Whether the attempt that decides is under way.
  bool trying_ = false;
};

} // namespace wsengine::rules
