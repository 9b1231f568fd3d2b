// node.cpp: the command `node`: has engines run for other nodes, until a signal ends it.

#include "output.hpp"
#include "program_config.hpp"
#include "reporter.hpp"
#include "run.hpp"
#include "signals.hpp"
#include "span_file.hpp"
#include "status_service.hpp"
#include "transport_arguments.hpp"

#include "wsengine/cluster/fleet.hpp"
#include "wsengine/cluster/node_actor.hpp"

#include <caf/scoped_actor.hpp>

#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

namespace wsengine::cli {

namespace {

/// A client that lets messages pass: for connections that only have to be there.
class quiet_client : public callbacks {
public:
  void on_message(session_context&, message_kind, const payload&) override {}
};

cluster::node_options make_options(const node_arguments& from, host& io,
                                   std::shared_ptr<observer> watcher,
                                   std::shared_ptr<const tracer> traces) {
  cluster::node_options result;
  result.name = from.name;
  result.connect = [&io] { return beast_connector(io); };
  result.hooks.watcher = std::move(watcher);
  result.hooks.traces = std::move(traces);
  result.client_types["quiet"] = [](caf::actor_system&, const std::string&) {
    return cluster::local_client{{}, std::make_shared<quiet_client>(), placement::io_thread};
  };
  return result;
}

/// Makes the node a member of a fleet, if it is to be one.
cluster::member_actor join_fleet(caf::actor_system& system, const node_arguments& from,
                                 const cluster::node_actor& node) {
  if (from.directors.empty())
    return {};
  cluster::member_options result;
  result.name = from.name;
  result.node = node;
  result.finder = cluster::spawn_director_finder(system, from.transport, from.directors);
  return cluster::spawn_member(system, std::move(result));
}

/// Hands the sessions of the fleet over, closes every other one, and waits until that is done.
void leave(caf::scoped_actor& self, const cluster::node_actor& node,
           const cluster::member_actor& member) {
  if (member) {
    self->request(member, caf::infinite, cluster::leave_fleet_msg{})
      .receive([] {}, [](const caf::error&) {});
    self->send_exit(member, caf::exit_reason::user_shutdown);
  }
  self->request(node, caf::infinite, cluster::drain_msg{}).receive([] {}, [](const caf::error&) {});
  self->send_exit(node, caf::exit_reason::user_shutdown);
}

} // namespace

int run_node(const node_arguments& what) {
  output out{STDOUT_FILENO};
  output errors{STDERR_FILENO};
  auto report = what.json ? make_json_reporter(out) : make_human_reporter(out);
  span_file spans;
  if (auto problem = spans.open(what.tracing); !problem.empty()) {
    errors.write_line("wsengine: " + problem);
    return 1;
  }
  program_config<cluster::node_config> cfg{what.transport};
  caf::actor_system system{cfg};
  host io{system};
  status_service status{system, what.status_port, "wsengine node " + what.name};
  auto problem = status.open(*report, [](const caf::actor& who, site_action asked) {
    if (asked == site_action::restart)
      compat::send_exit(who, session_signal::restart);
    else
      caf::anon_send(caf::actor_cast<engine_actor>(who), stop_msg{});
  });
  if (!problem.empty()) {
    errors.write_line("wsengine: " + problem);
    return 1;
  }
  auto node = cluster::spawn_node(system, make_options(what, io, status.watcher(), spans.traces()));
  auto port = cluster::listen(system, what.transport, node);
  if (!port) {
    errors.write_line("wsengine: " + describe(port.error()));
    caf::anon_send_exit(node, caf::exit_reason::kill);
    return 1;
  }
  std::promise<std::string> ended;
  signal_watch signals{[&, asked = false](int number) mutable {
    // Whoever asks twice does not want to wait for the other side.
    if (std::exchange(asked, true))
      std::_Exit(1);
    out.wait_only_until(output::clock::now());
    ended.set_value(name_of_signal(number));
  }};
  auto member = join_fleet(system, what, node);
  report->listening(*port, url_of(what.transport, *port));
  auto reason = ended.get_future().get();
  caf::scoped_actor self{system};
  leave(self, node, member);
  report->stopped(reason);
  if (auto complaint = spans.complaint(); !complaint.empty())
    errors.write_line("wsengine: " + complaint);
  return 0;
}

} // namespace wsengine::cli
