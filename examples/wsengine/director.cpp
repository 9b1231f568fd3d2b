// director.cpp: the command `director`: directs a fleet, until a signal ends it.

#include "output.hpp"
#include "program_config.hpp"
#include "reporter.hpp"
#include "run.hpp"
#include "signals.hpp"
#include "transport_arguments.hpp"

#include "wsengine/cluster/fleet.hpp"

#include <caf/send.hpp>

#include <string>
#include <unistd.h>

namespace wsengine::cli {

int run_director(const director_arguments& what) {
  output out{STDOUT_FILENO};
  output errors{STDERR_FILENO};
  auto report = what.json ? make_json_reporter(out) : make_human_reporter(out);
  program_config<cluster::node_config> cfg{what.transport};
  caf::actor_system system{cfg};
  auto director = cluster::spawn_director(system, what.director);
  if (!director) {
    errors.write_line("wsengine: " + describe(director.error()));
    return 1;
  }
  auto port = cluster::listen(system, what.transport, *director);
  if (!port) {
    errors.write_line("wsengine: " + describe(port.error()));
    caf::anon_send_exit(*director, caf::exit_reason::kill);
    return 1;
  }
  ending_signal ending{out};
  report->listening(*port, url_of(what.transport, *port));
  auto reason = ending.wait();
  caf::anon_send_exit(*director, caf::exit_reason::user_shutdown);
  report->stopped(reason);
  return 0;
}

} // namespace wsengine::cli
