// main.cpp: the main function of every test program.

#include "wsengine/testing/unit_test_main.hpp"
