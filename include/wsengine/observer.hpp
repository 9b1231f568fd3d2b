// observer.hpp: what happens to engines, for those who only look on: metrics, a status page,
// traces.
//
// An observer is given to an engine by `engine_hooks::watcher`. Engine, handlers, reader and
// connection call it directly, where they run; an engine without one pays for a null pointer.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/error.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/session.hpp"
#include "wsengine/trace_parent.hpp"

#include <caf/actor_addr.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace wsengine {

class tracer;

// -- vocabulary -----------------------------------------------------------------------------------

/// Whom something happened to.
struct subject {
  /// The engine: the id of its actor, unique in this process as long as the engine lives.
  caf::actor_id engine = 0;
  /// The session that is being opened, open, or being closed; the id zero when there is none.
  session_id session;

  friend bool operator==(const subject&, const subject&) = default;
};

/// A number of messages and the bytes of their payloads. A part of a message counts its bytes, and
/// the last part the message.
struct volume {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;

  volume& operator+=(const volume& other) noexcept {
    messages += other.messages;
    bytes += other.bytes;
    return *this;
  }

  friend bool operator==(const volume&, const volume&) = default;
};

/// The callbacks of a client. Batches of messages count as `on_message`.
enum class callback_kind : std::uint8_t {
  on_open,
  on_message,
  on_read_error,
  on_close,
  on_close_error,
  on_restart_error,
};

/// The number of callbacks.
inline constexpr std::size_t callback_kind_count = 6;

/// Returns the name of the value.
std::string to_string(callback_kind which);

/// Why an engine has to open a session anew.
enum class retry_cause : std::uint8_t {
  /// The peer sent a close frame.
  peer_closed,
  /// The connection ended without one.
  connection_lost,
  /// Somebody asked for it by `session_signal::restart`.
  restart_asked,
  /// A handler crashed, and the policy is to restart.
  handler_crashed,
  /// The attempt before has failed: in dialing, in `on_open`, or in the set-up messages.
  attempt_failed,
};

/// The number of causes.
inline constexpr std::size_t retry_cause_count = 5;

/// Returns the name of the value.
std::string to_string(retry_cause why);

/// How a session ended that was open.
struct session_end {
  /// What the peer said; nothing when we are the ones who closed.
  optional<close_details> peer;
  /// What we said, or would have said had the peer not been the one who closed.
  close_details ours;
  /// How long it was open.
  timespan lasted{0};
};

// -- observer -------------------------------------------------------------------------------------

/// Learns what happens to the engines that it is given to; thousands may share one. The functions
/// do nothing by default: override what matters.
///
/// They are called by the actor that does the thing, as a rule on the I/O thread of the session, so
/// from several threads at once. They must not block and must not throw. Durations are those of the
/// actor clock, which is virtual in tests; who needs the time of day or of that clock asks for it.
class observer {
public:
  virtual ~observer();

  // -- engines ------------------------------------------------------------------------------------

  /// An engine was spawned; it is idle. `engine` does not keep it alive. The request is what the
  /// options say, before any provider.
  virtual void engine_spawned(const subject& who, const caf::actor_addr& engine,
                              const handshake_request& request);

  /// The engine is in another state. `last_error` is the last error of any kind since the start, as
  /// in `engine_status`.
  virtual void state_changed(const subject& who, engine_state before, engine_state now,
                             const caf::error& last_error);

  /// The engine's actor has ended, in that state. The last call for this engine, save for what
  /// actors of its last session still say.
  virtual void engine_ended(const subject& who, engine_state last);

  // -- attempts -----------------------------------------------------------------------------------

  /// A URL is dialed; a provider may still change the request.
  virtual void dial_began(const subject& who, const handshake_request& request);

  /// The dial has ended after that time, with no error when the server has upgraded. Redirects and
  /// what the provider took are part of it.
  virtual void dial_ended(const subject& who, const caf::error& failure, timespan took);

  /// The engine waits before it makes the next attempt; `last_error` says more about an attempt
  /// that failed or a session that was lost.
  virtual void retry_scheduled(const subject& who, retry_cause why, const caf::error& last_error,
                               timespan delay);

  // -- sessions -----------------------------------------------------------------------------------

  /// The client has accepted a session, and its set-up messages are sent.
  virtual void session_opened(const subject& who, const handshake_response& response);

  /// A session that had opened is over.
  virtual void session_closed(const subject& who, const session_end& how);

  // -- callbacks ----------------------------------------------------------------------------------

  /// Callbacks of one kind have ended well, each after that time: from when the client was asked
  /// until it answered, or what the function took where a handler calls the client's object. Short
  /// ones of `on_message` are told together; nobody waits longer than ten milliseconds to be told.
  virtual void callbacks_ended(const subject& who, callback_kind which,
                               std::span<const timespan> took);

  /// A callback has ended with an error or an exception.
  virtual void callback_failed(const subject& who, callback_kind which, timespan took,
                               const caf::error& failure);

  // -- what connections carry ---------------------------------------------------------------------

  // Told by the connections of this node whose adapter uses `observation_of`: those over sockets
  // and the scripted ones.

  /// Messages have come.
  virtual void received(const subject& who, const volume& what);

  /// Messages were handed to the connection to be written, by whomever. Each is told of again by
  /// `write_ended`: what is between the two is the write queue.
  virtual void write_began(const subject& who, const volume& what);

  /// The messages were handed to the operating system, or were not. `connection_errc::dropped`:
  /// they gave way; `write_unknown`: the session ended meanwhile; other errors: they were not
  /// written.
  virtual void write_ended(const subject& who, const volume& what, const caf::error& failure);

  /// A ping was answered, the user's or the connection's own.
  virtual void pong_came(const subject& who, timespan round_trip);

  // -- what waits ---------------------------------------------------------------------------------

  /// So much was read and waits for a handler that has time; before it was another amount. A
  /// session begins and ends with nothing.
  virtual void inbox_changed(const subject& who, const volume& before, const volume& now);

  /// The engine was asked to send a message (`send_msg`). Each is told of again by `send_settled`:
  /// what is between the two is in the outbox or on its way.
  virtual void send_accepted(const subject& who);

  /// What became of it: nothing when it was written.
  virtual void send_settled(const subject& who, optional<send_errc> failure);
};

/// Tells several observers, in their order.
[[nodiscard]] std::shared_ptr<observer>
make_observer_list(std::vector<std::shared_ptr<observer>> all);

// -- for adapters ---------------------------------------------------------------------------------

/// An observer, and who it hears about; false without an observer.
struct observation {
  std::shared_ptr<observer> watcher;
  subject who;
  /// Who makes spans, with or without an observer; null when nobody does.
  std::shared_ptr<const tracer> traces = nullptr;
  /// The dial that opens or has opened the session; empty when nobody makes spans.
  trace_parent dial = {};

  explicit operator bool() const noexcept { return watcher != nullptr; }
};

/// Who wants to know what becomes of the connection that an engine is having made: for
/// `connector::spawn`, whose argument this takes. Without an observer when nobody does, and when
/// the actor is no engine.
[[nodiscard]] observation observation_of(caf::local_actor& engine);

} // namespace wsengine
