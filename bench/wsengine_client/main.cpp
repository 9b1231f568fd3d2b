// main.cpp: the client under test: the engine, through its public headers only.

#include "common/result.hpp"
#include "common/scenario_table.hpp"
#include "common/scenarios.hpp"

namespace {

void run(const wsengine::bench::arguments& args) {
  using namespace wsengine::bench;
  run_scenario(args, {
                       {"rtt", run_rtt},
                       {"large", run_large},
                       {"flood", run_flood},
                       {"sink", run_sink},
                       {"idle", run_idle},
                       {"reconnect", run_reconnect},
                       {"busy", run_busy},
                       {"herd", run_herd},
                     });
}

} // namespace

int main(int argc, char** argv) {
  return wsengine::bench::run_client(argc, argv, run);
}
