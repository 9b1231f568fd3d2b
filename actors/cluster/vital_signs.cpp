// vital_signs.cpp: see vital_signs.hpp.

#include "cluster/vital_signs.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace wsengine::internal {

double load_per_processor() {
  double load = 0;
  if (getloadavg(&load, 1) != 1)
    return 0;
  return load / std::max(1U, std::thread::hardware_concurrency());
}

std::uint64_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  if (!(file >> all >> resident))
    return 0;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

} // namespace wsengine::internal
