// draw.hpp: chance, the same for the same seed on every machine.

#pragma once

#include <cstdint>

namespace wsengine::simulation {

/// A generator of numbers (SplitMix64). The standard library's distributions differ from one
/// implementation to the next, so it has its own.
class draw {
public:
  explicit draw(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15U;
    auto x = state_;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  }

  /// A number below `bound`, which is not zero.
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }

  /// True in `part` of `whole` cases.
  bool chance(std::uint64_t part, std::uint64_t whole) noexcept { return below(whole) < part; }

private:
  std::uint64_t state_;
};

} // namespace wsengine::simulation
