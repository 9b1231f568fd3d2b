// actor_client.cpp: the client as an actor: it counts messages and stops its engine after the
// third.

#include "wsengine/all.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <iostream>

namespace {

struct counter_state {
  wsengine::session which;
  int received = 0;
};

using counter_actor = wsengine::client_actor::stateful_pointer<counter_state>;

wsengine::client_actor::behavior_type counter(counter_actor self) {
  using namespace wsengine;
  // CAF 0.17 has it as a member, CAF 1.x by a function.
  auto& state = compat::state_of(self);
  return {
    [&state](const on_open& what) {
      state.which = what.which;
      for (const auto* word : {"one", "two", "three"})
        post(what.which, text(word));
    },
    [&state](const on_message& what) {
      std::cout << ++state.received << ": " << what.data.text() << '\n';
      if (state.received == 3)
        exit(state.which);
    },
    [](const on_read_error& what) { std::cout << describe(what.cause) << '\n'; },
    [](const on_close&) {
      return close_details{close_code::normal, "counted to three"};
    },
    [](const on_close_error& what) { std::cout << describe(what.cause) << '\n'; },
    [](const on_restart_error& what) { std::cout << describe(what.cause) << '\n'; },
  };
}

} // namespace

int main(int argc, char** argv) {
  wsengine::config cfg;
  caf::actor_system system{cfg};
  wsengine::host io{system};
  wsengine::engine_options options;
  options.request.url = argc > 1 ? argv[1] : "ws://127.0.0.1:8080/echo";
  auto client = system.spawn(counter);
  auto engine =
    wsengine::spawn_engine(system, wsengine::beast_connector(io), options, std::move(client));
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
        if (status != 0)
          std::cerr << wsengine::describe(how.reason) << '\n';
      },
      [](const caf::error& x) { std::cerr << wsengine::describe(x) << '\n'; });
  return status;
}
