// main.cpp: the main function of every test program.

#include <caf/test/unit_test_impl.hpp>
