// players.hpp: the clients of a simulation: they answer as chance has it.

#pragma once

#include "referee.hpp"

#include "wsengine/callbacks.hpp"
#include "wsengine/client_actor.hpp"
#include "wsengine/testing/client_mock.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <map>

namespace wsengine::simulation {

/// How a callback is answered.
enum class mood : std::uint8_t { answer, hold, fail, crash, restart, exit };

/// What clients need of the scene.
class audience {
public:
  virtual ~audience() = default;

  /// A callback has begun; returns its number.
  virtual std::size_t begins(std::size_t client, const call_args& args) = 0;

  /// It has ended.
  virtual void ends(std::size_t call, bool succeeded) = 0;

  /// How it is answered.
  virtual mood draw_mood(testing::callback which) = 0;

  /// It is held until somebody sends a `release_msg` to `who`.
  virtual void holds(std::size_t call, const caf::actor_addr& who) = 0;

  /// Something happened that may end the session.
  virtual void may_close() = 0;

  /// An object wants no more messages of the session that this call belongs to.
  virtual void interrupts(std::size_t call) = 0;

  /// A handler crashes.
  virtual void handler_crashes() = 0;

  /// Somebody asked for an attempt at once.
  virtual void may_dial() = 0;

  /// The client dies now.
  virtual void client_dies(std::size_t client) = 0;
};

/// Answer this call.
struct release_msg {
  std::uint64_t call = 0;
  bool succeed = true;
};

WSENGINE_INSPECT(release_msg, call, succeed)

} // namespace wsengine::simulation

WSENGINE_MESSAGE_TYPE(190, wsengine::simulation::release_msg)

namespace wsengine::simulation {

/// A client that is an actor; takes batches, too.
class client_player : public caf::event_based_actor {
public:
  client_player(caf::actor_config& cfg, audience& watching, std::size_t number);

  const char* name() const override { return "wsengine.client"; }

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  template <class Out, class Args>
  caf::result<Out> play(const Args& what);

  void signal(session_signal what, const caf::actor& between_sessions);
  void release(const release_msg& what);

  struct held_call {
    caf::response_promise promise;
    testing::callback which = testing::callback::open;
  };

  audience& watching_;
  std::size_t number_;
  session which_;
  std::map<std::uint64_t, held_call> held_;
};

/// A client that is an object.
class object_player : public callbacks {
public:
  object_player(audience& watching, std::size_t number) : watching_(watching), number_(number) {}

  caf::result<void> on_open(session_context& context, const handshake_response& response,
                            bool restarting) override;
  void on_message(session_context& context, message_kind kind, const payload& data) override;
  void on_read_error(session_context& context, const caf::error& cause) override;
  close_details on_close(session_context& context, const optional<close_details>& peer) override;
  void on_close_error(session_context& context, const caf::error& cause) override;
  void on_restart_error(session_context& context, const caf::error& cause, std::uint32_t retry,
                        optional<timespan> next_delay) override;

private:
  // Returns false for an on_open that is to fail.
  bool play(session_context& context, const call_args& args, bool by_handler);

  audience& watching_;
  std::size_t number_;
};

} // namespace wsengine::simulation
