// world.hpp: a client under test, a server that does as it is told, and what a test says of them.
//
// A test that names only a `world` runs in virtual time (`fixture`) and over real sockets
// (`socket_world`) alike.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/connector.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/message.hpp"
#include "wsengine/options.hpp"
#include "wsengine/spawn_engine.hpp"
#include "wsengine/testing/asked.hpp"
#include "wsengine/testing/client_mock.hpp"
#include "wsengine/testing/scripted_server.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace wsengine::testing {

class callback_record;

/// What a failed expectation throws, unless `world::fail` is overridden.
class failed_expectation : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// The words of a test. Expectations look at the callbacks of the client one after the other: each
/// takes the next one, which must be what is expected.
class world {
public:
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  virtual ~world();

  // -- what there is ------------------------------------------------------------------------------

  /// The server at `options.request.url`, and at every URL without a server of its own.
  scripted_server server;

  /// The client, unless the test brings its own.
  client_mock client;

  /// What engines are spawned with. Without jitter, with a backoff of 1, 2, 4, ... seconds.
  engine_options options;
  engine_hooks hooks;

  /// The engine that was spawned last.
  engine_actor engine;

  [[nodiscard]] virtual caf::actor_system& system() = 0;

  /// What makes connections to the servers.
  [[nodiscard]] virtual connector connect() = 0;

  // -- engines ------------------------------------------------------------------------------------

  /// Spawns an engine for the mock.
  void spawn();

  /// Spawns an engine for a client of the test's own.
  void spawn(client_actor own);
  void spawn(std::shared_ptr<callbacks> own);

  /// Takes an engine that the test has spawned with `connect()`. A client that is an object has to
  /// be wrapped by `watched` for its callbacks to be seen.
  void take(engine_actor own);

  /// An object that notes its callbacks for the expectations and calls `own`.
  [[nodiscard]] std::shared_ptr<callbacks> watched(std::shared_ptr<callbacks> own);

  /// Spawns an engine if there is none, and starts it.
  std::shared_ptr<asked<session>> start();

  /// Gives the engine another client.
  void set_client(client_actor next);

  /// Starts the engine, which is spawned if there is none, and expects `on_open`. With real
  /// sockets, waits until the engine has its answer; a test that holds it back uses `start`
  /// instead.
  void open();

  /// Stops the engine.
  std::shared_ptr<asked<caf::unit_t>> stop();

  /// Asks to be told when the engine is stopped.
  std::shared_ptr<asked<stop_report>> wait_stopped();

  [[nodiscard]] engine_status status();

  // -- the session that opened last ---------------------------------------------------------------

  /// Writes a message.
  std::shared_ptr<asked<caf::unit_t>> write(data_message message);

  /// Does what its holder does by `wsengine::restart`.
  void restart();

  /// Does what its holder does by `wsengine::exit`.
  void exit();

  /// Takes the connection over; the holder is an actor that lives as long as the test.
  std::shared_ptr<asked<lease>> pause();

  /// Gives it back.
  std::shared_ptr<asked<caf::unit_t>> resume(const lease& what, message_batch unread = {});

  /// Lets everybody die who has asked for the connection by `pause`.
  void kill_lease_holders();

  /// Lets the client die, if it is an actor.
  void kill_client();

  /// Answers the oldest call that the mock holds back, with an error if there is one.
  void release(callback which, caf::error cause = {});

  // -- time ---------------------------------------------------------------------------------------

  /// Lets time pass. Over real sockets nobody waits: delays there are so short that what is
  /// expected next is waited for instead.
  virtual void advance(timespan delay) = 0;

  /// Lets what is under way happen; with real sockets, waits until the condition holds, and gives
  /// up after a while. Returns whether it holds.
  virtual bool eventually(const std::function<bool()>& condition) = 0;

  // -- expectations: callbacks --------------------------------------------------------------------

  void expect_open();

  /// `on_open` of a session that is not the engine's first, or of a client that takes over.
  void expect_reopen();

  void expect_message(const std::string& text);
  void expect_message(const data_message& message);

  void expect_read_error();

  /// `on_close` because the server closed: with that code, 1006 for a connection that broke, and,
  /// if it is given, with that reason.
  void expect_close(close_code code, optional<std::string> reason = nothing);
  void expect_close(std::uint16_t code, optional<std::string> reason = nothing);

