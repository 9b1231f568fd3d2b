// options.hpp: the options of engines and connections with their defaults, and their validation.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"
#include "wsengine/proxy.hpp"
#include "wsengine/secret.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wsengine {

// -- connection -----------------------------------------------------------------------------------

/// How long each phase of a connection may take. All must be positive.
struct connection_timeouts {
  /// Resolving the host name, until the first address is tried.
  timespan resolve = std::chrono::seconds(5);
  /// Connecting to any of the host's addresses.
  timespan connect = std::chrono::seconds(10);
  /// Getting through the proxy.
  timespan proxy = std::chrono::seconds(10);
  /// The TLS handshake.
  timespan tls = std::chrono::seconds(10);
  /// From the upgrade request to the server's response.
  timespan upgrade = std::chrono::seconds(10);
  /// From our close frame until the peer has answered it and closed.
  timespan close = std::chrono::seconds(5);

  friend bool operator==(const connection_timeouts&, const connection_timeouts&) = default;
};

WSENGINE_INSPECT(connection_timeouts, resolve, connect, proxy, tls, upgrade, close)

/// The versions of TLS to choose from.
enum class tls_version : std::uint8_t {
  tls_1_2,
  tls_1_3,
};

/// Returns the name of the value.
std::string to_string(tls_version version);

/// How a connection to a `wss` URL trusts its server and shows who it is itself. All of it,
/// `key_pem` included, crosses nodes when the connection runs on another one; there, files are that
/// node's files.
struct tls_options {
  /// Whether the certificate chain and the host name are verified. Turning it off gives up the
  /// protection of TLS.
  bool verify = true;
  /// A PEM file with trusted certificates; used instead of the system's store.
  std::string ca_file;
  /// A folder of trusted certificates in OpenSSL's hashed layout; used instead of the system's
  /// store.
  std::string ca_directory;
  /// Trusted certificates as PEM text; used instead of the system's store.
  std::string ca_pem;
  /// The name for SNI and verification when it is not the URL's host; usually empty.
  std::string server_name;
  /// A PEM file with our certificate and what leads from it to its root; empty: we show none.
  std::string certificate_file;
  /// A PEM file with the key of our certificate, not encrypted.
  std::string key_file;
  /// Our certificate as PEM text, instead of the file.
  std::string certificate_pem;
  /// The key of our certificate as PEM text, instead of the file.
  secret key_pem;
  /// The oldest version to speak.
  tls_version min_version = tls_version::tls_1_2;
  /// The protocols to offer (ALPN, RFC 7301), the best first; empty: the extension is left out,
  /// which servers take for HTTP/1.1. The only useful name for a WebSocket is "http/1.1".
  std::vector<std::string> alpn;
  /// When not empty, the server's key must be one of these: SHA-256 of the SubjectPublicKeyInfo in
  /// base64, as in `openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst
  /// -sha256 -binary | base64`. Checked besides `verify`, and also without it.
  std::vector<std::string> pinned_keys;
  /// Whether sessions are resumed (RFC 8446, section 2.2): tickets are kept in memory, per host and
  /// options, and make the next handshake with the same server shorter.
  bool resume = true;

  friend bool operator==(const tls_options&, const tls_options&) = default;
};

WSENGINE_INSPECT(tls_options, verify, ca_file, ca_directory, ca_pem, server_name, certificate_file,
                 key_file, certificate_pem, key_pem, min_version, alpn, pinned_keys, resume)

/// Compression of messages (permessage-deflate, RFC 7692). It is offered; whether it is used is the
/// server's choice. A connection that uses it takes 8 KiB more, 40 KiB once something compressed
/// has come, and 256 KiB on top once something was compressed; smaller windows and less memory for
/// the compressor bring that down.
struct deflate_options {
  /// Whether compression is offered.
  bool enabled = false;
  /// The base-2 logarithm of the largest window, in bytes, that we use to compress, from 9 to 15.
  std::uint8_t client_max_window_bits = 15;
  /// The same for the server, which we ask it to keep to. From 9 to 15.
  std::uint8_t server_max_window_bits = 15;
  /// Whether we compress each message by itself: worse, but the server need not remember the
  /// messages before.
  bool client_no_context_takeover = false;
  /// Whether the server is asked to compress each message by itself.
  bool server_no_context_takeover = false;
  /// How hard to try, from 1 (fast) to 9 (small).
  std::uint8_t level = 6;
  /// How much memory the compressor takes for its state, from 1 (least) to 9 (fastest).
  std::uint8_t memory_level = 8;
  /// Messages that are smaller, in bytes, are sent as they are; at most 65536.
  std::uint32_t threshold = 64;

