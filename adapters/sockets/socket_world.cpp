// socket_world.cpp: the world of socket_world.hpp.

#include "wsengine/testing/socket_world.hpp"

#include "wsengine/beast.hpp"
#include "wsengine/config.hpp"

#include <thread>
#include <utility>

namespace wsengine::testing {

using namespace std::chrono_literals;

namespace {

std::unique_ptr<caf::actor_system_config>
prepared(std::unique_ptr<caf::actor_system_config> given) {
  auto result = given ? std::move(given) : std::make_unique<wsengine::config>();
  // Idle workers of the default policy take time from the I/O thread.
  compat::share_work(*result);
  return result;
}

} // namespace

socket_world_parts::socket_world_parts(std::unique_ptr<caf::actor_system_config> given)
  : config(prepared(std::move(given))),
    system(*config),
    io(std::make_unique<host>(system)) {}

socket_world::socket_world(std::unique_ptr<caf::actor_system_config> config)
  : socket_world_parts(std::move(config)),
    world(scripted_server{peer.make_stage()}) {
  options.request.url = peer.url();
  options.backoff.base = 20ms;
  options.backoff.factor = 1;
  options.backoff.cap = 20ms;
  began = clock_time();
}

socket_world::~socket_world() {
  end();
  // Its threads call what the words are made of.
  io.reset();
}

connector socket_world::connect() {
  return beast_connector(*io);
}

bool socket_world::eventually(const std::function<bool()>& condition) {
  auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace wsengine::testing
