// client_actor.hpp: the six callbacks as messages, and the interface of the actor that takes them.
//
// Each callback is a request: the engine goes on when the client has answered, which may be later,
// through a response promise. The engine never sends two callbacks of one session at once, save for
// on_message with more than one handler. Each says which span it is, to be the parent of what the
// client does about it, where the engine has a tracer (docs/tracing.md).

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"
#include "wsengine/session.hpp"
#include "wsengine/trace_parent.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>

namespace wsengine {

/// A session has opened. The client may talk on the connection by itself before it answers; the
/// answer starts the set-up messages (`engine_options::setup`), and then reading by the engine. An
/// error as the answer closes the session with 1001; then an engine that starts stops, and one that
/// restarts tries again. A client that takes over an open session (`set_client_msg`) gets this
/// message, too, with `restarting` set.
struct on_open {
  session which;
  handshake_response response;
  /// Whether the engine had a session before.
  bool restarting = false;
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(on_open, which, response, restarting)

/// A message came. An error as the answer counts as a crash of the handler
/// (`engine_options::on_handler_crash`).
struct on_message {
  session_id id;
  message_kind kind = message_kind::text;
  payload data;
  /// Whether the message ends with `data`; see `data_message::last`.
  bool last = true;
  /// Empty when the message is not among those that are recorded.
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(on_message, id, kind, data, last)

/// Messages came, at least one. A client that is a `batch_client_actor` gets this instead of
/// `on_message`: all that one read brought, in order, with the cost of one request. An error as the
/// answer counts as a crash of the handler. With more than one handler a batch has one message.
struct on_messages {
  session_id id;
  message_batch batch;
  /// Empty when the message is not among those that are recorded.
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(on_messages, id, batch)

/// Reading failed, but the session goes on. Nothing else is delivered until this is answered.
struct on_read_error {
  session_id id;
  caf::error cause;
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(on_read_error, id, cause)

/// The session is over, once for each one that the client accepted; no other callback of it runs.
/// `peer` has what the peer's close frame said (1006 when the connection broke), or nothing when we
/// are the ones who close: then the answer is what we send; an error or a code that cannot be sent
/// becomes 1001.
struct on_close {
  session_id id;
  optional<close_details> peer;
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(on_close, id, peer)

/// The close handshake failed. The session is over all the same.
struct on_close_error {
  session_id id;
  caf::error cause;
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(on_close_error, id, cause)

/// An attempt to open a session failed; or one URL of it, when the engine has several: then the
/// next one is tried at once, and `next_delay` is zero.
struct on_restart_error {
  caf::error cause;
  /// How many attempts had failed before this one since the last open session or `start_msg`.
  std::uint32_t retry = 0;
  /// How long the engine waits before the next attempt; nothing when it gives up.
  optional<timespan> next_delay;
  /// The engine, which takes exit messages with a `session_signal` while no session is open: `exit`
  /// ends the attempts, `restart` makes the next one at once.
  caf::actor supervisor;
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(on_restart_error, cause, retry, next_delay, supervisor)

/// The user of an engine.
using client_actor = caf::typed_actor< //
  answers<on_open, void>,              //
  answers<on_message, void>,           //
  answers<on_read_error, void>,        //
  answers<on_close, close_details>,    //
  answers<on_close_error, void>,       //
  answers<on_restart_error, void>>;

/// The user of an engine who takes messages in batches; `on_message` is never sent to it.
using batch_client_actor = client_actor::extend<answers<on_messages, void>>;

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(45, wsengine::on_open)
WSENGINE_MESSAGE_TYPE(46, wsengine::on_message)
WSENGINE_MESSAGE_TYPE(47, wsengine::on_messages)
WSENGINE_MESSAGE_TYPE(48, wsengine::on_read_error)
WSENGINE_MESSAGE_TYPE(49, wsengine::on_close)
WSENGINE_MESSAGE_TYPE(50, wsengine::on_close_error)
WSENGINE_MESSAGE_TYPE(51, wsengine::on_restart_error)
WSENGINE_MESSAGE_TYPE(52, wsengine::client_actor)
WSENGINE_MESSAGE_TYPE(53, wsengine::batch_client_actor)
