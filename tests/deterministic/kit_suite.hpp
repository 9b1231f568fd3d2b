// kit_suite.hpp: what suites need that are written with the words of the testing kit.

#pragma once

#include "wsengine/error.hpp"
#include "wsengine/testing/caf_test.hpp"

#include <chrono>
#include <string>
#include <vector>

// Only suites include this file.
using namespace wsengine;
using namespace wsengine::testing;
using namespace std::chrono_literals;

using strings = std::vector<std::string>;
