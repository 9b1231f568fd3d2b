// internal_messages.hpp: what engine, reader and handlers tell each other; none of it leaves a
// node.

#pragma once

#include "work_list.hpp"

#include "wsengine/close.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/message.hpp"
#include "wsengine/session.hpp"
#include "wsengine/tracing.hpp"

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace wsengine::internal {

// -- engine to reader -----------------------------------------------------------------------------

/// Stop delivering; answered with all messages that no handler has taken.
struct hold_reading {
  // Whether nobody else reads, so that the reader may go on for requests that wait.
  bool nobody_reads = false;
  // Whether it is for good: nobody waits for an answer of the server any more.
  bool for_good = false;
};

WSENGINE_INSPECT(hold_reading, nobody_reads, for_good)

/// Send a message to the server, and answer with what it answers.
struct make_request {
  request_msg request;
  // Whether to read for it while nothing is delivered.
  bool reads = false;
  // Ends with it; null when it is not recorded.
  std::shared_ptr<active_span> span = nullptr;
};

/// Deliver, first these messages.
struct release_reading {
  message_batch given_back;
};

WSENGINE_INSPECT(release_reading, given_back)

/// Use these handlers from now on. A handler at an index where another was before starts idle.
struct use_handlers {
  std::vector<caf::actor> handlers;
};

WSENGINE_INSPECT(use_handlers, handlers)

// -- reader to engine -----------------------------------------------------------------------------

/// The session has ended, and everything it had was delivered.
struct session_over {
  session_id id;
  close_details peer;
};

WSENGINE_INSPECT(session_over, id, peer)

/// There is something to deliver and nobody to deliver it: answered with `use_handlers` when there
/// is a client, now or later.
struct handlers_wanted {
  session_id id;
};

WSENGINE_INSPECT(handlers_wanted, id)

// -- to handlers ----------------------------------------------------------------------------------

/// Deliver these messages. When the list has none left the handler says so in the list, and in a
/// `work_done` if the reader asked for that there. Plain messages: a request costs CAF twice as
/// much.
struct work {
  std::shared_ptr<work_list> list;
  // Which of the reader's handlers this is.
  std::size_t index = 0;
};

/// `work` has ended, with what that said. Interrupted: deliver nothing more until the engine
/// says so.
struct work_done {
  std::shared_ptr<work_list> list;
  std::size_t index = 0;
  bool interrupted = false;
};

/// Call on_read_error; answered when it is done.
struct deliver_read_error {
  caf::error cause;
};

WSENGINE_INSPECT(deliver_read_error, cause)

/// Answered by a handler when no callback runs, and by a reader when it has taken in what came
/// before.
struct settle {};

WSENGINE_INSPECT_EMPTY(settle)

// -- alarms ---------------------------------------------------------------------------------------

/// Ask for `alarm_due` after a delay.
struct set_alarm {
  timespan delay{0};
  std::uint64_t id = 0;
};

WSENGINE_INSPECT(set_alarm, delay, id)

/// A delay is over.
struct alarm_due {
  std::uint64_t id = 0;
};

WSENGINE_INSPECT(alarm_due, id)

// -- between engines ------------------------------------------------------------------------------

/// Ask again whether it is your turn to dial.
struct turn_due {};

WSENGINE_INSPECT_EMPTY(turn_due)

// -- engine to itself -----------------------------------------------------------------------------

/// Everything that actors of past sessions had sent before they were let go has been taken in.
struct forget_retired {
  std::uint64_t count = 0;
};

WSENGINE_INSPECT(forget_retired, count)

} // namespace wsengine::internal

// Shared within the process, on purpose: a list between a reader and a handler, a span between an
// engine and its reader.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wsengine::internal::make_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wsengine::internal::work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wsengine::internal::work_done)

WSENGINE_MESSAGE_TYPE(160, wsengine::internal::hold_reading)
WSENGINE_MESSAGE_TYPE(161, wsengine::internal::make_request)
WSENGINE_MESSAGE_TYPE(162, wsengine::internal::release_reading)
WSENGINE_MESSAGE_TYPE(163, wsengine::internal::use_handlers)
WSENGINE_MESSAGE_TYPE(164, wsengine::internal::session_over)
WSENGINE_MESSAGE_TYPE(165, wsengine::internal::handlers_wanted)
WSENGINE_MESSAGE_TYPE(166, wsengine::internal::work)
WSENGINE_MESSAGE_TYPE(167, wsengine::internal::work_done)
WSENGINE_MESSAGE_TYPE(168, wsengine::internal::deliver_read_error)
WSENGINE_MESSAGE_TYPE(169, wsengine::internal::settle)
WSENGINE_MESSAGE_TYPE(170, wsengine::internal::set_alarm)
WSENGINE_MESSAGE_TYPE(171, wsengine::internal::alarm_due)
WSENGINE_MESSAGE_TYPE(172, wsengine::internal::turn_due)
WSENGINE_MESSAGE_TYPE(173, wsengine::internal::forget_retired)
