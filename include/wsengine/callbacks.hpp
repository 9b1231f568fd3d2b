// callbacks.hpp: the client as a class with six functions, for people who come from callback
// libraries.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"
#include "wsengine/session.hpp"
#include "wsengine/trace_parent.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>
#include <caf/result.hpp>

#include <cstdint>
#include <functional>
#include <utility>

namespace wsengine {

/// What a callback knows about its session and may do with it. Valid during the callback only; copy
/// `which()` to keep the handles.
class session_context {
public:
  /// `last`: see `is_last_part`; `trace`: see there.
  session_context(caf::event_based_actor* self, const session& which, bool last = true,
                  trace_parent trace = {}) noexcept
    : self_(self),
      which_(which),
      trace_(std::move(trace)),
      last_(last) {}

  session_context(const session_context&) = delete;
  session_context& operator=(const session_context&) = delete;

  /// The session's id and handles. In `on_restart_error` only the supervisor is set.
  [[nodiscard]] const session& which() const noexcept { return which_; }

  /// The engine.
  [[nodiscard]] engine_actor engine() const { return engine_of(which_); }

  /// The actor that runs the callback, for requests of one's own. Their answers arrive after the
  /// callback has returned.
  [[nodiscard]] caf::event_based_actor* self() const noexcept { return self_; }

  /// In `on_message`: whether the message ends with the payload; see `data_message::last`.
  [[nodiscard]] bool is_last_part() const noexcept { return last_; }

  /// The callback's span, to be the parent of what is done about it: for `send_msg::trace`,
  /// `request_msg::trace` and `tracer::begin`. Empty without a tracer, and in `on_message` when the
  /// message is not among those that are recorded.
  [[nodiscard]] const trace_parent& trace() const noexcept { return trace_; }

  /// Queues a message and does not ask what becomes of it.
  void post(data_message message) const;

  /// Queues messages with the cost of one, all of them or none, and does not ask what becomes of
  /// them.
  void post(message_batch batch) const;

  /// Closes the session and opens a new one. This handler delivers no further message of the
  /// session. In `on_restart_error`: makes the next attempt at once.
  void restart();

  /// Closes the session and stops the engine. This handler delivers no further message.
  void exit();

  /// Takes the connection over, see `pause_msg`; `then` runs on `self()` with the lease, or with
  /// the error why there is none. This handler delivers no further message until `resume`.
  void pause(std::function<void(caf::expected<lease>)> then);

  /// Whether `restart`, `exit` or `pause` was called.
  [[nodiscard]] bool interrupted() const noexcept { return interrupted_; }

private:
  void signal(session_signal what);

  caf::event_based_actor* self_;
  const session& which_;
  trace_parent trace_;
  bool last_;
  bool interrupted_ = false;
};

/// Gives the connection back to the engine. Callable from any thread.
void resume(const lease& what, message_batch unread = {});

/// The six callbacks. They run where `placement` says, one at a time, save for `on_message` with
/// more than one handler. An exception is a crash: of the handler in `on_message`, else of the
/// client.
class callbacks {
public:
  virtual ~callbacks();

  /// See `wsengine::on_open`. Return an error to refuse the session; return a response promise of
  /// `context.self()` to answer later. The default accepts.
  virtual caf::result<void> on_open(session_context& context, const handshake_response& response,
                                    bool restarting);

  /// See `wsengine::on_message`; `context.is_last_part()` tells parts of a message apart.
  virtual void on_message(session_context& context, message_kind kind, const payload& data) = 0;

  /// See `wsengine::on_read_error`. The default does nothing.
  virtual void on_read_error(session_context& context, const caf::error& cause);

  /// See `wsengine::on_close`. The default answers 1001.
  virtual close_details on_close(session_context& context, const optional<close_details>& peer);

  /// See `wsengine::on_close_error`. The default does nothing.
  virtual void on_close_error(session_context& context, const caf::error& cause);

  /// See `wsengine::on_restart_error`. The default does nothing.
  virtual void on_restart_error(session_context& context, const caf::error& cause,
                                std::uint32_t retry, optional<timespan> next_delay);
};

} // namespace wsengine
