// script.hpp: what a scripted connection plays: the behaviour of a server and of the network.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"

#include <caf/error.hpp>

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace wsengine::testing {

/// Decides whether a script waits for this message.
using message_matcher = std::function<bool(const data_message&)>;

// -- steps ----------------------------------------------------------------------------------------

/// The steps of a script; the functions of `script` of the same name say what they do.
namespace steps {

struct accept {
  handshake_response response;
};

struct refuse {
  caf::error cause;
};

struct stall {};

struct after {
  timespan delay{0};
};

struct send {
  data_message message;
};

struct fail_read {
  std::string text;
};

struct await_write {
  message_matcher matches;
};

struct close {
  close_details details;
};

struct drop {};

/// What becomes of the engine's close frame.
struct on_close_frame {
  enum class reaction { answer, fail, stall };

  reaction how = reaction::answer;
  /// Nothing: the peer echoes the code (RFC 6455, section 5.5.1).
  optional<close_details> details;
  timespan delay{0};
  std::string text;
};

/// What becomes of the engine's messages.
struct on_write {
  enum class reaction { take, refuse, stall };

  reaction how = reaction::take;
  caf::error cause;
};

/// What becomes of the engine's pings; nothing: no pong comes.
struct on_ping {
  optional<timespan> round_trip;
};

struct die {
  caf::error reason;
};

} // namespace steps

/// One step of a script.
using step = std::variant<steps::accept, steps::refuse, steps::stall, steps::after, steps::send,
                          steps::fail_read, steps::await_write, steps::close, steps::drop,
                          steps::on_close_frame, steps::on_write, steps::on_ping, steps::die>;

// -- script ---------------------------------------------------------------------------------------

/// A list of steps, one after the other. Time is that of the actor clock: under CAF's deterministic
/// scheduler it passes only when the test says so.
///
/// A connection starts its script when it is dialed. A step that needs an open session waits for
/// it; when the session is over, the rest of the script is dropped. What the script does not
/// mention goes well: writes are taken, pings are answered at once, a close frame is answered at
/// once.
class script {
public:
  // -- opening ------------------------------------------------------------------------------------

  /// Answers the dial: the session is open. Put `after` before it for a slow server.
  script& accept();

  /// Like `accept`, with that response.
  script& accept(handshake_response response);

  /// Answers the dial with an error, such as a `dial_errc` or one from `make_refused_error`.
  script& refuse(caf::error cause);

  /// Goes no further; as the first step: never answers the dial.
  script& stall();

  // -- pace ---------------------------------------------------------------------------------------

  /// Lets time pass.
  script& after(timespan delay);

  /// Waits until the engine has written a message that matches, any message without a matcher. Each
  /// message is looked at once, in the order in which they were written.
  script& await_write(message_matcher matches = {});

  /// Waits until the engine has written this message.
  script& await_write(data_message message);

  // -- what the peer does -------------------------------------------------------------------------

  /// The peer sends a message. Messages sent without a step that waits between them make one batch.
  script& send(data_message message);

  /// The peer sends messages.
  script& send(std::vector<data_message> messages);

  /// The peer closes the session. What it sent before can still be read.
  script& close(close_details details);

  /// The TCP connection breaks: the session ends with 1006. What came before can still be read.
  script& drop();

  /// Behind what was sent before, one demand or read fails with `connection_errc::read_failed`; the
  /// session goes on.
  script& fail_read(std::string text = "the script fails this read");

  /// The connection actor quits with that reason, as if it had crashed.
  script& die(caf::error reason);

  // -- how it reacts, from now on -----------------------------------------------------------------

  /// The peer answers a close frame with its code, after a delay.
  script& answer_close(timespan delay = timespan{0});

  /// The peer answers a close frame with these details, after a delay.
  script& answer_close(close_details details, timespan delay = timespan{0});

  /// The close handshake fails: `connection_errc::close_failed`.
  script& fail_close(std::string text = "the script fails the close handshake");

  /// The peer never answers a close frame: `connection_errc::close_timeout` after
  /// `connection_timeouts::close`.
  script& stall_close();

  /// Messages are taken; those that `stall_writes` held back go out now.
  script& take_writes();

  /// Each write fails with that error.
  script& refuse_writes(caf::error cause);

  /// Writes stay in the queue, bounded by `connection_options::write_queue_bytes`, and so does the
  /// close frame behind them. The first one has begun to go out: its fate is unknown when the
  /// session ends, while the others were not written.
  script& stall_writes();

  /// Pings are answered after that time.
  script& answer_pings(timespan round_trip = timespan{0});

  /// Pings are not answered; they fail when the session is over.
  script& refuse_pongs();

  // -- the steps ----------------------------------------------------------------------------------

  /// Adds the steps of another script.
  script& append(const script& more);

  [[nodiscard]] const std::vector<step>& steps() const noexcept { return steps_; }

private:
  script& add(step what);

  std::vector<step> steps_;
};

} // namespace wsengine::testing