  friend bool operator==(const deflate_options&, const deflate_options&) = default;
};

WSENGINE_INSPECT(deflate_options, enabled, client_max_window_bits, server_max_window_bits,
                 client_no_context_takeover, server_no_context_takeover, level, memory_level,
                 threshold)

/// Probes that the system sends by itself on an idle TCP connection (RFC 9293, section 3.8.4). They
/// keep routers from forgetting the connection and find a machine that is gone, but say nothing
/// about the program there: that is what pings are for. Times are rounded up to whole seconds.
struct tcp_keepalive_options {
  /// Whether the system probes.
  bool enabled = false;
  /// How long nothing may come before the first probe; from 1 s to 32767 s.
  timespan idle = std::chrono::seconds(60);
  /// How long after a probe without an answer the next one is sent; from 1 s to 32767 s.
  timespan interval = std::chrono::seconds(10);
  /// After how many probes without an answer the connection has failed, from 1 to 127.
  std::uint32_t count = 6;

  friend bool operator==(const tcp_keepalive_options&, const tcp_keepalive_options&) = default;
};

WSENGINE_INSPECT(tcp_keepalive_options, enabled, idle, interval, count)

/// What becomes of a message for which a connection's write queue has no room.
enum class queue_policy : std::uint8_t {
  /// It is refused with `connection_errc::queue_full`.
  reject,
  /// The oldest requests that have not begun to go out give way, as many as it takes; each is
  /// answered with `connection_errc::dropped`. When that would not make enough room, the new one is
  /// refused, and none gives way.
  drop_oldest,
  /// It waits in a waiting room until there is room, and with it all that come later, in order.
  /// Since a write is answered once it was written, who waits for the answer is held back. When the
  /// waiting room is full, too, it is refused with `connection_errc::queue_full`.
  block_sender,
};

/// Returns the name of the value.
std::string to_string(queue_policy policy);

