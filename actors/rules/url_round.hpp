// url_round.hpp: the rule which of several URLs is tried, and when an attempt has tried them all.

#pragma once

#include "wsengine/options.hpp"

#include <cstddef>

namespace wsengine::rules {

/// Goes through URLs by their index.
class url_round {
public:
  /// `count` is at least 1.
  url_round(std::size_t count, url_order order) noexcept : count_(count), order_(order) {}

  /// An attempt begins.
  void begin() noexcept;

  /// The URL failed: goes on to the next one of this attempt. False when all of them were tried.
  bool next() noexcept;

  /// The index of the URL to try now.
  [[nodiscard]] std::size_t current() const noexcept { return current_; }

private:
  std::size_t count_;
  url_order order_;
  std::size_t current_ = 0;
  std::size_t tried_ = 0;
};

} // namespace wsengine::rules
