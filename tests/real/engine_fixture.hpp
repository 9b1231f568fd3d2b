// engine_fixture.hpp: an echo server, a host, and an engine between them.

#pragma once

#include "echo_server.hpp"
#include "probe.hpp"
#include "real/adapter.hpp"
#include "real/waiting.hpp"

#include "wsengine/all.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace wsengine::tests {

/// Actors run on a real scheduler, sockets are real. Requests of the test wait for their answers.
struct engine_fixture {
  engine_fixture() {
    server.start();
    options = options_for("/echo");
  }

  ~engine_fixture() {
    // Before the record that callbacks write to goes away.
    engine = nullptr;
    io.reset();
  }

  engine_options options_for(const std::string& path) const {
    return hasty_options(server.url(path));
  }

  void spawn(placement where = placement::io_thread) {
    auto result = spawn_engine(sys, adapter_connector(*io), options, client, where);
    if (!result)
      CAF_FAIL(describe(result.error()));
    engine = *result;
  }

  /// Asks the engine and waits for the answer.
  template <class Answer, class Message>
  caf::expected<Answer> ask(const Message& what) {
    return ask_and_wait<Answer>(sys, engine, what);
  }

  template <class Message>
  caf::error ask_void(const Message& what) {
    return ask_void_and_wait(sys, engine, what);
  }

  caf::error start() {
    auto result = ask<session>(start_msg{});
    return result ? caf::error{} : result.error();
  }

  caf::error stop() { return ask_void(stop_msg{}); }

  engine_state state() {
    auto result = ask<engine_status>(status_msg{});
    return result ? result->state : engine_state::idle;
  }

  /// Writes on the session that opened last.
  caf::error write(const std::string& what) {
    return ask_void_and_wait(sys, client->current().connection,
                             write_msg{message_kind::text, what});
  }

  bool server_has_open(std::uint64_t count) {
    return server.wait_until([=](const auto& x) { return x.open == count; });
  }

  config cfg;
  caf::actor_system sys{cfg};
  examples::echo_server server;
  std::shared_ptr<probe> client = std::make_shared<probe>();
  engine_options options;
  std::unique_ptr<host> io = std::make_unique<host>(sys);
  engine_actor engine;
};

} // namespace wsengine::tests
