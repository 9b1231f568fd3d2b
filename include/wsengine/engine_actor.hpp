// engine_actor.hpp: the interface of the engine, the supervisor of one session at a time.

#pragma once

#include "wsengine/client_actor.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/sending.hpp"
#include "wsengine/session.hpp"
#include "wsengine/trace_parent.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace wsengine {

// -- state ----------------------------------------------------------------------------------------

/// Where an engine is in its life.
enum class engine_state : std::uint8_t {
  /// Never started.
  idle,
  /// A connection is being opened.
  dialing,
  /// The connection is open; `on_open` is running, or what every session begins with is sent.
  opening,
  /// Messages are delivered.
  running,
  /// A lease holder has the connection to itself.
  paused,
  /// The session is being ended: callbacks finish, `on_close` runs, the close handshake.
  closing,
  /// Waiting before the next attempt.
  backoff,
  /// Stopped or given up; may be started again.
  stopped,
};

/// Returns the name of the value.
std::string to_string(engine_state state);

/// What the circuit breaker of a server lets through (`circuit_options`).
enum class circuit_state : std::uint8_t {
  /// Attempts are made, or there is no circuit breaker.
  closed,
  /// Too many attempts have failed: none is made for a while.
  open,
  /// One attempt may be made, or is under way; it decides.
  half_open,
};

/// Returns the name of the value.
std::string to_string(circuit_state state);

/// The circuit breaker of a server, which its clients share.
struct circuit_status {
  circuit_state state = circuit_state::closed;
  /// The attempts of all clients that failed in a row.
  std::uint32_t failures = 0;
  /// When one attempt may be made again; only in state `open`.
  optional<timestamp> next_trial_at;
  /// How long it is until then; only in state `open`.
  optional<timespan> next_trial_in;
};

WSENGINE_INSPECT(circuit_status, state, failures, next_trial_at, next_trial_in)

/// What an engine says about itself.
struct engine_status {
  engine_state state = engine_state::idle;
  /// The session that is open or being opened or closed.
  optional<session_id> id;
  /// The attempts that failed in a row since a session was last open.
  std::uint32_t attempts = 0;
  /// The last error of any kind; no error when there was none since the engine was started.
  caf::error last_error;
  /// When the next attempt starts; only in state `backoff`. An estimate when the engine waits for
  /// its turn, for others may leave the queue.
  optional<timestamp> next_retry_at;
  /// How long it is until then; only in state `backoff`.
  optional<timespan> next_retry_in;
  /// Whether the engine waits for its turn (`reconnect_budget_options`), in state `backoff` or
  /// `dialing`.
  bool waits_for_turn = false;
  circuit_status circuit;
};

WSENGINE_INSPECT(engine_status, state, id, attempts, last_error, next_retry_at, next_retry_in,
                 waits_for_turn, circuit)

/// Whether the engine is started: in any state but `idle` and `stopped`.
[[nodiscard]] constexpr bool is_running(engine_state state) noexcept {
  return state != engine_state::idle && state != engine_state::stopped;
}

// -- requests -------------------------------------------------------------------------------------

