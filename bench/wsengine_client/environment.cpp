// environment.cpp: see environment.hpp.

#include "wsengine_client/environment.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>

namespace wsengine::bench {

environment::quiet_config::quiet_config() {
  compat::share_work(*this);
  compat::limit_workers(*this, 1);
}

environment::environment(const arguments& args) : args_(args), system_(config_), io_(system_) {}

placement environment::where() const {
  if (args_.placement == "detached")
    return placement::detached;
  return args_.placement == "scheduler" ? placement::scheduler : placement::io_thread;
}

engine_options environment::options() const {
  engine_options result;
  result.request.url = (args_.tls() ? "wss://127.0.0.1:" : "ws://127.0.0.1:")
                       + std::to_string(args_.target_port()) + args_.path();
  result.connection.tls.verify = false;
  result.connection.deflate.enabled = args_.deflate;
  result.backoff.base = timespan{1};
  result.backoff.factor = 1;
  result.backoff.jitter = 0;
  // Makes the first failure known to the client, which ends the program.
  result.backoff.retry_first_connect = true;
  return result;
}

engine_hooks environment::hooks() {
  engine_hooks result;
  if (args_.traced) {
    nowhere_.open("/dev/null");
    tracing_options how;
    how.ratio = how.message_ratio = *args_.traced;
    result.traces = make_tracer(how, std::make_shared<otlp_file>(nowhere_));
  }
  if (!args_.metrics)
    return result;
#ifdef WSENGINE_HAS_PROMETHEUS
  result.watcher = numbers_.watch();
  return result;
#else
  std::cerr << "this program was built without prometheus-cpp" << std::endl;
  std::_Exit(2);
#endif
}

void environment::run(const engine_actor& engine) {
  caf::scoped_actor self{system_};
  self->send(engine, start_msg{});
  self->request(engine, caf::infinite, wait_stopped_msg{})
    .receive(
      [](const stop_report& how) {
        if (!is(how.reason, engine_errc::exited))
          fail(how.reason);
      },
      [](const caf::error& x) { fail(x); });
}

result environment::begin_line() const {
  result line{"wsengine", args_};
  line.set("interface", args_.client);
  line.set("placement", args_.placement);
  if (args_.metrics)
    line.set("metrics", true);
  if (args_.traced)
    line.set("traced", *args_.traced);
  return line;
}

void fail(const caf::error& cause) {
  std::cerr << describe(cause) << std::endl;
  std::_Exit(1);
}

} // namespace wsengine::bench
