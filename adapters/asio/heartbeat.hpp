// heartbeat.hpp: when to ping, and when a peer counts as dead.

#pragma once

#include "wsengine/compat.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace wsengine::io {

/// The rules of `ping_interval`, `pong_timeout`, `idle_timeout` and `write_timeout` (see
/// `connection_options`). Whoever uses it tells what happens and looks when `wake` says so; it has
/// no clock of its own.
class heartbeat {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The options; zero: none.
  struct bounds {
    timespan ping_interval{};
    timespan pong_timeout{};
    timespan idle_timeout{};
    timespan write_timeout{};
  };

  /// What has moved since the connection was made, in bytes.
  struct traffic {
    /// What has arrived, whether it was read or not.
    std::uint64_t received = 0;
    /// What was given out to be sent.
    std::uint64_t written = 0;
    /// What the system has taken of that.
    std::uint64_t sent = 0;
  };

  enum class verdict {
    well,
    /// A ping is to be sent.
    ping_due,
    /// Nothing came after a ping.
    no_answer,
    /// Nothing came.
    silent,
    /// Nothing of what waits was taken.
    stalled,
  };

  /// The session is open.
  void start(const bounds& limits, const traffic& seen, time_point now);

  /// Something came. `received`: what had arrived by then.
  void heard(std::uint64_t received, time_point now);

  /// A ping is on its way, perhaps behind what waits.
  void pinged(time_point now);

  /// We stop reading: what comes cannot be seen, so silence means nothing.
  void stop_listening() { listening_ = false; }

  /// We read again: the peer gets all of its time.
  void listen(time_point now);

  /// Takes note of what was sent. For use when something is left that the system did not take, or
  /// when that was so before (`blocked`).
  void look_at_writes(const traffic& seen, time_point now);

  /// Whether something waited to be sent when somebody looked last.
  [[nodiscard]] bool blocked() const noexcept { return waiting_since_.has_value(); }

  /// Says what is to be done now. Each verdict is given again until it is dealt with.
  verdict look(const traffic& seen, time_point now);

  /// When to look again, if nothing happens before; none: never.
  [[nodiscard]] std::optional<time_point> wake() const;

private:
  [[nodiscard]] std::optional<time_point> ping_due() const;
  [[nodiscard]] std::optional<time_point> answer_due() const;
  [[nodiscard]] std::optional<time_point> word_due() const;
  [[nodiscard]] std::optional<time_point> progress_due() const;

  bounds limits_;
  bool listening_ = true;
  time_point last_ping_;
  time_point last_heard_;
  // The first ping since something came.
  std::optional<time_point> unanswered_since_;
  std::uint64_t received_ = 0;
  std::uint64_t sent_ = 0;
  // Since when nothing of what waits was taken.
  std::optional<time_point> waiting_since_;
  time_point last_look_;
};

} // namespace wsengine::io
