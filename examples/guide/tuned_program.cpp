// tuned_program.cpp: a program for many sessions: threads, scheduler, placement, and a budget for
// reconnects. Explained in docs/tuning.md.

#include "wsengine/all.hpp"

#include <caf/scoped_actor.hpp>

#include <iostream>
#include <memory>
#include <vector>

/// Idle workers of CAF's default policy take time from the I/O threads.
struct program_config : wsengine::config {
  program_config() { wsengine::compat::share_work(*this); }
};

/// What all sessions have in common.
wsengine::engine_options many_sessions() {
  wsengine::engine_options options;
  options.request.url = "ws://127.0.0.1:9/feed";
  // Not all at once when the server comes back.
  options.budget.rate = 200;
  options.budget.burst = 50;
  options.circuit.threshold = 20;
  // Small messages that come now and then.
  options.connection.write_queue_bytes = 256U << 10U;
  options.connection.read_ahead_bytes = 64U << 10U;
  return options;
}

/// Never blocks, so that it may run on the I/O thread.
class counter : public wsengine::callbacks {
public:
  void on_message(wsengine::session_context&, wsengine::message_kind,
                  const wsengine::payload& data) override {
    bytes_ += data.size();
  }

private:
  std::size_t bytes_ = 0;
};

int main() {
  program_config cfg;
  caf::actor_system system{cfg};
  wsengine::host io{system, {2, std::chrono::seconds(10)}}; // two I/O threads
  std::vector<wsengine::engine_actor> engines;
  for (auto i = 0; i < 100; ++i) {
    auto engine =
      wsengine::spawn_engine(system, wsengine::beast_connector(io), many_sessions(),
                             std::make_shared<counter>(), wsengine::placement::io_thread);
    if (!engine) {
      std::cerr << wsengine::describe(engine.error()) << '\n';
      return 1;
    }
    engines.push_back(std::move(*engine));
  }
  // Nobody listens at that port, so they all say why they do not start.
  caf::scoped_actor self{system};
  auto failed = 0;
  for (const auto& engine : engines)
    self->request(engine, caf::infinite, wsengine::start_msg{})
      .receive([](const wsengine::session&) {}, [&failed](const caf::error&) { ++failed; });
  std::cout << "tuned_program: " << failed << " of " << engines.size() << " found no server\n";
  return failed == 100 ? 0 : 1;
}
