// director.cpp: the command `director`: directs a fleet, until a signal ends it.

#include "node_system.hpp"
#include "output.hpp"
#include "reporter.hpp"
#include "run.hpp"
#include "signals.hpp"
#include "transport_arguments.hpp"

#include "wsengine/cluster/fleet.hpp"

#include <caf/send.hpp>

#include <future>
#include <string>
#include <unistd.h>
#include <utility>

namespace wsengine::cli {

int run_director(const director_arguments& what) {
  output out{STDOUT_FILENO};
  output errors{STDERR_FILENO};
  auto report = what.json ? make_json_reporter(out) : make_human_reporter(out);
  node_system_config cfg{what.transport};
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
  std::promise<std::string> ended;
  signal_watch signals{[&, asked = false](int number) mutable {
    out.wait_only_until(output::clock::now());
    if (!std::exchange(asked, true))
      ended.set_value(name_of_signal(number));
  }};
  report->listening(*port, url_of(what.transport, *port));
  auto reason = ended.get_future().get();
  caf::anon_send_exit(*director, caf::exit_reason::user_shutdown);
  report->stopped(reason);
  return 0;
}

} // namespace wsengine::cli