/// The options of one connection.
struct connection_options {
  connection_timeouts timeouts;
  tls_options tls;
  /// The proxy to go through.
  proxy_options proxy;
  /// The path of a Unix-domain socket to connect to. The URL then says only what to ask for there:
  /// `ws` or `wss`, the name for `Host` and for TLS, and the path. Empty: connect to the URL's
  /// host.
  std::string unix_socket;
  /// How long to wait for a host's IPv6 addresses when the IPv4 addresses are known already (RFC
  /// 8305, section 3).
  timespan resolution_delay = std::chrono::milliseconds(50);
  /// How long an address may keep us waiting before the next one is tried beside it (RFC 8305,
  /// section 5); at least 10 ms.
  timespan connect_stagger = std::chrono::milliseconds(250);
  deflate_options deflate;
  /// How long after the last ping the next one is sent; zero: none is.
  timespan ping_interval = std::chrono::seconds(30);
  /// How long after a ping of ours nothing at all may come before the connection is declared dead;
  /// zero: for ever. Whatever comes is a sign of life, not only the pong. So is a peer that takes
  /// more of what it has kept waiting, for the ping may wait behind that. A peer that is gone, or
  /// that stops reading, is found within `ping_interval` and this together. Does not run while we
  /// are the ones who do not read: then a pong could not be seen, but pings are sent all the same.
  timespan pong_timeout = std::chrono::seconds(30);
  /// How long nothing at all may come, whether there was a ping or not; zero: for ever. As long as
  /// there are pings, `pong_timeout` finds dead peers sooner; this one is for connections without
  /// pings, and for peers that are expected to talk. Does not run while we do not read.
  timespan idle_timeout = std::chrono::seconds(90);
  /// How long the peer may take nothing of what waits to be sent, though it may still talk, before
  /// the connection is declared dead; zero: for ever. Runs while we do not read, too. It may take
  /// twice as long until a stall is noticed that begins behind a write which just fitted.
  timespan write_timeout = std::chrono::seconds(60);
  tcp_keepalive_options tcp_keepalive;
  /// How long what was sent may go unacknowledged, or a peer may offer no room at all, before the
  /// system gives the connection up (`TCP_USER_TIMEOUT`, RFC 5482), from 1 ms to 24 days; zero: the
  /// system's choice, which is many minutes. Overrides `tcp_keepalive.count`.
  timespan tcp_user_timeout = timespan::zero();
  /// The largest header of the response to the upgrade request to accept, in bytes from the status
  /// line to the empty line that ends it, from 1 to 8192; a larger one fails the attempt with
  /// `dial_errc::upgrade_failed`.
  std::uint32_t max_header_size = 8U << 10U;
  /// The largest message to accept or to send, in bytes without compression; a larger one is
  /// refused with close code 1009.
  std::uint64_t max_message_size = 16U << 20U;
  /// The most frames that a message from the peer may consist of; more are refused with close code
  /// 1008.
  std::uint64_t max_frames_per_message = 1U << 20U;
  /// The most bytes of a message to deliver at once; zero: messages are delivered as a whole. A
  /// larger message comes in parts of this size and a last one (`data_message::last`), while it
  /// still arrives, so that no more of it is ever held than `read_ahead_bytes` and what the client
  /// was given. Whether text is UTF-8 is known at its end only: a fault closes the session after
  /// the parts before it were delivered. Needs `engine_options::handlers` to be 1.
  std::uint64_t max_part_size = 0;
  /// The most bytes that wait to be written; what becomes of a write beyond says
  /// `when_queue_full`. One message is always accepted by an empty queue.
  std::uint64_t write_queue_bytes = 16U << 20U;
  /// What happens to a write beyond that.
  queue_policy when_queue_full = queue_policy::reject;
  /// How many requests wait behind a full queue with `queue_policy::block_sender`.
  std::uint32_t waiting_room = 256;
  /// The most bytes to read ahead of demand; at that mark reading stops and TCP slows the peer
  /// down.
  std::uint64_t read_ahead_bytes = 256U << 10U;

  friend bool operator==(const connection_options&, const connection_options&) = default;
};

WSENGINE_INSPECT(connection_options, timeouts, tls, proxy, unix_socket, resolution_delay,
                 connect_stagger, deflate, ping_interval, pong_timeout, idle_timeout, write_timeout,
                 tcp_keepalive, tcp_user_timeout, max_header_size, max_message_size,
                 max_frames_per_message, max_part_size, write_queue_bytes, when_queue_full,
                 waiting_room, read_ahead_bytes)

// -- engine ---------------------------------------------------------------------------------------

/// How long to wait before each attempt to open a session again. Before attempt n, counted from 0,
/// the delay is `min(cap, base * factor^n)`, less a random part of up to `jitter` of it.
struct backoff_options {
  /// The first delay.
  timespan base = std::chrono::milliseconds(500);
  /// By what each delay is longer than the one before; at least 1.
  double factor = 2.0;
  /// The longest delay; at least `base`.
  timespan cap = std::chrono::seconds(30);
  /// The random part, from 0 (none) to 1 (all of the delay).
  double jitter = 0.25;
  /// How long a session must have been open for the next delay to be `base` again.
  timespan stable_after = std::chrono::seconds(10);
  /// How many attempts may fail in a row before the engine gives up; zero: as many as it takes.
  std::uint32_t max_attempts = 0;
  /// Whether a failed first attempt is repeated like a failed reconnect.
  bool retry_first_connect = false;
  /// The longest wait that a server may ask for by `Retry-After` in a response 429 or 503 (RFC
  /// 9110, section 10.2.3); the next attempt then comes no sooner. Zero: such wishes are ignored.
  timespan retry_after_cap = std::chrono::minutes(5);

