// node_program.cpp: has a node run an engine for an actor of this program. Explained in
// docs/cluster.md.
//
// node_program HOST PORT CERTIFICATE KEY AUTHORITY URL: prints what the session at that URL brings.
// The node is a `wsengine node`; the files are PEM.

#include "wsengine/all.hpp"
#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/cluster/transport.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

wsengine::client_actor::behavior_type printer(wsengine::client_actor::pointer) {
  return {
    [](const wsengine::on_open&) { std::cout << "open" << std::endl; },
    [](const wsengine::on_message& what) { std::cout << what.data.text() << std::endl; },
    [](const wsengine::on_read_error&) {},
    [](const wsengine::on_close&) { return wsengine::close_details{}; },
    [](const wsengine::on_close_error&) {},
    [](const wsengine::on_restart_error&) {},
  };
}

/// Runs until the engine stops; returns why.
caf::error run(caf::actor_system& system, const wsengine::cluster::node_actor& node,
               const wsengine::engine_options& options) {
  caf::scoped_actor self{system};
  caf::error result;
  auto failed = [&result](caf::error& cause) { result = std::move(cause); };
  wsengine::cluster::spawn_engine_msg wanted{"orders", options, {system.spawn(printer), {}, {}}};
  self->request(node, 10s, std::move(wanted))
    .receive(
      [&](const wsengine::engine_actor& engine) {
        self->send(engine, wsengine::start_msg{});
        self->request(engine, caf::infinite, wsengine::wait_stopped_msg{})
          .receive([&](wsengine::stop_report& why) { result = std::move(why.reason); }, failed);
      },
      failed);
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::cerr << "usage: node_program HOST PORT CERTIFICATE KEY AUTHORITY URL\n";
    return 2;
  }
  wsengine::cluster::transport_options transport;
  transport.certificate_file = argv[3];
  transport.key_file = argv[4];
  transport.ca_file = argv[5];
  wsengine::cluster::node_config cfg{transport};
  caf::actor_system system{cfg};
  auto port = static_cast<std::uint16_t>(std::stoul(argv[2]));
  auto node =
    wsengine::cluster::join<wsengine::cluster::node_actor>(system, transport, argv[1], port);
  if (!node) {
    std::cerr << wsengine::describe(node.error()) << '\n';
    return 1;
  }
  wsengine::engine_options options;
  options.request.url = argv[6];
  std::cerr << wsengine::describe(run(system, *node, options)) << '\n';
  return 0;
}
