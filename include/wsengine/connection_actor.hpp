// connection_actor.hpp: the interface between the engine and whatever carries a session: a socket,
// a script in a test, a connection on another machine.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"
#include "wsengine/options.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>

namespace wsengine {

/// Opens the session. Answered with the response once the server has upgraded; with a `dial_errc`
/// otherwise. A connection is dialed once: a second dial is `dial_errc::already_dialed`.
struct dial_msg {
  handshake_request request;
  connection_options options;
};

WSENGINE_INSPECT(dial_msg, request, options)

/// Asks for messages. Answered as soon as there is at least one, with at most `max_messages`, in
/// order. When all messages have been handed out and the session is over, answered with
/// `connection_errc::closed`. One demand, read or credit waits at a time.
///
/// `max_messages == 0` withdraws what waits: a demand or read is answered first, with an empty
/// batch (a read with `connection_errc::read_failed`), then this one with an empty batch.
struct demand_msg {
  std::uint32_t max_messages = 1;
};

WSENGINE_INSPECT(demand_msg, max_messages)

/// Asks for one message; otherwise like `demand_msg`.
struct read_msg {};

WSENGINE_INSPECT_EMPTY(read_msg)

/// Grants credit, which saves a demand for each batch: from now on the sender of this message gets
/// messages as soon as they are there, in order, as plain messages of type `message_batch`. A batch
/// has at most `messages` messages, and ends with the one that reaches `bytes` bytes of payload;
/// what was sent is taken off the credit, and both may fall below zero by one message. Grants of
/// one sender add up. A credit of zero stands, too.
///
/// When all messages have been handed out and the session is over, or when a read fails, the error
/// comes as a plain message, as a demand would be answered, and the credit is gone. A grant that is
/// on its way then begins a new one; who has to know how much that is withdraws it first.
/// Answered with `read_pending` when somebody else reads.
struct credit_msg {
  std::int64_t messages = 0;
  std::int64_t bytes = 0;
};

WSENGINE_INSPECT(credit_msg, messages, bytes)

/// Sends a message. Writes are queued and serialised by the connection. Answered when the message
/// was handed to the operating system; with `not_open`, `closed`, `queue_full`, `dropped`,
/// `message_too_big`, `invalid_message` or `write_failed` when it was not sent, and with
/// `write_unknown` when the session ended in between. What happens when the queue is full says
/// `connection_options::when_queue_full`.
///
/// A large message may be written in parts, without ever holding the whole: `last` is false for all
/// but the last one, and the next part is best written when the one before is answered. Until the
/// last part is written, what others write waits, within the bound of the queue; `invalid_message`
/// when a part has another kind, or where parts meet `queue_policy::drop_oldest`. When the writer
/// dies before its message has an end, the session is closed with 1011. Writers without a name
/// (`post`) count as one.
struct write_msg {
  message_kind kind = message_kind::text;
  payload data;
  /// Whether the message ends with `data`; see `data_message::last`.
  bool last = true;
};

WSENGINE_INSPECT(write_msg, kind, data, last)

/// Sends messages in order, with the cost of one request. All of them are accepted, or none.
/// Answered like `write_msg`, for all of them together: with success when the last was handed to
/// the operating system, with `write_failed` when none of them was, with `write_unknown` in
/// between. A batch gives way as a whole (`queue_policy::drop_oldest`).
struct write_batch_msg {
  message_batch batch;
};

WSENGINE_INSPECT(write_batch_msg, batch)

/// Sends a ping with at most 125 bytes. Answered with the time until the pong came back, also while
/// nobody reads.
struct ping_msg {
  payload data;
};

WSENGINE_INSPECT(ping_msg, data)

/// Closes the session: queued writes go out, then the close frame, then the peer's answer is
/// awaited for `connection_timeouts::close`, then the socket is dropped. Answered when that is
/// done, with `close_timeout` or `close_failed` when it did not go well. While dialing, cancels the
/// dial. Closing twice waits for the first; closing what is closed already succeeds.
struct close_msg {
  close_details details;
};

WSENGINE_INSPECT(close_msg, details)

/// Answered once the session is over, whoever ended it and even when messages are left to read:
/// with what the peer's close frame said, or 1006 when none came; the reason then says what
/// happened. When the peer broke the protocol: with the code of the close frame that it got for
/// that, 1002, 1007 (text that is not UTF-8) or 1009 (a message beyond the limit). With an error
/// when the session never opened.
struct wait_closed_msg {};

WSENGINE_INSPECT_EMPTY(wait_closed_msg)

/// A WebSocket connection; it serves one session. It is linked to its engine and closes when that
/// dies. Control frames are serviced by the connection itself whatever its user does.
using connection_actor = caf::typed_actor< //
  answers<dial_msg, handshake_response>,   //
  answers<demand_msg, message_batch>,      //
  answers<read_msg, data_message>,         //
  answers<credit_msg, void>,               //
  answers<write_msg, void>,                //
  answers<write_batch_msg, void>,          //
  answers<ping_msg, timespan>,             //
  answers<close_msg, void>,                //
  answers<wait_closed_msg, close_details>>;

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(35, wsengine::dial_msg)
WSENGINE_MESSAGE_TYPE(36, wsengine::demand_msg)
WSENGINE_MESSAGE_TYPE(37, wsengine::credit_msg)
WSENGINE_MESSAGE_TYPE(38, wsengine::read_msg)
WSENGINE_MESSAGE_TYPE(39, wsengine::write_msg)
WSENGINE_MESSAGE_TYPE(40, wsengine::write_batch_msg)
WSENGINE_MESSAGE_TYPE(41, wsengine::ping_msg)
WSENGINE_MESSAGE_TYPE(42, wsengine::close_msg)
WSENGINE_MESSAGE_TYPE(43, wsengine::wait_closed_msg)
WSENGINE_MESSAGE_TYPE(44, wsengine::connection_actor)