  friend bool operator==(const backoff_options&, const backoff_options&) = default;
};

WSENGINE_INSPECT(backoff_options, base, factor, cap, jitter, stable_after, max_attempts,
                 retry_first_connect, retry_after_cap)

/// How fast all engines of one actor system that share a budget may dial together: `burst` attempts
/// at once, and `rate` per second in the long run. Every attempt counts, the first ones included;
/// an attempt with several URLs or redirects counts once. Who comes first goes first.
struct reconnect_budget_options {
  /// Attempts per second, from 0.001 to 1000000; zero: no budget.
  double rate = 0;
  /// How many attempts may be made at once after a time without any, from 1 to 1000000.
  std::uint32_t burst = 10;
  /// Who shares the budget and the circuit: all engines with this name; with an empty one, those
  /// whose `request.url` has the same host and port.
  std::string group;

  friend bool operator==(const reconnect_budget_options&,
                         const reconnect_budget_options&) = default;
};

WSENGINE_INSPECT(reconnect_budget_options, rate, burst, group)

/// When the engines of a group (`reconnect_budget_options::group`) stop to try a server that does
/// not answer.
struct circuit_options {
  /// How many attempts of all engines together must fail in a row for the circuit to open; zero: it
  /// never opens.
  std::uint32_t threshold = 0;
  /// How long nobody dials then, before one engine tries.
  timespan open_time = std::chrono::seconds(30);

  friend bool operator==(const circuit_options&, const circuit_options&) = default;
};

WSENGINE_INSPECT(circuit_options, threshold, open_time)

/// How long the phases of an engine may take. All must be positive.
struct engine_timeouts {
  /// Asking the provider, dialing, `on_open` and the set-up messages together; for each URL of
  /// several anew.
  timespan open = std::chrono::seconds(30);
  /// Finishing callbacks, `on_close` and the close handshake together.
  timespan stop = std::chrono::seconds(10);

  friend bool operator==(const engine_timeouts&, const engine_timeouts&) = default;
};

WSENGINE_INSPECT(engine_timeouts, open, stop)

/// What the crash of a handler means: an exception in a callback, or an error as the answer to
/// `on_message`. The message that crashed it is not delivered again.
enum class handler_crash_policy : std::uint8_t {
  /// The session goes on with a new handler.
  keep,
  /// The session is closed and a new one opened.
  restart,
  /// The engine stops.
  stop,
};

/// Returns the name of the value.
std::string to_string(handler_crash_policy policy);

/// What the death of the client means.
enum class client_down_policy : std::uint8_t {
  /// The session is closed with 1001 and the engine stops.
  stop,
  /// The session stays open, nothing is delivered, and reading stops until a new client is set.
  keep,
};

/// Returns the name of the value.
std::string to_string(client_down_policy policy);

/// Where an engine with several URLs begins.
enum class url_order : std::uint8_t {
  /// Each attempt begins with the first URL: the others are stand-ins.
  fixed,
  /// An attempt begins with the URL behind the one that was used last: all are alike.
  rotating,
};

/// Returns the name of the value.
std::string to_string(url_order order);

/// What is kept for the next session of what an engine was asked to send (`send_msg`).
struct outbox_options {
  /// Whether messages are kept at all. Without it, a message is handed to the session that runs, or
  /// fails.
  bool enabled = false;
  /// The most messages that wait.
  std::uint32_t max_messages = 4096;
  /// The most bytes that wait. One message is always accepted by an empty outbox.
  std::uint64_t max_bytes = 16U << 20U;

  friend bool operator==(const outbox_options&, const outbox_options&) = default;
};

WSENGINE_INSPECT(outbox_options, enabled, max_messages, max_bytes)

/// A message with which each session begins, such as a login or a subscription.
struct setup_message {
  /// Tells set-up messages apart; not sent.
  std::string name;
  data_message message;

  friend bool operator==(const setup_message&, const setup_message&) = default;
};

WSENGINE_INSPECT(setup_message, name, message)

