// unit_test_main.hpp: the main function of a test program; for one source file of it.

#pragma once

#include "wsengine/compat.hpp"

#ifndef WSENGINE_CAF_1

#include <caf/test/unit_test_impl.hpp>

#else

#include <caf/test/caf_test_main.hpp>

CAF_TEST_MAIN()

#endif
