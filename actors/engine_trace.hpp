// engine_trace.hpp: the spans of one engine: which are open, and which cause which.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/error.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/observer.hpp"
#include "wsengine/sending.hpp"
#include "wsengine/tracing.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace wsengine::internal {

/// Told by an engine what happens to it. A session is not a span: it may live for days. What opens
/// it is one, the start or the restart, whose parts are dials and callbacks; what happens later
/// begins traces of its own, which are linked to the dial.
class engine_trace {
public:
  engine_trace(std::shared_ptr<const tracer> with, caf::actor_id engine)
    : with_(std::move(with)),
      engine_(engine) {}

  // -- opening ------------------------------------------------------------------------------------

  /// The engine was started.
  void started(const trace_parent& by);

  /// A session that was open has to be opened anew, after a delay.
  void restarts(retry_cause why, timespan delay);

  /// An attempt has failed and another one follows.
  void retries(const caf::error& cause, timespan delay);

  void dial_began(session_id id);

  /// The server sends the dial elsewhere.
  void redirected(const handshake_response& by);

  /// The dial is over, without an error when the session is open. Does nothing when none is under
  /// way. What it has asked for in the end, and the answer if there was one.
  void dial_ended(const handshake_request& request, const handshake_response* response,
                  const caf::error& failure);

  /// The client has the session.
  void opened();

  /// There will be no session.
  void gave_up(const caf::error& why);

  /// Adds the dial's context to the header, if that is wanted.
  void add_to(header_fields& fields) const;

  /// The dial that is under way or has opened the session.
  [[nodiscard]] const trace_parent& dial() const noexcept { return dialed_; }

  // -- callbacks ----------------------------------------------------------------------------------

  /// A callback of the client begins.
  [[nodiscard]] std::shared_ptr<active_span> callback(callback_kind which, session_id id) const;

  // -- closing ------------------------------------------------------------------------------------

  void closing(session_id id);

  void close_failed(const caf::error& cause);

  /// The session is over; `how` is null when it was never open.
  void closed(const session_end* how);

  // -- sending ------------------------------------------------------------------------------------

  /// The engine was asked to send a message that it has given that number.
  void send_began(std::uint64_t id, const send_msg& what);

  /// What became of it.
  void send_ended(std::uint64_t id, session_id session, const caf::error& failure);

  /// A request for an answer of the server begins; null when it is not recorded.
  [[nodiscard]] std::shared_ptr<active_span> request(const request_msg& what, session_id id) const;

private:
  void describe(active_span& what, session_id id) const;

  std::shared_ptr<const tracer> with_;
  caf::actor_id engine_;
  // A start or a restart.
  active_span opening_;
  active_span dial_;
  trace_parent dialed_;
  active_span close_;
  // Those that are recorded.
  std::unordered_map<std::uint64_t, active_span> sends_;
};

} // namespace wsengine::internal
