// cluster_fixture.hpp: this process as a node, a node of its own process, and an echo server.

#pragma once

#include "callback_client.hpp"
#include "cluster/child_process.hpp"
#include "echo_server.hpp"
#include "real/probe.hpp"
#include "real/waiting.hpp"

#include "wsengine/all.hpp"
#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/cluster/transport.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace wsengine::tests {

/// How long a node may be silent in tests that are not about that: a busy machine must not look
/// like a dead one.
inline constexpr std::chrono::seconds patience{30};

/// Nodes that speak plain.
inline cluster::transport_options plain_transport(timespan silence = patience) {
  cluster::transport_options result;
  result.plain = true;
  result.heartbeat = std::chrono::milliseconds(200);
  result.silence = silence;
  return result;
}

/// `wsengine node` in a process of its own.
inline std::unique_ptr<child_process> run_plain_node(std::chrono::seconds silence = patience) {
  return std::make_unique<child_process>(
    std::vector<std::string>{WSENGINE_PROGRAM, "node", "--plain", "--json", "--heartbeat", "200ms",
                             "--silence", std::to_string(silence.count()) + "s"});
}

/// The test is one node, and may ask actors of others.
struct cluster_fixture {
  explicit cluster_fixture(timespan silence = patience) : transport(plain_transport(silence)) {
    server.start();
  }

  // Other nodes have been told of them: nothing else ends them.
  ~cluster_fixture() {
    for (const auto& x : clients)
      caf::anon_send_exit(x, caf::exit_reason::kill);
  }

  cluster::node_actor join(child_process& node) {
    auto port = node.wait_for_port();
    CAF_REQUIRE(port != 0);
    auto result = cluster::join<cluster::node_actor>(sys, transport, "127.0.0.1", port);
    if (!result)
      CAF_FAIL(describe(result.error()));
    return *result;
  }

  /// A client here whose callbacks are recorded by `callbacks`.
  client_actor spawn_client(const std::shared_ptr<probe>& callbacks) {
    auto result = sys.spawn<internal::callback_client>(callbacks);
    clients.push_back(result);
    return caf::actor_cast<client_actor>(result);
  }

  engine_options options_for(const std::string& path) const {
    return hasty_options(server.url(path));
  }

  template <class Answer, class Handle, class Message>
  caf::expected<Answer> ask(const Handle& to, const Message& what) {
    return ask_and_wait<Answer>(sys, to, what);
  }

  template <class Handle, class Message>
  caf::error ask_void(const Handle& to, const Message& what) {
    return ask_void_and_wait(sys, to, what);
  }

  /// An engine on `node` for a client here.
  engine_actor spawn_engine_on(const cluster::node_actor& node, const std::string& name,
                               client_actor client, engine_options options) {
    auto result = ask<engine_actor>(
      node, cluster::spawn_engine_msg{name, std::move(options), {std::move(client), {}, {}}});
    if (!result)
      CAF_FAIL(describe(result.error()));
    return *result;
  }

  engine_state state_of(const engine_actor& engine) {
    auto result = ask<engine_status>(engine, status_msg{});
    return result ? result->state : engine_state::idle;
  }

  /// Asks again and again, for what nobody announces.
  static bool eventually(const std::function<bool()>& holds) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline)
        return false;
      std::this_thread::yield();
    }
    return true;
  }

  cluster::transport_options transport;
  cluster::node_config cfg{transport};
  caf::actor_system sys{cfg};
  examples::echo_server server;
  std::vector<caf::actor> clients;
};

} // namespace wsengine::tests
