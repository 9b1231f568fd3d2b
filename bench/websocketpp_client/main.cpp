// main.cpp: websocketpp, for comparison.

#include "common/result.hpp"
#include "common/scenario_table.hpp"
#include "common/scenarios.hpp"

#include <stdexcept>

namespace {

void run(const wsengine::bench::arguments& args) {
  using namespace wsengine::bench;
  if (args.deflate)
    throw std::invalid_argument("this client has no --deflate");
  run_scenario(args, {
                       {"rtt", run_rtt},
                       {"large", run_large},
                       {"flood", run_flood},
                       {"sink", run_sink},
                       {"idle", run_idle},
                     });
}

} // namespace

int main(int argc, char** argv) {
  return wsengine::bench::run_client(argc, argv, run);
}
