// eyeballs.hpp: the rule which address of a host is tried when (Happy Eyeballs, RFC 8305). Knows
// neither sockets nor clocks.

#pragma once

#include "wsengine/compat.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

namespace wsengine::io {

/// One race between the addresses of a host. IPv6 goes first, then the families take turns. Tell
/// it what happens, then ask `next` until it has nothing, then wait until `wake`.
class eyeballs {
public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class family { v6, v4 };

  /// An address: its family, and its place among those.
  struct candidate {
    family which = family::v6;
    std::size_t index = 0;

    friend bool operator==(const candidate&, const candidate&) = default;
  };

  /// `resolution_delay`: how long IPv4 waits for IPv6 to be resolved. `stagger`: how long an
  /// attempt may keep the next one waiting.
  eyeballs(timespan resolution_delay, timespan stagger) noexcept
    : resolution_delay_(resolution_delay),
      stagger_(stagger) {}

  // -- what happens -------------------------------------------------------------------------------

  /// A family was resolved to so many addresses; zero: it has none.
  void resolved(family which, std::size_t count, time_point now) noexcept;

  /// An attempt failed: the next one need not wait.
  void failed() noexcept;

  // -- what to do ---------------------------------------------------------------------------------

  /// The address to try now, besides those that are being tried; nothing: none now.
  std::optional<candidate> next(time_point now) noexcept;

  /// When to ask again though nothing has happened; nothing: not before something does.
  [[nodiscard]] std::optional<time_point> wake() const noexcept;

  /// Whether everything was tried and failed.
  [[nodiscard]] bool hopeless() const noexcept;

  /// Whether any address was tried.
  [[nodiscard]] bool started() const noexcept { return started_; }

private:
  struct addresses {
    bool known = false;
    std::size_t count = 0;
    std::size_t tried = 0;

    [[nodiscard]] bool has_more() const noexcept { return tried < count; }
  };

  [[nodiscard]] addresses& of(family which) noexcept {
    return families_[static_cast<std::size_t>(which)];
  }

  [[nodiscard]] const addresses& of(family which) const noexcept {
    return families_[static_cast<std::size_t>(which)];
  }

  [[nodiscard]] bool has_more() const noexcept;
  [[nodiscard]] bool waits_for_v6() const noexcept;

  timespan resolution_delay_;
  timespan stagger_;
  std::array<addresses, 2> families_;
  // Whose turn it is.
  family turn_ = family::v6;
  bool started_ = false;
  std::size_t under_way_ = 0;
  // The earliest time for the next attempt: behind the last one or, at first, for IPv4 alone.
  time_point not_before_{};
};

} // namespace wsengine::io
