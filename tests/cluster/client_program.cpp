// client_program.cpp: a client in a process of its own: has a node run an engine for it.
//
// client_program PORT NAME URL: joins the node at that port, has it spawn an engine of that name,
// starts it, and prints what the session brings until it is killed.

#include "callback_client.hpp"

#include "wsengine/callbacks.hpp"
#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/cluster/transport.hpp"
#include "wsengine/error.hpp"

#include <caf/scoped_actor.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace {

using namespace wsengine;

class printer : public callbacks {
public:
  caf::result<void> on_open(session_context&, const handshake_response&, bool) override {
    std::cout << "open" << std::endl;
    return caf::unit;
  }

  void on_message(session_context&, message_kind, const payload& data) override {
    std::cout << "message " << data.text() << std::endl;
  }
};

int run(const cluster::transport_options& transport, std::uint16_t port, const std::string& name,
        const std::string& url) {
  cluster::node_config cfg{transport};
  caf::actor_system system{cfg};
  auto node = cluster::join<cluster::node_actor>(system, transport, "127.0.0.1", port);
  if (!node) {
    std::cout << "failed " << describe(node.error()) << std::endl;
    return 1;
  }
  auto client = system.spawn<internal::callback_client>(std::make_shared<printer>());
  engine_options options;
  options.request.url = url;
  caf::scoped_actor self{system};
  self
    ->request(
      *node, caf::infinite,
      cluster::spawn_engine_msg{name, options, {caf::actor_cast<client_actor>(client), {}, {}}})
    .receive(
      [&](const engine_actor& engine) {
        self->send(engine, start_msg{});
        self->request(engine, caf::infinite, wait_stopped_msg{})
          .receive([](const stop_report&) {}, [](const caf::error&) {});
      },
      [](const caf::error& cause) { std::cout << "failed " << describe(cause) << std::endl; });
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4)
    return 2;
  cluster::transport_options transport;
  transport.plain = true;
  transport.heartbeat = std::chrono::milliseconds(200);
  transport.silence = std::chrono::seconds(6);
  return run(transport, static_cast<std::uint16_t>(std::stoul(argv[1])), argv[2], argv[3]);
}
