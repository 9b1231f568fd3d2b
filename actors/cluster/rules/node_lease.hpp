// node_lease.hpp: the rules by which a node may have sessions live, and by which somebody else may
// know that it has none any more.

#pragma once

#include <chrono>
#include <cstdint>

namespace wsengine::rules {

/// What both sides of a lease agree upon.
struct lease_terms {
  using duration = std::chrono::nanoseconds;

  /// How long a grant holds.
  duration length = std::chrono::seconds(10);
  /// By which part of a time the clock of a node may run slower than that of whoever grants; from 0
  /// up to, not including, 1.
  double drift = 0.01;
  /// How long a node may take to end its sessions once it knows that its lease is over.
  duration fencing = std::chrono::seconds(1);

  friend bool operator==(const lease_terms&, const lease_terms&) = default;
};

/// The side of the node. Its times are those of its own steady clock. A lease counts from when it
/// was *asked* for, so that no delay on the way makes it longer.
class lease_tenant {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit lease_tenant(const lease_terms& terms) noexcept;

  /// A grant came for what was asked at `asked`. An older epoch than one seen before is ignored; a
  /// newer one replaces it.
  void granted(time_point asked, std::uint64_t epoch) noexcept;

  /// Whether sessions may live. Once this is false, they must be gone within
  /// `lease_terms::fencing`.
  [[nodiscard]] bool holds(time_point now) const noexcept;

  /// When it ends, unless there is another grant.
  [[nodiscard]] time_point ends_at() const noexcept { return until_; }

  /// The epoch of the last grant; zero when there was none.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }

private:
  lease_terms::duration usable_;
  time_point until_ = time_point::min();
  std::uint64_t epoch_ = 0;
};

/// The side of the one who grants it. Its times are those of its own steady clock.
class lease_landlord {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Its epochs begin behind `last_epoch`.
  explicit lease_landlord(const lease_terms& terms, std::uint64_t last_epoch = 0) noexcept
    : terms_(terms),
      epoch_(last_epoch) {}

  /// Grants the lease, for the first time or again. Returns its epoch, which is a new one when the
  /// lease had ended.
  std::uint64_t grant(time_point now) noexcept;

  /// When the node is sure to have no sessions any more without having said so, if it gets no
  /// further grant.
  [[nodiscard]] time_point free_at() const noexcept { return free_at_; }

  /// Whether its sessions may be placed elsewhere.
  [[nodiscard]] bool is_free(time_point now) const noexcept { return now >= free_at_; }

  [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }

private:
  lease_terms terms_;
  time_point free_at_ = time_point::min();
  std::uint64_t epoch_;
};

} // namespace wsengine::rules
