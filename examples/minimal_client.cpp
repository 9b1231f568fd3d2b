// minimal_client.cpp: a complete client: says hello, prints what comes, and reconnects by itself.

#include "wsengine/all.hpp"

#include <caf/scoped_actor.hpp>

#include <iostream>

class printer : public wsengine::callbacks {
public:
  caf::result<void> on_open(wsengine::session_context& context, const wsengine::handshake_response&,
                            bool restarting) override {
    std::cout << (restarting ? "back again\n" : "open\n");
    context.post(wsengine::text("hello"));
    return caf::unit;
  }

  void on_message(wsengine::session_context& context, wsengine::message_kind,
                  const wsengine::payload& data) override {
    std::cout << data.text() << '\n';
    if (data.text() == "hello")
      context.exit();
  }
};

int main(int argc, char** argv) {
  wsengine::config cfg; // every message type of wsengine, registered
  caf::actor_system system{cfg};
  wsengine::host io{system}; // one I/O thread; many sessions may share it
  wsengine::engine_options options;
  options.request.url = argc > 1 ? argv[1] : "ws://127.0.0.1:8080/echo";
  auto engine = wsengine::spawn_engine(system, wsengine::beast_connector(io), options,
                                       std::make_shared<printer>());
  if (!engine) {
    std::cerr << wsengine::describe(engine.error()) << '\n';
    return 2;
  }
  caf::scoped_actor self{system};
  self->send(*engine, wsengine::start_msg{});
  int status = 1;
  self->request(*engine, caf::infinite, wsengine::wait_stopped_msg{})
    .receive(
      [&](const wsengine::stop_report& how) {
        std::cout << wsengine::describe(how.reason) << '\n';
        status = wsengine::is(how.reason, wsengine::engine_errc::exited) ? 0 : 1;
      },
      [](const caf::error& x) { std::cerr << wsengine::describe(x) << '\n'; });
  return status;
}
