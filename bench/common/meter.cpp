// meter.cpp: see meter.hpp.

#include "common/meter.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/resource.h>

namespace wsengine::bench {

namespace {

// More than the sessions of any scenario need.
constexpr rlim_t many_files = 65'536;

// A number from the kernel's account of this process. `getrusage` will not do for the peak: it
// keeps that of the program that started this one.
std::uint64_t from_status(std::string_view key) {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;) {
    std::uint64_t value = 0;
    if (word == key && status >> value)
      return value;
  }
  return 0;
}

} // namespace

double cpu_us() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void meter::start() {
  cpu_at_start_ = bench::cpu_us();
  started_at_ = clock::now();
}

void meter::stop() {
  elapsed_s_ = microseconds(clock::now() - started_at_) / 1e6;
  cpu_us_ = bench::cpu_us() - cpu_at_start_;
}

double samples::percentile(double rank) {
  if (us_.empty())
    return 0;
  auto last = static_cast<double>(us_.size() - 1);
  auto at = us_.begin() + static_cast<std::ptrdiff_t>(std::lround(rank * last));
  std::nth_element(us_.begin(), at, us_.end());
  return *at;
}

std::uint64_t rss_kib() {
  return from_status("VmRSS:");
}

std::uint64_t peak_rss_kib() {
  return from_status("VmHWM:");
}

std::uint64_t threads() {
  return from_status("Threads:");
}

void raise_file_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  // Only the superuser may go beyond the hard limit; anybody else stays at it.
  rlimit more{std::max(limit.rlim_max, many_files), std::max(limit.rlim_max, many_files)};
  if (::setrlimit(RLIMIT_NOFILE, &more) == 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace wsengine::bench
