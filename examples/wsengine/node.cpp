// node.cpp: the command `node`: has engines run for other nodes, until a signal ends it.

#include "output.hpp"
#include "reporter.hpp"
#include "run.hpp"
#include "signals.hpp"
#include "status_service.hpp"

#include "wsengine/cluster/node_actor.hpp"

#include <caf/atom.hpp>
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

/// See `program_config` of `connect`.
struct node_program_config : cluster::node_config {
  explicit node_program_config(const cluster::transport_options& options) : node_config(options) {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{2});
  }
};

cluster::node_options make_options(const node_arguments& from, host& io,
                                   std::shared_ptr<observer> watcher) {
  cluster::node_options result;
  result.name = from.name;
  result.connect = [&io] { return beast_connector(io); };
  result.hooks.watcher = std::move(watcher);
  result.client_types["quiet"] = [](caf::actor_system&, const std::string&) {
    return cluster::local_client{{}, std::make_shared<quiet_client>(), placement::io_thread};
  };
  return result;
}

/// Closes every session and waits until that is done.
void drain(caf::scoped_actor& self, const cluster::node_actor& node) {
  self->request(node, caf::infinite, cluster::drain_msg{}).receive([] {}, [](const caf::error&) {});
  self->send_exit(node, caf::exit_reason::user_shutdown);
}

} // namespace

int run_node(const node_arguments& what) {
  output out{STDOUT_FILENO};
  output errors{STDERR_FILENO};
  auto report = what.json ? make_json_reporter(out) : make_human_reporter(out);
  node_program_config cfg{what.transport};
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
  auto node = cluster::spawn_node(system, make_options(what, io, status.watcher()));
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
  report->listening(*port, (what.transport.plain ? "plain://" : "tls://") + what.transport.address
                             + ":" + std::to_string(*port));
  auto reason = ended.get_future().get();
  caf::scoped_actor self{system};
  drain(self, node);
  report->stopped(reason);
  return 0;
}

} // namespace wsengine::cli
