// run.hpp: the commands of the program.

#pragma once

#include "arguments.hpp"

namespace wsengine::cli {

/// Runs `wsengine connect`. Returns the exit status.
int run_connect(const connect_arguments& what);

/// Runs `wsengine node`. Returns the exit status.
int run_node(const node_arguments& what);

/// Runs `wsengine director`. Returns the exit status.
int run_director(const director_arguments& what);

/// Runs `wsengine fleet`. Returns the exit status.
int run_fleet(const fleet_arguments& what);

/// Runs `wsengine serve`. Returns the exit status.
int run_serve(const serve_arguments& what);

/// Runs `wsengine replay`. Returns the exit status.
int run_replay(const replay_arguments& what);

/// Runs `wsengine trace`. Returns the exit status.
int run_trace(const trace_arguments& what);

} // namespace wsengine::cli
