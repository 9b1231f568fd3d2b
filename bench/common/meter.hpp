// meter.hpp: what a measurement takes from the clock and the operating system.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace wsengine::bench {

using clock = std::chrono::steady_clock;

/// Microseconds of a duration.
inline double microseconds(clock::duration what) {
  return std::chrono::duration<double, std::micro>(what).count();
}

/// The CPU time that this process has used so far, in microseconds.
double cpu_us();

/// Time and CPU time between two moments.
class meter {
public:
  void start();
  void stop();

  [[nodiscard]] double elapsed_s() const noexcept { return elapsed_s_; }
  [[nodiscard]] double cpu_us() const noexcept { return cpu_us_; }

private:
  clock::time_point started_at_;
  double cpu_at_start_ = 0;
  double elapsed_s_ = 0;
  double cpu_us_ = 0;
};

/// Durations, of which only the order counts.
class samples {
public:
  /// Makes room, so that adding does not allocate while the clock runs.
  void reserve(std::size_t count) { us_.reserve(count); }

  void add(clock::duration what) { us_.push_back(static_cast<float>(microseconds(what))); }

  [[nodiscard]] std::size_t size() const noexcept { return us_.size(); }

  /// The value in microseconds below which a share of `rank` (0 to 1) lies; 0 without samples.
  [[nodiscard]] double percentile(double rank);

private:
  std::vector<float> us_;
};

/// The memory of this process that is resident now.
std::uint64_t rss_kib();

/// The most that was ever resident.
std::uint64_t peak_rss_kib();

/// The number of threads of this process.
std::uint64_t threads();

/// Raises the limit of open files as far as it goes.
void raise_file_limit();

} // namespace wsengine::bench