/// Opens a session. Answered after dialing and `on_open`, or with the error that names the phase.
/// When started already: `engine_errc::already_started`.
struct start_msg {
  /// What the start is a part of, where the engine has a tracer.
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(start_msg)

/// Ends the session and stops. Answered when the engine is stopped and no callback runs any more;
/// after `engine_timeouts::stop` at the latest, then with `engine_errc::stop_timeout`. When not
/// started: `engine_errc::not_running`. Never wait for it inside a callback; use `exit` there.
struct stop_msg {};

WSENGINE_INSPECT_EMPTY(stop_msg)

/// Asks for the status; answered at once in every state.
struct status_msg {};

WSENGINE_INSPECT_EMPTY(status_msg)

/// Takes the connection over: the engine stops delivering, and the sender may read and write by
/// itself until it resumes. Answered at once, also while a callback runs. When the sender dies, or
/// the session ends, the lease ends, too.
struct pause_msg {};

WSENGINE_INSPECT_EMPTY(pause_msg)

/// A connection on loan.
struct lease {
  /// Names the lease in `resume_msg`.
  std::uint64_t id = 0;
  session which;
  /// What had been read and not been delivered.
  message_batch unread;
};

WSENGINE_INSPECT(lease, id, which, unread)

/// Gives the connection back: the engine delivers again, first the messages of `unread`.
struct resume_msg {
  std::uint64_t lease_id = 0;
  message_batch unread;
};

WSENGINE_INSPECT(resume_msg, lease_id, unread)

/// Replaces the client. When a session is open, the new client gets `on_open` first, once the
/// callback that runs is done; while paused, at resume.
struct set_client_msg {
  client_actor client;
};

WSENGINE_INSPECT(set_client_msg, client)

/// Like `set_client_msg`, for a client that takes batches.
struct set_batch_client_msg {
  batch_client_actor client;
};

WSENGINE_INSPECT(set_batch_client_msg, client)

/// Sends a message to the server and waits for the one that answers it: the next incoming message
/// for which `engine_hooks::request_key` returns `key`. Answered with that message, which then does
/// not go to `on_message`; with a `request_errc`; or with what the connection says when the message
/// cannot be written. See docs/requests.md and `request`.
struct request_msg {
  data_message message;
  /// What tells the answer from other messages. One request per key and session waits at a time.
  std::string key;
  /// How long to wait for the answer; `timespan::max()` waits until the session ends. Zero or less
  /// is `request_errc::timeout` at once, without sending anything.
  timespan timeout = std::chrono::seconds(30);
  /// Only this session will do; when it is over, `request_errc::session_lost`.
  optional<session_id> only;
  /// What the request is a part of, where the engine has a tracer.
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(request_msg, message, key, timeout, only)

/// Answered when the engine is stopped, at once when it is: with the reason, such as
/// `engine_errc::stopped`, `exited` or `gave_up`.
struct wait_stopped_msg {};

WSENGINE_INSPECT_EMPTY(wait_stopped_msg)

/// Why an engine stopped.
struct stop_report {
  caf::error reason;
};

WSENGINE_INSPECT(stop_report, reason)

/// The supervisor of a session. An exit message with a `session_signal` does what that says for the
/// session that is open; one with any other reason closes the session with 1001 and ends the actor.
using engine_actor = caf::typed_actor< //
  answers<start_msg, session>,         //
  answers<stop_msg, void>,             //
  answers<status_msg, engine_status>,  //
  answers<pause_msg, lease>,           //
  answers<resume_msg, void>,           //
  answers<set_client_msg, void>,       //
  answers<set_batch_client_msg, void>, //
  answers<send_msg, send_receipt>,     //
  answers<subscribe_msg, void>,        //
  answers<unsubscribe_msg, void>,      //
  answers<request_msg, data_message>,  //
  answers<wait_stopped_msg, stop_report>>;

/// The engine of a session.
[[nodiscard]] engine_actor engine_of(const session& what);

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(54, wsengine::circuit_status)
WSENGINE_MESSAGE_TYPE(55, wsengine::engine_status)
WSENGINE_MESSAGE_TYPE(56, wsengine::start_msg)
WSENGINE_MESSAGE_TYPE(57, wsengine::stop_msg)
WSENGINE_MESSAGE_TYPE(58, wsengine::status_msg)
WSENGINE_MESSAGE_TYPE(59, wsengine::pause_msg)
WSENGINE_MESSAGE_TYPE(60, wsengine::lease)
WSENGINE_MESSAGE_TYPE(61, wsengine::resume_msg)
WSENGINE_MESSAGE_TYPE(62, wsengine::set_client_msg)
WSENGINE_MESSAGE_TYPE(63, wsengine::set_batch_client_msg)
WSENGINE_MESSAGE_TYPE(64, wsengine::request_msg)
WSENGINE_MESSAGE_TYPE(65, wsengine::wait_stopped_msg)
WSENGINE_MESSAGE_TYPE(66, wsengine::stop_report)
WSENGINE_MESSAGE_TYPE(69, wsengine::engine_actor)
