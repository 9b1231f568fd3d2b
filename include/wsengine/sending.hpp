// sending.hpp: sending through the engine: with or without a session, once, and with an answer that
// says what became of it; and what every session begins with.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/error.hpp"
#include "wsengine/message.hpp"
#include "wsengine/options.hpp"
#include "wsengine/session.hpp"
#include "wsengine/trace_parent.hpp"

#include <cstdint>
#include <string>

namespace wsengine {

// -- sending --------------------------------------------------------------------------------------

/// How long a message may wait for a session. All but the first need `engine_options::outbox`.
enum class send_policy : std::uint8_t {
  /// For one session: the one that runs, else the next one. What of it is left at its end is
  /// dropped.
  session,
  /// Until it was sent, or the engine stops.
  keep,
  /// Like `keep`, but no longer than `send_msg::expire_after`.
  expire,
};

/// Returns the name of the value.
std::string to_string(send_policy policy);

/// Sends a message in the session that runs. While none does, and while the connection is on loan
/// (`pause_msg`), an engine with an outbox keeps it, one without answers `send_errc::no_session`.
///
/// Answered with the session in which the message was handed to the operating system, or with a
/// `send_errc`. A message whose fate is unknown is not sent again, unless that is asked for. The
/// outbox hands over one message after the other, so that they keep their order over sessions.
/// While the engine is idle or stopped: `engine_errc::not_running`.
struct send_msg {
  message_kind kind = message_kind::text;
  payload data;
  send_policy policy = send_policy::session;
  /// How long the message may wait with `send_policy::expire`, from when the engine gets it.
  timespan expire_after{0};
  /// Whether the message is sent again in the next session when its session ended while it was
  /// being written: the peer may then get it twice. With `send_policy::session` there is no next.
  bool resend_unknown = false;
  /// What sending it is a part of, where the engine has a tracer.
  trace_parent trace = {};
};

WSENGINE_INSPECT_TRACED(send_msg, kind, data, policy, expire_after, resend_unknown)

/// Where a message went out.
struct send_receipt {
  session_id id;
};

WSENGINE_INSPECT(send_receipt, id)

// -- what every session begins with ---------------------------------------------------------------

/// Adds a set-up message: it is sent at once when a session runs, and at the beginning of each
/// session from now on, behind those that were added before. One of the same name is replaced and
/// keeps its place. Answered once it is noted down; with `send_errc::invalid_message` when it can
/// never be sent. Stays when the engine stops, for the next start.
struct subscribe_msg {
  setup_message what;
};

WSENGINE_INSPECT(subscribe_msg, what)

/// Removes a set-up message. `farewell` is sent at once when a session runs in which the set-up
/// message was sent, in turn with other set-up messages. Answered once that is noted down; with
/// `send_errc::no_such_subscription` when there is none of that name.
struct unsubscribe_msg {
  std::string name;
  optional<data_message> farewell;
};

WSENGINE_INSPECT(unsubscribe_msg, name, farewell)

// -- errors ---------------------------------------------------------------------------------------

/// Makes an error that names the session which it is about.
caf::error make_send_error(send_errc code, std::string text, session_id which);

/// The session that an error is about, for `send_errc::failed`, `unknown` and `dropped`; nothing
/// when the message was never for a certain session.
[[nodiscard]] optional<session_id> session_of(const caf::error& what);

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(70, wsengine::send_msg)
WSENGINE_MESSAGE_TYPE(71, wsengine::send_receipt)
WSENGINE_MESSAGE_TYPE(72, wsengine::subscribe_msg)
WSENGINE_MESSAGE_TYPE(73, wsengine::unsubscribe_msg)
