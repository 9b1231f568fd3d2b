// numbers.hpp: a message of several numbers, for suites that share a program.

#pragma once

#include "wsengine/compat.hpp"

#include <vector>

WSENGINE_MESSAGE_TYPE(191, std::vector<int>)

namespace wsengine::tests {

using numbers = std::vector<int>;

} // namespace wsengine::tests
