// session.hpp: the identity of a session and the handles of the actors that serve it.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/connection_actor.hpp"
#include "wsengine/error.hpp"
#include "wsengine/message.hpp"

#include <caf/actor.hpp>
#include <caf/send.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace wsengine {

/// Identifies a session: drawn anew for each one, unique among all processes that work together.
struct session_id {
  std::uint64_t value = 0;

  friend auto operator<=>(const session_id&, const session_id&) = default;
};

WSENGINE_INSPECT(session_id, value)

/// Sixteen hexadecimal digits.
std::string to_string(session_id id);

/// Draws a session id that was never drawn before.
session_id make_session_id();

/// An open session as its user sees it: whom to talk to. Copies refer to the same session.
struct session {
  session_id id;
  /// Reads and writes; after the session is over answers with `connection_errc::closed`.
  connection_actor connection;
  /// The session's supervisor: an `engine_actor`, held untyped because the two refer to each other.
  caf::actor supervisor;
  /// The actor that takes exit messages with a `session_signal` as their reason.
  caf::actor signals;

  friend bool operator==(const session&, const session&) = default;
};

WSENGINE_INSPECT(session, id, connection, supervisor, signals)

/// Closes the session and opens a new one. Callable from any thread; does nothing when the session
/// is over already.
inline void restart(const session& what) {
  compat::send_exit(what.signals, session_signal::restart);
}

/// Closes the session and stops its engine. Callable from any thread; does nothing when the session
/// is over already.
inline void exit(const session& what) {
  compat::send_exit(what.signals, session_signal::exit);
}

/// Queues a message and does not ask what becomes of it. Callable from any thread.
inline void post(const session& what, data_message message) {
  caf::anon_send(what.connection, write_msg{message.kind, std::move(message.data), message.last});
}

/// Queues messages, all of them or, when they do not fit, none, and does not ask what becomes of
/// them. Callable from any thread.
inline void post(const session& what, message_batch batch) {
  caf::anon_send(what.connection, write_batch_msg{std::move(batch)});
}

/// Queues one message in every session of a range, such as a `std::vector<session>`, and does not
/// ask what becomes of it. No session gets a copy of the bytes: all share those of `message.data`,
/// up to the frame encoder of each connection, which has to mask them with a key of its own (RFC
/// 6455, section 5.3). Callable from any thread.
template <class Sessions>
void broadcast(const Sessions& to, const data_message& message) {
  for (const auto& which : to)
    post(which, message);
}

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(18, wsengine::session_id)
WSENGINE_MESSAGE_TYPE(19, wsengine::session)
