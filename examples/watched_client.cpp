// watched_client.cpp: a client that is looked on: an observer of its own that names slow callbacks,
// and, where prometheus-cpp is installed, numbers for Prometheus on http://127.0.0.1:9464/metrics.

#include "wsengine/all.hpp"

#ifdef WSENGINE_HAS_PROMETHEUS
#include "wsengine/prometheus.hpp"

#include <prometheus/exposer.h>
#endif

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <iostream>
#include <memory>

using namespace std::chrono_literals;

class slow_callbacks : public wsengine::observer {
public:
  void callbacks_ended(const wsengine::subject& who, wsengine::callback_kind which,
                       std::span<const wsengine::timespan> took) override {
    for (auto x : took)
      if (x > 100ms)
        std::clog << to_string(which) << " of session " << to_string(who.session) << " took "
                  << std::chrono::duration_cast<std::chrono::milliseconds>(x).count() << " ms\n";
  }
};

class printer : public wsengine::callbacks {
public:
  void on_message(wsengine::session_context&, wsengine::message_kind,
                  const wsengine::payload& data) override {
    std::cout << data.text() << std::endl;
  }
};

int main(int argc, char** argv) {
  wsengine::config cfg;
  caf::actor_system system{cfg};
  wsengine::host io{system};
  wsengine::engine_options options;
  options.request.url = argc > 1 ? argv[1] : "ws://127.0.0.1:8080/echo";
  wsengine::engine_hooks hooks;
  hooks.watcher = std::make_shared<slow_callbacks>();
#ifdef WSENGINE_HAS_PROMETHEUS
  wsengine::metrics numbers;
  hooks.watcher =
    wsengine::make_observer_list({hooks.watcher, numbers.watch({{"feed", "prices"}})});
  prometheus::Exposer exposer{"127.0.0.1:9464"};
  exposer.RegisterCollectable(numbers.collectable());
#endif
  auto engine =
    wsengine::spawn_engine(system, wsengine::beast_connector(io), options,
                           std::make_shared<printer>(), wsengine::placement::scheduler, hooks);
  if (!engine) {
    std::cerr << wsengine::describe(engine.error()) << '\n';
    return 2;
  }
  caf::scoped_actor self{system};
  self->send(*engine, wsengine::start_msg{});
  self->request(*engine, caf::infinite, wsengine::wait_stopped_msg{})
    .receive(
      [](const wsengine::stop_report& how) { std::cerr << wsengine::describe(how.reason) << '\n'; },
      [](const caf::error& x) { std::cerr << wsengine::describe(x) << '\n'; });
  return 1;
}
