// connection_fixture.hpp: a host, an echo server, and connections that a test talks to directly.

#pragma once

#include "echo_server.hpp"
#include "real/adapter.hpp"

#include "wsengine/config.hpp"
#include "wsengine/error.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace wsengine::tests {

/// How long a test waits for what must happen. Only a failing test waits that long.
inline constexpr auto patience = std::chrono::seconds(20);

/// Waits until a condition holds that nobody announces.
inline bool eventually(const std::function<bool()>& condition) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::yield();
  }
  return true;
}

/// A configuration whose scheduler does not spin.
struct quiet_config : config {
  quiet_config() {
    compat::share_work(*this);
    compat::limit_workers(*this, 2);
  }
};

/// Waits for an answer of type `T`.
template <class T, class Handle>
caf::expected<T> get(Handle&& response) {
  caf::expected<T> result{caf::none};
  std::forward<Handle>(response).receive([&](T& x) { result = std::move(x); },
                                         [&](caf::error& x) { result = std::move(x); });
  return result;
}

/// Waits for an answer without content; returns the error, or none.
template <class Handle>
caf::error get_void(Handle&& response) {
  caf::error result;
  std::forward<Handle>(response).receive([] {}, [&](caf::error& x) { result = std::move(x); });
  return result;
}

/// The error of an answer, none for a value. A copy: CAF's macros keep references.
template <class T>
caf::error error_of(const caf::expected<T>& answer) {
  return answer ? caf::error{} : answer.error();
}

/// A copy of what an expected or optional value holds. Without a value, the test ends.
template <class T>
auto value_of(const T& answer) {
  CAF_REQUIRE(answer);
  return *answer;
}

/// Connections that talk to an echo server.
struct connection_fixture {
  connection_fixture() { server.start(); }

  connection_actor spawn() { return adapter_connector(io).spawn(*self); }

  template <class Message>
  auto request(const connection_actor& to, Message what) {
    return self->request(to, patience, std::move(what));
  }

  caf::expected<handshake_response> dial(const connection_actor& to, const std::string& url) {
    handshake_request what;
    what.url = url;
    return dial(to, std::move(what));
  }

  caf::expected<handshake_response> dial(const connection_actor& to, handshake_request what) {
    return get<handshake_response>(request(to, dial_msg{std::move(what), options}));
  }

  /// The error of a dial that has to fail.
  caf::error dial_error(const std::string& url) {
    auto response = dial(spawn(), url);
    CAF_REQUIRE(!response);
    CAF_MESSAGE(describe(response.error()));
    return response.error();
  }

  /// A connection that is open.
  connection_actor open(const std::string& url) {
    auto result = spawn();
    auto response = dial(result, url);
    if (!response)
      CAF_FAIL("cannot open " << url << ": " << describe(response.error()));
    return result;
  }

  connection_actor open_path(const std::string& path = "/echo") { return open(server.url(path)); }

  caf::error write(const connection_actor& to, data_message what) {
    return get_void(request(to, write_msg{what.kind, what.data, what.last}));
  }

  caf::expected<data_message> read(const connection_actor& from) {
    return get<data_message>(request(from, read_msg{}));
  }

  caf::expected<message_batch> demand(const connection_actor& from, std::uint32_t max) {
    return get<message_batch>(request(from, demand_msg{max}));
  }

  /// Receives messages that come under credit until there are so many, and returns how many came.
  std::size_t pushed(std::size_t count) {
    std::size_t result = 0;
    bool late = false;
    while (result < count && !late)
      self->receive([&](const message_batch& x) { result += x.messages.size(); },
                    caf::after(patience) >> [&] { late = true; });
    return result;
  }

  caf::error close(const connection_actor& what, close_details details = {}) {
    return get_void(request(what, close_msg{std::move(details)}));
  }

  caf::expected<close_details> wait_closed(const connection_actor& what) {
    return get<close_details>(request(what, wait_closed_msg{}));
  }

  /// What ended a session.
  close_details end_of(const connection_actor& what) {
    auto result = wait_closed(what);
    if (!result)
      CAF_FAIL("never opened: " << describe(result.error()));
    return *result;
  }

  /// How the session ended that ended last, as the server saw it.
  static close_details last_close(const examples::echo_server& which) {
    auto all = which.counters().closes;
    CAF_REQUIRE(!all.empty());
    return all.back();
  }

  close_details last_close() const { return last_close(server); }

  quiet_config cfg;
  caf::actor_system sys{cfg};
  host io{sys};
  caf::scoped_actor self{sys};
  examples::echo_server server;
  connection_options options;
};

} // namespace wsengine::tests
