// main.cpp: the program wsengine: understands its command line and runs a command.

#include "arguments.hpp"
#include "run.hpp"
#include "signals.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace wsengine::cli;

struct command_runner {
  int operator()(const usage_error& what) const {
    for (const auto& problem : what.problems)
      std::cerr << "wsengine: " << problem << '\n';
    std::cerr << "See: " << what.see << '\n';
    return 2;
  }

  int operator()(const help_arguments& what) const {
    std::cout << what.text;
    return 0;
  }

  int operator()(const serve_arguments& what) const { return run_serve(what); }

  int operator()(const connect_arguments& what) const { return run_connect(what); }

  int operator()(const node_arguments& what) const { return run_node(what); }

  int operator()(const director_arguments& what) const { return run_director(what); }

  int operator()(const fleet_arguments& what) const { return run_fleet(what); }

  int operator()(const replay_arguments& what) const { return run_replay(what); }

  int operator()(const trace_arguments& what) const { return run_trace(what); }
};

} // namespace

int main(int argc, char** argv) {
  block_signals();
  try {
    std::vector<std::string> words{argv + 1, argv + argc};
    return std::visit(command_runner{}, parse_arguments(words));
  } catch (const std::exception& problem) {
    std::cerr << "wsengine: " << problem.what() << '\n';
    return 1;
  }
}
