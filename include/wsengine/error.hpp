// error.hpp: the errors of each area, what they carry, and how to read them.
//
// Every error carries the text of its cause as the first element of its context.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace wsengine {

// -- dialing --------------------------------------------------------------------------------------

/// What can go wrong until the session is open. Each value belongs to one phase, see `phase_of`.
enum class dial_errc : std::uint8_t {
  /// The request cannot be sent: bad URL, reserved or malformed header, bad subprotocol.
  invalid_request = 1,
  /// The host name could not be resolved.
  resolve_failed,
  /// The resolver did not answer within `connection_timeouts::resolve`.
  resolve_timeout,
  /// No address of the host accepted the connection.
  connect_failed,
  /// No address answered within `connection_timeouts::connect`.
  connect_timeout,
  /// The TLS handshake failed; the text names the fault of the certificate, if that was the cause.
  tls_failed,
  /// The TLS handshake was not done within `connection_timeouts::tls`.
  tls_timeout,
  /// The answer to the upgrade request was no proper WebSocket handshake, or the connection broke.
  upgrade_failed,
  /// The server did not answer the upgrade request within `connection_timeouts::upgrade`.
  upgrade_timeout,
  /// The server answered with another status than 101; see `response_of`.
  upgrade_refused,
  /// The connection was dialed before; a connection serves one session.
  already_dialed,
  /// The connection was closed while it dialed; the error names the phase in which it was.
  cancelled,
  /// The proxy did not let us through; the text has what it said.
  proxy_failed,
  /// The proxy did not let us through within `connection_timeouts::proxy`.
  proxy_timeout,
};

/// Returns the name of the value.
std::string to_string(dial_errc code);

// -- an open connection ---------------------------------------------------------------------------

/// What can go wrong on a connection that was dialed.
enum class connection_errc : std::uint8_t {
  /// The session is over; see `close_details_of` for what the peer said.
  closed = 1,
  /// The session is not open yet.
  not_open,
  /// Reading failed, but the session goes on.
  read_failed,
  /// Another read or demand waits already.
  read_pending,
  /// The message was not written, and will not be.
  write_failed,
  /// The session ended while the message was being written: the peer may or may not have it.
  write_unknown,
  /// The message does not fit into the write queue, nor into the waiting room behind it; nothing
  /// was queued.
  queue_full,
  /// The message is larger than `connection_options::max_message_size`.
  message_too_big,
  /// The message cannot be sent: a text that is not UTF-8, a ping payload over 125 bytes, close
  /// details that no close frame may carry.
  invalid_message,
  /// The close handshake failed.
  close_failed,
  /// The peer did not answer the close frame within `connection_timeouts::close`.
  close_timeout,
  /// No pong came before the session ended or was declared dead.
  ping_failed,
  /// The message was not written, and will not be: it gave way to a newer one
  /// (`queue_policy::drop_oldest`).
  dropped,
};

/// Returns the name of the value.
std::string to_string(connection_errc code);

// -- the engine -----------------------------------------------------------------------------------

/// What an engine answers to requests that do not fit its state, and why it stopped.
enum class engine_errc : std::uint8_t {
  /// `start` while the engine is started.
  already_started = 1,
  /// `stop` or `pause` while the engine is idle, stopped, or without an open session.
  not_running,
  /// Dialing and `on_open` took longer than `engine_timeouts::open`.
  open_timeout,
  /// The client answered `on_open` with an error; its text is in the context.
  on_open_failed,
  /// The engine did not close gracefully within `engine_timeouts::stop`; the connection was dropped
  /// and a callback may still be running.
  stop_timeout,
  /// The engine was stopped.
  stopped,
  /// A client or handler asked the session to exit.
  exited,
  /// The client is gone.
  client_down,
  /// A handler crashed, and the policy is to stop.
  handler_crashed,
  /// As many attempts failed in a row as `backoff_options::max_attempts` allows.
  gave_up,
  /// The session is paused already.
  already_paused,
  /// No such lease: it was given back, or its session is over.
  no_such_lease,
  /// An option has a bad value; the text names every one.
  invalid_options,
  /// The provider gave no request for the next attempt; its text is in the context.
  provider_failed,
  /// `start` while the circuit of the server is open: nothing was dialed; the text says when it may
  /// be tried again.
  circuit_open,
};

/// Returns the name of the value.
std::string to_string(engine_errc code);

// -- sending through the engine -------------------------------------------------------------------

/// What became of a message that an engine was asked to send, when it was not simply written.
enum class send_errc : std::uint8_t {
  /// The message was not written, and will not be; see `session_of`.
  failed = 1,
  /// The session ended while the message was being written: the peer may or may not have it; see
  /// `session_of`.
  unknown,
  /// The message was not written in the time that it was given.
  expired,
  /// The message was given up before it was handed to a session: the session that it was for ended
  /// (`session_of`), or the engine stopped.
  dropped,
  /// There is no session that the message could be written to, and no outbox to keep it.
  no_session,
  /// The policy needs an outbox, and the engine has none (`engine_options::outbox`).
  no_outbox,
  /// The outbox is full; the message was not taken.
  outbox_full,
  /// The message can never be sent: too large, or a text that is not UTF-8.
  invalid_message,
  /// There is no set-up message of that name.
  no_such_subscription,
};

