// main.cpp: a client outside of wsengine's source tree. A script stands in for its server, so that
// it runs anywhere: put wsengine::beast_connector(io) in the place of the network, and your URL.

#include "wsengine/all.hpp"
#include "wsengine/testing/scripted_connection.hpp"

#include <caf/scoped_actor.hpp>

#include <iostream>

class printer : public wsengine::callbacks {
public:
  void on_message(wsengine::session_context& context, wsengine::message_kind,
                  const wsengine::payload& data) override {
    std::cout << data.text() << '\n';
    context.exit();
  }
};

int main() {
  wsengine::config cfg;
  caf::actor_system system{cfg};
  wsengine::host io{system};
  wsengine::testing::scripted_network network{
    wsengine::testing::script{}.accept().send(wsengine::text("hello"))};
  wsengine::engine_options options;
  options.request.url = "ws://example.org/";
  auto engine = wsengine::spawn_engine(system, network.make_connector(&io.next_unit()), options,
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
        status = wsengine::is(how.reason, wsengine::engine_errc::exited) ? 0 : 1;
      },
      [](const caf::error& x) { std::cerr << wsengine::describe(x) << '\n'; });
  return status;
}
