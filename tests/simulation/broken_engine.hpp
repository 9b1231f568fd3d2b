// broken_engine.hpp: breaks all engines of a program for a while.

#pragma once

#include "faults.hpp"

namespace wsengine::tests {

/// As long as it lives, engines have this fault.
class broken_engine {
public:
  explicit broken_engine(internal::fault what) { internal::present_fault = what; }

  broken_engine(const broken_engine&) = delete;
  broken_engine& operator=(const broken_engine&) = delete;

  ~broken_engine() { internal::present_fault = internal::fault::none; }
};

} // namespace wsengine::tests