/// Returns the name of the value.
std::string to_string(send_errc code);

// -- requests to the server -----------------------------------------------------------------------

/// Why a `request_msg` got no answer of the server. What the connection would answer to the write,
/// such as `connection_errc::queue_full`, comes as it is.
enum class request_errc : std::uint8_t {
  /// The engine was spawned without `engine_hooks::request_key`; nothing was sent.
  no_key_function = 1,
  /// No session is open; nothing was sent.
  no_session,
  /// A request with that key waits for its answer already; nothing was sent.
  duplicate_key,
  /// `engine_options::max_requests` wait already; nothing was sent.
  too_many_requests,
  /// No answer came in time. One that comes later goes to `on_message`.
  timeout,
  /// The session ended before the answer came: the server may or may not have the request. See
  /// `lost_session_of`.
  session_lost,
};

/// Returns the name of the value.
std::string to_string(request_errc code);

// -- signals --------------------------------------------------------------------------------------

/// The reasons of exit messages by which the holder of a session ends it.
enum class session_signal : std::uint8_t {
  /// Close the session and open a new one.
  restart = 1,
  /// Close the session and stop the engine.
  exit,
};

/// Returns the name of the value.
std::string to_string(session_signal code);

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(0, wsengine::dial_errc)
WSENGINE_MESSAGE_TYPE(1, wsengine::connection_errc)
WSENGINE_MESSAGE_TYPE(2, wsengine::engine_errc)
WSENGINE_MESSAGE_TYPE(3, wsengine::send_errc)
WSENGINE_MESSAGE_TYPE(4, wsengine::request_errc)
WSENGINE_MESSAGE_TYPE(5, wsengine::session_signal)

WSENGINE_ERROR_CATEGORY(wsengine::dial_errc, "ws_dial")
WSENGINE_ERROR_CATEGORY(wsengine::connection_errc, "ws_conn")
WSENGINE_ERROR_CATEGORY(wsengine::engine_errc, "ws_engine")
WSENGINE_ERROR_CATEGORY(wsengine::send_errc, "ws_send")
WSENGINE_ERROR_CATEGORY(wsengine::request_errc, "ws_request")
WSENGINE_ERROR_CATEGORY(wsengine::session_signal, "ws_signal")

namespace wsengine {

// -- making and reading errors --------------------------------------------------------------------

/// Makes an error that carries the text of its cause.
template <class Code>
caf::error make_error(Code code, std::string text) {
  return caf::make_error(code, std::move(text));
}

/// The second element in the context of an error that can arise in several phases.
struct phase_name {
  std::string name;
};

WSENGINE_INSPECT(phase_name, name)

/// Makes an error that names its phase, for codes that do not: `dial_errc::cancelled` and
/// `engine_errc::open_timeout`.
template <class Code>
caf::error make_error(Code code, std::string text, phase_name phase) {
  return caf::make_error(code, std::move(text), std::move(phase));
}

/// Makes the error of a session that is over.
caf::error make_closed_error(std::string text, close_details details);

/// Makes the error of a server that does not upgrade. `remark` follows the text.
caf::error make_refused_error(handshake_response response, std::string_view remark = {});

/// The phase of a session in which an error arose: "provide", "resolve", "connect", "proxy", "tls",
/// "upgrade", "on_open", "open", "send", "request", "close", or "engine"; "actor" for errors that
/// are not wsengine's. Valid as long as the error lives.
[[nodiscard]] std::string_view phase_of(const caf::error& what);

/// The text of the cause, without phase and code; empty when the error carries none.
[[nodiscard]] std::string text_of(const caf::error& what);

/// What the peer said in its close frame, or 1006 when none came, for `connection_errc::closed`.
[[nodiscard]] optional<close_details> close_details_of(const caf::error& what);

/// What the server answered, for `dial_errc::upgrade_refused`.
[[nodiscard]] optional<handshake_response> response_of(const caf::error& what);

/// The name of the code, such as "connect_failed"; that of the category for errors that are neither
/// wsengine's nor CAF's; empty for no error.
[[nodiscard]] std::string name_of(const caf::error& what);

/// One line for a person, such as "connect_failed: Connection refused".
[[nodiscard]] std::string describe(const caf::error& what);

/// Whether the error belongs to the enum of `code` and has that value, whatever its context.
template <class Code>
[[nodiscard]] bool is(const caf::error& what, Code code) {
  return what == code;
}

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(20, wsengine::phase_name)