  /// `on_close` because the client's side closes.
  void expect_own_close();

  /// `on_close_error` and `on_restart_error`, of which `code` says the cause.
  template <class Code>
  void expect_close_error(Code code) {
    expect_cause(callback::close_error, to_string(code),
                 [code](const caf::error& x) { return is(x, code); });
  }

  template <class Code>
  void expect_restart_error(Code code) {
    expect_cause(callback::restart_error, to_string(code),
                 [code](const caf::error& x) { return is(x, code); });
  }

  /// No callback came since the last one that was expected. In virtual time that is certain; with
  /// real sockets one may still come.
  void expect_nothing();

  // -- expectations: the server -------------------------------------------------------------------

  /// The server got this message on its newest connection, behind those that were expected before.
  void expect_received(const data_message& message);
  void expect_received(const std::string& text);

  /// The server got a close frame with this code on its newest connection.
  void expect_close_frame(close_code code);
  void expect_close_frame(std::uint16_t code);

  // -- expectations: the engine -------------------------------------------------------------------

  void expect_state(engine_state state);

  /// The engine waits so long for its next attempt.
  void expect_retry_in(timespan delay);

  /// The engine has stopped for that reason.
  template <class Code>
  void expect_stopped(Code code) {
    auto report = wait_stopped();
    eventually([&] { return !report->pending(); });
    check(report->succeeded(), "a stopped engine", "it is not stopped");
    check(is(report->get().reason, code), "an engine stopped by " + to_string(code),
          describe(report->get().reason));
  }

  /// The request has failed like that.
  template <class T, class Code>
  void expect_failure(const std::shared_ptr<asked<T>>& of, Code code) {
    eventually([&] { return !of->pending(); });
    check(of->failed(code), "a request that fails with " + to_string(code),
          of->pending() ? "there is no answer" : describe(of->cause()));
  }

  /// The request was answered; returns the answer.
  template <class T>
  T expect_success(const std::shared_ptr<asked<T>>& of) {
    eventually([&] { return !of->pending(); });
    check(of->succeeded(), "a request that succeeds",
          of->pending() ? "there is no answer" : describe(of->cause()));
    return of->get();
  }

  /// Anything else: fails with both texts and the story so far when `holds` is false.
  void check(bool holds, const std::string& expected, const std::string& actual);

  // -- the story ----------------------------------------------------------------------------------

  /// The callbacks so far, without the handles of their sessions, which would keep actors alive.
  [[nodiscard]] std::vector<recorded_call> callbacks_so_far() const;

  /// All callbacks as text.
  [[nodiscard]] std::vector<std::string> lines() const;

  /// What has happened, for a person: the callbacks, and what else this world knows.
  [[nodiscard]] virtual std::string story() const;

protected:
  explicit world(scripted_server at);

  /// What a failed expectation does: here it throws `failed_expectation`. A framework's own way to
  /// fail goes here, see `caf_test.hpp`.
  virtual void fail(const std::string& text);

  /// Called behind everything that changes something.
  virtual void settle() {}

  /// Notes a callback of a client that is an actor, at a time of the actor clock since its epoch.
  /// Thread-safe.
  void note(timespan at, callback_args args);

  /// The time of the actor clock since its epoch.
  [[nodiscard]] timespan clock_time() const;

  /// When the test began.
  timespan began{0};

  /// Ends engine and clients.
  void end();

  /// Whether callbacks of actors are seen by this world, so that only those of objects that no
  /// message tells of have to be noted.
  [[nodiscard]] virtual bool sees_messages() const = 0;

private:
  recorded_call next_callback(const std::string& expected);
  void expect_callback(const std::string& expected,
                       const std::function<bool(const recorded_call&)>& matches);
  void expect_cause(callback which, const std::string& code,
                    const std::function<bool(const caf::error&)>& matches);

  std::shared_ptr<callback_record> record_;
  std::size_t expected_ = 0;
  std::size_t received_ = 0;
  std::size_t connection_ = 0;
  caf::actor own_client_;
  std::vector<caf::actor> holders_;
};

} // namespace wsengine::testing
