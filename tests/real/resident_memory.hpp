// resident_memory.hpp: what this process takes of the machine's memory.

#pragma once

#include <cstdint>
#include <fstream>
#include <unistd.h>

namespace wsengine::tests {

/// The memory of this process that is resident.
inline std::uint64_t resident_bytes() {
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  std::ifstream{"/proc/self/statm"} >> size >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Whether memory that was freed may be used again at once; sanitizers keep it.
inline constexpr bool memory_is_freed =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  false;
#else
  true;
#endif

} // namespace wsengine::tests
