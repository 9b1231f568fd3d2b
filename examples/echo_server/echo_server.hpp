// echo_server.hpp: a WebSocket server on the loopback interface that runs inside a program, for
// demonstrations and tests.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/message.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::examples {

// -- what happens ---------------------------------------------------------------------------------

/// What the server tells about one of its connections.
struct echo_event {
  enum class type : std::uint8_t {
    /// An upgrade request came; it may still be refused.
    request,
    /// A session opened.
    opened,
    /// A text or binary message came.
    message,
    /// A ping came; it has been or will be answered.
    ping,
    /// A pong came.
    pong,
    /// A session that was open is over.
    closed,
  };

  type what = type::opened;
  /// The connection, counted from 1 over the life of the server object.
  std::uint64_t connection = 0;
  /// `request`, `opened`: the path and query. `message`, `ping`, `pong`: the payload.
  std::string data;
  /// `closed`: what the client's close frame said; 1005 when it said nothing, 1006 when none came.
  close_details details;
};

/// An upgrade request that the server has seen.
struct echo_request {
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// What the server has seen since it was made; `stop` does not reset it.
struct echo_counters {
  /// TCP connections.
  std::uint64_t accepted = 0;
  /// Upgrade requests.
  std::uint64_t requests = 0;
  /// Sessions that opened.
  std::uint64_t opened = 0;
  /// Sessions that are open now.
  std::uint64_t open = 0;
  /// Text and binary messages received.
  std::uint64_t messages = 0;
  /// Text and binary messages sent.
  std::uint64_t sent = 0;
  std::uint64_t pings = 0;
  std::uint64_t pongs = 0;
  /// How each session ended, the latest last; at most the latest 1024.
  std::vector<close_details> closes;
};

// -- options --------------------------------------------------------------------------------------

/// A certificate chain and its key, each either as PEM text or as the name of a PEM file.
struct echo_credentials {
  std::string certificate;
  std::string key;

  [[nodiscard]] bool empty() const noexcept { return certificate.empty() && key.empty(); }
};

struct echo_options {
  /// Where to listen; 0 picks a free port, which a later `start` uses again.
  std::uint16_t port = 0;
  /// Listens on ::1, too, on the same port.
  bool ipv6 = false;
  /// With credentials the server speaks TLS.
  echo_credentials tls;
  /// The largest message to accept.
  std::uint64_t max_message_size = 64U << 20U;
  /// Called on the server's thread; must not block and must not call the server.
  std::function<void(const echo_event&)> on_event;
};

// -- server ---------------------------------------------------------------------------------------

/// A WebSocket server on 127.0.0.1 with a thread of its own. It chooses the first subprotocol that
/// a client offers. What it does is named by the path:
///
/// | path | behaviour |
/// | --- | --- |
/// | `/echo` | sends each message back; `?fragment=BYTES` splits it into frames of that size |
/// | `/close?code=C&reason=R` | closes at once; 1005 stands for a close frame without a code |
/// | `/accept-close` | closes at once with 1000 |
/// | `/drop` | resets the TCP connection after the first message |
/// | `/flood?n=N&size=S` | sends N binary messages of S bytes, then closes with 1000 |
/// | `/slow?ms=M` | sends each message back after M milliseconds |
/// | `/silent` | opens the session and never reads or writes again |
/// | `/stall` | never answers the upgrade request |
/// | `/refuse?status=S` | answers the upgrade request with that HTTP status |
///
/// With `deflate=1`, `/echo`, `/flood` and `/slow` compress messages for clients that offer it.
/// Each message of a flood starts with its index from 0, as eight bytes, highest first, as far as
/// it has room. Other paths are answered with 404, bad parameters with 400.
class echo_server {
public:
  explicit echo_server(echo_options options = {});

  echo_server(const echo_server&) = delete;
  echo_server& operator=(const echo_server&) = delete;

  /// Stops the server.
  ~echo_server();

  /// Listens. Throws `std::runtime_error` when it cannot. Does nothing when the server runs.
  void start();

  /// Resets all connections, stops listening, and waits for the thread. Does nothing when the
  /// server does not run.
  void stop();

  [[nodiscard]] bool running() const noexcept;

  /// The port, known from the first `start` on.
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// The URL of a path: `ws://127.0.0.1:<port><path>`, or `wss://localhost:…` with TLS.
  [[nodiscard]] std::string url(const std::string& path = "/echo") const;

  // -- acting on all sessions ---------------------------------------------------------------------

  /// Resets all connections and goes on listening.
  void drop_all();

  /// Closes all sessions with the close handshake.
  void close_all(const close_details& details);

  /// Sends a message in all sessions.
  void send_all(const data_message& message);

  /// Sends a ping in all sessions.
  void ping_all(const std::string& payload);

  // -- watching -----------------------------------------------------------------------------------

  [[nodiscard]] echo_counters counters() const;

  /// The upgrade requests, the latest last; at most the latest 1024.
  [[nodiscard]] std::vector<echo_request> requests() const;

  /// Waits until the counters are as wanted. Returns whether that was so in time.
  bool wait_until(const std::function<bool(const echo_counters&)>& wanted,
                  std::chrono::milliseconds timeout = std::chrono::seconds(10)) const;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace wsengine::examples
