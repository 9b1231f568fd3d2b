// engine_actor.hpp: the interface of the engine, the supervisor of one session at a time.

#pragma once

#include "wsengine/client_actor.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/session.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

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
  /// The connection is open, `on_open` is running.
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

/// What an engine says about itself.
struct engine_status {
  engine_state state = engine_state::idle;
  /// The session that is open or being opened or closed.
  optional<session_id> id;
  /// The attempts that failed in a row since a session was last open.
  std::uint32_t attempts = 0;
  /// The last error of any kind; no error when there was none since the engine was started.
  caf::error last_error;
  /// When the next attempt starts; only in state `backoff`.
  optional<timestamp> next_retry_at;
  /// How long it is until then; only in state `backoff`.
  optional<timespan> next_retry_in;
};

WSENGINE_INSPECT(engine_status, state, id, attempts, last_error, next_retry_at, next_retry_in)

/// Whether the engine is started: in any state but `idle` and `stopped`.
[[nodiscard]] constexpr bool is_running(engine_state state) noexcept {
  return state != engine_state::idle && state != engine_state::stopped;
}

// -- requests -------------------------------------------------------------------------------------

/// Opens a session. Answered after dialing and `on_open`, or with the error that names the phase.
/// When started already: `engine_errc::already_started`.
struct start_msg {};

WSENGINE_INSPECT_EMPTY(start_msg)

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
  answers<wait_stopped_msg, stop_report>>;

/// The engine of a session.
[[nodiscard]] engine_actor engine_of(const session& what);

} // namespace wsengine
