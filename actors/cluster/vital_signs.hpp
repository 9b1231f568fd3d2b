// vital_signs.hpp: how this process is.

#pragma once

#include <cstdint>

namespace wsengine::internal {

/// How many processes want to run, on average over the last minute, per processor.
double load_per_processor();

/// How much memory the process uses; 0 where the system does not tell.
std::uint64_t resident_bytes();

} // namespace wsengine::internal
