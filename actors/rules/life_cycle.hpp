// life_cycle.hpp: the rules of an engine's life as a pure state machine.
//
// The machine knows neither actors nor clocks: the engine tells it what happened, and it answers
// what to do, in order. All of its state is small and comparable, so that it can be explored
// exhaustively.

#pragma once

#include "wsengine/engine_actor.hpp"
#include "wsengine/options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace wsengine::rules {

// -- what happens ---------------------------------------------------------------------------------

/// Everything that can happen to an engine.
enum class event : std::uint8_t {
  /// A user asks to start.
  start,
  /// A user asks to stop.
  stop,
  /// The engine's actor has to end, after closing its session.
  shutdown,
  /// The session is asked to restart.
  signal_restart,
  /// The session is asked to exit.
  signal_exit,
  /// The dial succeeded.
  dialed,
  /// The dial failed.
  dial_failed,
  /// The client accepted the session.
  opened,
  /// The client answered on_open with an error.
  open_refused,
  /// The client accepted the session, but what every session begins with could not be sent.
  setup_failed,
  /// Dialing or on_open took too long.
  open_timeout,
  /// The connection is gone; messages may be left to deliver.
  connection_lost,
  /// The session is over, and everything it had was delivered.
  session_over,
  /// No callback of the session runs any more.
  quiesced,
  /// on_close is done.
  close_answered,
  /// The connection is closed.
  disconnected,
  /// Closing took too long.
  closing_timeout,
  /// A handler died.
  handler_crashed,
  /// The reader died without having been asked to.
  reader_crashed,
  /// The client died.
  client_down,
  /// A client that was replaced while it was asked in on_open died before it answered.
  asked_down,
  /// There is a new client.
  client_set,
  /// A user asks for the connection.
  pause,
  /// The lease was given back, or its holder died.
  lease_over,
  /// The delay before the next attempt is over.
  retry_due,
  /// There will be no further attempt.
  attempts_exhausted,
};

/// The number of events.
inline constexpr std::size_t event_count = static_cast<std::size_t>(event::attempts_exhausted) + 1;

/// Returns the name of the value.
std::string to_string(event what);

// -- what to do -----------------------------------------------------------------------------------

/// Everything that the machine can ask of an engine.
enum class action : std::uint8_t {
  /// Spawn a connection and dial; limit the time until the session is open.
  dial,
  /// Call on_open and await its answer, if it is not awaited already.
  call_on_open,
  /// Answer the start request with the session.
  answer_start,
  /// Let the reader go on, first with the messages that were held back.
  start_reading,
  /// Take everything that waits back from the reader and wait until no callback runs.
  hold_for_client,
  /// Stop the reader until there is a client.
  hold_without_client,
  /// Grant the lease: hold the reader and hand out what waits.
  grant_lease,
  /// End the lease without its holder's doing.
  revoke_lease,
  /// Put new handlers into the place of all of the session.
  replace_handlers,
  /// Put a new handler into the place of the one that crashed.
  respawn_handler,
  /// Limit the time until the session is closed, if it is not limited already.
  limit_closing,
  /// Stop reading, wait until no callback of the session runs.
  quiesce,
  /// Call on_close and await its answer.
  call_on_close,
  /// Close the connection and await the end.
  disconnect,
  /// Let go of connection, reader and handlers, whatever they do.
  drop_session,
  /// Report a failed attempt by on_restart_error, then wait for the next one or give up.
  report_failure,
  /// Wait for the next attempt.
  schedule_retry,
  /// Enter the final state: answer whoever waits for the engine to start, to stop or to end.
  finish,
  /// End the actor.
  terminate,
  /// Answer the request with engine_errc::already_started.
  reject_started,
  /// Answer the request with engine_errc::not_running.
  reject_not_running,
  /// Answer the request with engine_errc::already_paused.
  reject_paused,
  /// Answer the request with engine_errc::client_down.
  reject_no_client,
};

/// Returns the name of the value.
std::string to_string(action what);

using actions = std::vector<action>;

// -- the machine ----------------------------------------------------------------------------------

/// What the machine needs to know of the options.
struct life_cycle_policy {
  bool retry_first_connect = false;
  handler_crash_policy on_handler_crash = handler_crash_policy::restart;
  client_down_policy on_client_down = client_down_policy::stop;
};

/// Why the engine stops or stopped.
enum class stop_cause : std::uint8_t {
  none,
  requested,
  signalled,
  client_down,
  handler_crashed,
  gave_up,
  start_failed,
};

/// What becomes of the engine once the session is closed.
enum class sequel : std::uint8_t {
  /// Nothing was decided: a session that ends by itself is opened again.
  reconnect,
  /// Somebody asked for a restart.
  restart,
  /// The session never opened: that counts as a failed attempt.
  failure,
  /// The engine stops.
  stop,
};

/// How far closing has come.
enum class closing_step : std::uint8_t {
  none,
  /// Waiting for callbacks to finish.
  quiescing,
  /// Waiting for on_close.
  on_close,
  /// Waiting for the connection.
  disconnecting,
};

/// All that the machine remembers.
struct life_cycle_state {
  engine_state state = engine_state::idle;
  closing_step step = closing_step::none;
  sequel next = sequel::reconnect;
  stop_cause cause = stop_cause::none;
  /// Whether a session was open since the start.
  bool had_session = false;
  /// Whether the client accepted the session, so that on_close is owed to it.
  bool accepted = false;
  bool has_client = false;
  /// Whether a new client waits for its on_open, or died while it did: who is asked in opening is
  /// one from before.
  bool client_changed = false;
  /// Whether on_open is for a client that takes over an open session.
  bool introducing = false;
  /// Whether an introduction waits for the callbacks of the old client.
  bool holding = false;
  /// Whether the actor ends when the engine is stopped.
  bool terminating = false;

  friend auto operator<=>(const life_cycle_state&, const life_cycle_state&) = default;
};

/// Decides what an engine does.
class life_cycle {
public:
  life_cycle(life_cycle_policy policy, bool has_client) noexcept;

  /// A machine in a given state; for tests.
  life_cycle(life_cycle_policy policy, life_cycle_state state) noexcept;

  /// Takes in what happened and returns what to do, in order. What does not fit the state is
  /// dropped.
  actions on(event what);

  /// Whether the event means anything in the present state.
  [[nodiscard]] bool handles(event what) const;

  [[nodiscard]] const life_cycle_state& current() const noexcept { return now_; }

  [[nodiscard]] engine_state state() const noexcept { return now_.state; }

private:
  void at_rest(event what);
  void while_dialing(event what);
  void while_opening(event what);
  void while_running(event what);
  void while_paused(event what);
  void while_closing(event what);
  void in_backoff(event what);

  void attempt();
  void attempt_failed();
  void client_accepted();
  void client_refused();
  void setup_failed();
  void opening_failed();
  void client_died_while_opening();
  void asked_client_died();
  void stop_while_opening(stop_cause cause);
  void introduce_client();
  void begin_closing(sequel next, stop_cause cause);
  void disown_unasked();
  void peer_closed();
  void handler_died();
  void after_closing();
  void stopped(stop_cause cause);
  void also(action what) { out_.push_back(what); }
  void drop() { handled_ = false; }
  [[nodiscard]] bool is_asking() const noexcept;
  [[nodiscard]] bool stops_without_client() const noexcept;

  life_cycle_policy policy_;
  life_cycle_state now_;
  actions out_;
  bool handled_ = true;
};

} // namespace wsengine::rules
