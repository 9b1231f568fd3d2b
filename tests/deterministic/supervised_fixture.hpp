// supervised_fixture.hpp: an engine between a scripted network and a mocked client, in virtual
// time.

#pragma once

#include "deterministic/asking_fixture.hpp"

#include "wsengine/engine_actor.hpp"
#include "wsengine/spawn_engine.hpp"
#include "wsengine/testing/client_mock.hpp"
#include "wsengine/testing/scripted_connection.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

// Only suites include this file.
using namespace wsengine;
using namespace wsengine::testing;
using namespace std::chrono_literals;

using strings = std::vector<std::string>;

struct supervised_fixture : asking_fixture {
  supervised_fixture() {
    options.request.url = "ws://example.org/feed";
    options.backoff.base = 1s;
    options.backoff.factor = 2;
    options.backoff.cap = 10s;
    options.backoff.jitter = 0;
    options.backoff.stable_after = 60s;
    options.timeouts.open = 30s;
    options.timeouts.stop = 10s;
  }

  ~supervised_fixture() override {
    if (engine)
      compat::send_exit(engine, caf::exit_reason::kill);
    consume_messages();
  }

  // -- engines ------------------------------------------------------------------------------------

  /// Spawns an engine for a client actor.
  void spawn() {
    client = mock.spawn(sys);
    take(spawn_engine(sys, network.make_connector(), options, client, hooks));
  }

  /// Spawns an engine for an object with callbacks.
  void spawn_for_object() {
    take(spawn_engine(sys, network.make_connector(), options, mock.object(), placement::scheduler,
                      hooks));
  }

  void take(caf::expected<engine_actor> result) {
    if (!result)
      CAF_FAIL(describe(result.error()));
    engine = *result;
    consume_messages();
  }

  // -- requests -----------------------------------------------------------------------------------

  auto start() { return ask<session>(engine, start_msg{}); }
  auto stop() { return ask<caf::unit_t>(engine, stop_msg{}); }
  auto wait_stopped() { return ask<stop_report>(engine, wait_stopped_msg{}); }
  auto set_client(client_actor next) {
    return ask<caf::unit_t>(engine, set_client_msg{std::move(next)});
  }

  engine_status status() { return ask<engine_status>(engine, status_msg{})->get(); }
  engine_state state() { return status().state; }

  /// Spawns an engine and opens its first session.
  void open() {
    spawn();
    CAF_REQUIRE(start()->succeeded());
    CAF_REQUIRE_EQUAL(state(), engine_state::running);
  }

  // -- the two ends -------------------------------------------------------------------------------

  /// The peer does this on the connection that was made last, now.
  void peer(script what) {
    network.play(network.last(), std::move(what));
    consume_messages();
  }

  /// The holder of the session that opened last does this.
  void signal(session_signal what) {
    compat::send_exit(mock.last_session()->signals, what);
    consume_messages();
  }

  void release(callback which, caf::error cause = {}) {
    CAF_REQUIRE(mock.release(which, std::move(cause)));
    consume_messages();
  }

  void kill(const caf::actor& whom, caf::error reason = caf::exit_reason::kill) {
    compat::send_exit(whom, std::move(reason));
    consume_messages();
  }

  strings lines() { return mock.lines(); }

  /// By value: CAF's checks keep references into what they compare.
  std::string last_line() { return mock.lines().back(); }

  /// The session that opened last.
  session_id open_id() { return mock.last_session()->id; }

  /// What the first on_close said of the peer.
  close_code first_peer_code() { return mock.calls_of<on_close>().at(0).peer->code; }

  // What the engine said in its close frame on that connection.
  close_details farewell(std::size_t index) { return network.record(index).closes.at(0); }

  scripted_network network;
  client_mock mock;
  client_actor client;
  engine_options options;
  engine_hooks hooks;
  engine_actor engine;
};
