// recorded_client.cpp: a client that records its session in a file.
//
//   recorded_client URL FILE

#include "wsengine/all.hpp"
#include "wsengine/recording.hpp"

#include <caf/scoped_actor.hpp>

#include <fstream>
#include <iostream>
#include <memory>
#include <string>

using namespace wsengine;

namespace {

class printer : public callbacks {
public:
  void on_message(session_context&, message_kind, const payload& data) override {
    std::cout << data.text() << '\n';
  }
};

int run(caf::actor_system& system, const std::string& url, const std::string& path) {
  host io{system};
  engine_options options;
  options.request.url = url;
  std::ofstream file{path};
  recorder log{system, file};
  auto engine = spawn_engine(system, log.record(beast_connector(io)), options,
                             log.record(std::make_shared<printer>()));
  log.watch(*engine); // records why it stops
  caf::scoped_actor self{system};
  self->send(*engine, start_msg{});
  self->request(*engine, caf::infinite, wait_stopped_msg{})
    .receive([](const stop_report& how) { std::cout << describe(how.reason) << '\n'; },
             [](const caf::error& x) { std::cerr << describe(x) << '\n'; });
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: recorded_client URL FILE\n";
    return 2;
  }
  config cfg;
  caf::actor_system system{cfg};
  return run(system, argv[1], argv[2]);
}
