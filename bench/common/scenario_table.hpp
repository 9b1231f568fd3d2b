// scenario_table.hpp: finds the function that runs a scenario.

#pragma once

#include "common/arguments.hpp"

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wsengine::bench {

struct scenario_entry {
  std::string_view name;
  void (*run)(const arguments&);
};

/// Runs the scenario that the command line names, or says that this client has none like it.
inline void run_scenario(const arguments& args, std::initializer_list<scenario_entry> table) {
  for (const auto& entry : table)
    if (entry.name == args.kind())
      return entry.run(args);
  throw std::invalid_argument("this client has no scenario " + args.scenario);
}

} // namespace wsengine::bench