/// The options of an engine.
struct engine_options {
  /// Where to connect and what to ask for.
  handshake_request request;
  /// Further URLs of the same service. An attempt tries one after the other, at once, until a
  /// session opens; it has failed when all have.
  std::vector<std::string> more_urls;
  url_order order = url_order::fixed;
  /// How many redirects (301, 302, 303, 307, 308) an attempt follows. Never from `wss` to `ws`; on
  /// the way to another host, credentials, a `Host` of one's own, our certificate and
  /// `tls_options::server_name` are dropped.
  std::uint32_t max_redirects = 0;
  /// Whether cookies that servers set are sent back with the next requests, until the engine ends
  /// (RFC 6265).
  bool keep_cookies = false;
  connection_options connection;
  backoff_options backoff;
  /// When engines of a group have different budgets or circuits, those of the last one that was
  /// spawned hold for all.
  reconnect_budget_options budget;
  circuit_options circuit;
  engine_timeouts timeouts;
  outbox_options outbox;
  /// What each session begins with, in order, before anything of the outbox: written when the
  /// client has accepted the session in `on_open`, and before messages are delivered. More can be
  /// added while the engine runs (`subscribe_msg`).
  std::vector<setup_message> setup;
  /// How many callbacks of `on_message` may be in flight at once; 1 keeps the order of the
  /// messages.
  std::uint32_t handlers = 1;
  /// How many messages a handler, or a client that takes batches, gets at once. The reader holds at
  /// most twice as many, and besides one message no more than `read_ahead_bytes`.
  std::uint32_t read_batch = 512;
  /// The most requests to the server (`request_msg`) that wait for their answers at a time.
  std::uint32_t max_requests = 65536;
  handler_crash_policy on_handler_crash = handler_crash_policy::restart;
  client_down_policy on_client_down = client_down_policy::stop;

  friend bool operator==(const engine_options&, const engine_options&) = default;
};

WSENGINE_INSPECT(engine_options, request, more_urls, order, max_redirects, keep_cookies, connection,
                 backoff, budget, circuit, timeouts, outbox, setup, handlers, read_batch,
                 max_requests, on_handler_crash, on_client_down)

// -- validation -----------------------------------------------------------------------------------

/// A field with a bad value.
struct option_problem {
  /// The path of the field, such as "backoff.factor".
  std::string field;
  /// What is wrong with it, such as "must be at least 1".
  std::string problem;

  friend bool operator==(const option_problem&, const option_problem&) = default;
};

WSENGINE_INSPECT(option_problem, field, problem)

/// Lists every field with a bad value; empty when all are good.
[[nodiscard]] std::vector<option_problem> validate(const engine_options& options);

/// Lists every field of the request with a bad value.
[[nodiscard]] std::vector<option_problem> validate(const handshake_request& request);

/// What is wrong with a message that is to be sent with these options; empty when nothing is: too
/// large, or a text that is not UTF-8.
[[nodiscard]] std::string why_not_sendable(const data_message& message,
                                           const connection_options& options);

/// The problems as one error, `engine_errc::invalid_options`; no error when there are none.
[[nodiscard]] caf::error to_error(const std::vector<option_problem>& problems);

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(21, wsengine::connection_timeouts)
WSENGINE_MESSAGE_TYPE(22, wsengine::tls_options)
WSENGINE_MESSAGE_TYPE(24, wsengine::deflate_options)
WSENGINE_MESSAGE_TYPE(25, wsengine::tcp_keepalive_options)
WSENGINE_MESSAGE_TYPE(26, wsengine::connection_options)
WSENGINE_MESSAGE_TYPE(27, wsengine::backoff_options)
WSENGINE_MESSAGE_TYPE(28, wsengine::reconnect_budget_options)
WSENGINE_MESSAGE_TYPE(29, wsengine::circuit_options)
WSENGINE_MESSAGE_TYPE(30, wsengine::engine_timeouts)
WSENGINE_MESSAGE_TYPE(31, wsengine::outbox_options)
WSENGINE_MESSAGE_TYPE(32, wsengine::setup_message)
WSENGINE_MESSAGE_TYPE(33, wsengine::engine_options)
WSENGINE_MESSAGE_TYPE(34, wsengine::option_problem)
