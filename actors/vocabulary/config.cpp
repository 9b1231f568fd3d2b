// config.cpp: see config.hpp.

#include "wsengine/config.hpp"

#include "wsengine/error.hpp"

#include <array>
#include <optional>
#include <utility>

namespace wsengine {

namespace {

// The values of each option that is a word; `to_string` says how they are written.
constexpr std::array tls_versions{tls_version::tls_1_2, tls_version::tls_1_3};
constexpr std::array queue_policies{queue_policy::reject, queue_policy::drop_oldest,
                                    queue_policy::block_sender};
constexpr std::array url_orders{url_order::fixed, url_order::rotating};
constexpr std::array crash_policies{handler_crash_policy::keep, handler_crash_policy::restart,
                                    handler_crash_policy::stop};
constexpr std::array down_policies{client_down_policy::stop, client_down_policy::keep};

// Reads a word; adds to `problem` when it is none of the values.
template <class Values, class T>
void read_word(const std::string& word, const char* option, const Values& values, T& to,
               std::string& problem) {
  std::string known;
  for (auto value : values) {
    if (to_string(value) == word) {
      to = value;
      return;
    }
    known += (known.empty() ? "" : ", ") + to_string(value);
  }
  problem += (problem.empty() ? "" : "; ") + std::string{"wsengine."} + option + ": \"" + word
             + "\" is none of " + known;
}

} // namespace

engine_config::engine_config(engine_options defaults)
  : options_(std::move(defaults)),
    words_{to_string(options_.connection.tls.min_version),
           to_string(options_.connection.when_queue_full), to_string(options_.order),
           to_string(options_.on_handler_crash), to_string(options_.on_client_down)} {}

caf::expected<engine_options> engine_config::options() const {
  auto result = options_;
  std::string problem;
  read_word(words_.tls_min_version, "tls-min-version", tls_versions,
            result.connection.tls.min_version, problem);
  read_word(words_.when_queue_full, "when-queue-full", queue_policies,
            result.connection.when_queue_full, problem);
  read_word(words_.order, "order", url_orders, result.order, problem);
  read_word(words_.on_handler_crash, "on-handler-crash", crash_policies, result.on_handler_crash,
            problem);
  read_word(words_.on_client_down, "on-client-down", down_policies, result.on_client_down, problem);
  if (!problem.empty())
    return make_error(engine_errc::invalid_options, std::move(problem));
  return result;
}

// -- the options ----------------------------------------------------------------------------------

void engine_config::add_to(caf::config_option_set& options) {
  caf::config_option_adder to{options, "wsengine"};
  add_general(to);
  add_connection(to);
  add_network(to);
  add_life(to);
}

void engine_config::add_general(caf::config_option_adder& to) {
  to.add(options_.more_urls, "more-urls", "further URLs of the same service")
    .add(words_.order, "order", "with which URL an attempt begins: fixed or rotating")
    .add(options_.max_redirects, "max-redirects", "how many redirects an attempt follows")
    .add(options_.keep_cookies, "keep-cookies", "send cookies back that servers have set")
    .add(options_.handlers, "handlers", "how many callbacks of on_message may be in flight")
    .add(options_.read_batch, "read-batch", "how many messages are handed over at once")
    .add(options_.max_requests, "max-requests", "how many requests wait for their answers")
    .add(words_.on_handler_crash, "on-handler-crash",
         "what a failed callback means: keep, restart or stop")
    .add(words_.on_client_down, "on-client-down", "what the client's death means: stop or keep");
  to.add(options_.request.url, "url", "where to connect")
    .add(options_.request.subprotocols, "subprotocols", "subprotocols, the best first");
  to.add(options_.timeouts.open, "timeouts-open", "for all of opening a session")
    .add(options_.timeouts.stop, "timeouts-stop", "for all of closing a session");
  to.add(options_.outbox.enabled, "outbox-enabled", "keep messages for the next session")
    .add(options_.outbox.max_messages, "outbox-max-messages", "how many messages wait")
    .add(options_.outbox.max_bytes, "outbox-max-bytes", "how many bytes wait");
}

void engine_config::add_connection(caf::config_option_adder& to) {
  auto& from = options_.connection;
  to.add(from.max_header_size, "max-header-size", "the largest header of a response, in bytes")
    .add(from.max_message_size, "max-message-size", "the largest message, in bytes")
    .add(from.max_frames_per_message, "max-frames-per-message",
         "the most frames that a message comes in")
    .add(from.max_part_size, "max-part-size", "deliver larger messages in parts; 0: as a whole")
    .add(from.write_queue_bytes, "write-queue-bytes", "how many bytes wait to be written")
    .add(words_.when_queue_full, "when-queue-full",
         "what becomes of more: reject, drop_oldest or block_sender")
    .add(from.waiting_room, "waiting-room", "how many requests wait behind a full queue")
    .add(from.read_ahead_bytes, "read-ahead-bytes", "how many bytes to read ahead of demand");
  to.add(from.deflate.enabled, "deflate-enabled", "offer to compress messages")
    .add(from.deflate.client_max_window_bits, "deflate-client-max-window-bits",
         "our window, 9 to 15")
    .add(from.deflate.server_max_window_bits, "deflate-server-max-window-bits",
         "the server's window, 9 to 15")
    .add(from.deflate.client_no_context_takeover, "deflate-client-no-context-takeover",
         "compress each message by itself")
    .add(from.deflate.server_no_context_takeover, "deflate-server-no-context-takeover",
         "ask the server to do so")
    .add(from.deflate.level, "deflate-level", "how hard to compress, 1 to 9")
    .add(from.deflate.memory_level, "deflate-memory-level", "the compressor's memory, 1 to 9")
    .add(from.deflate.threshold, "deflate-threshold", "do not compress smaller messages, in bytes");
}

void engine_config::add_network(caf::config_option_adder& to) {
  auto& from = options_.connection;
  to.add(from.unix_socket, "unix-socket", "the path of a Unix-domain socket to connect to")
    .add(from.resolution_delay, "resolution-delay", "how long to wait for IPv6 addresses")
    .add(from.connect_stagger, "connect-stagger", "after how long the next address is tried")
    .add(from.tcp_user_timeout, "tcp-user-timeout", "how long data may go unacknowledged");
  to.add(from.timeouts.resolve, "timeouts-resolve", "for the name")
    .add(from.timeouts.connect, "timeouts-connect", "for TCP")
    .add(from.timeouts.proxy, "timeouts-proxy", "for the proxy")
    .add(from.timeouts.tls, "timeouts-tls", "for the TLS handshake")
    .add(from.timeouts.upgrade, "timeouts-upgrade", "for the opening handshake")
    .add(from.timeouts.close, "timeouts-close", "for the closing handshake");
  to.add(from.tls.verify, "tls-verify", "verify the server's certificate")
    .add(from.tls.ca_file, "tls-ca-file", "trusted certificates, PEM")
    .add(from.tls.ca_directory, "tls-ca-directory", "a directory of trusted certificates")
    .add(from.tls.server_name, "tls-server-name", "the name to verify, if not the URL's host")
    .add(from.tls.certificate_file, "tls-certificate-file", "our certificate, PEM")
    .add(from.tls.key_file, "tls-key-file", "its key, PEM")
    .add(words_.tls_min_version, "tls-min-version",
         "the oldest version to speak: tls_1_2 or tls_1_3")
    .add(from.tls.alpn, "tls-alpn", "protocols to offer")
    .add(from.tls.pinned_keys, "tls-pinned-keys", "the server's key must be one of these")
    .add(from.tls.resume, "tls-resume", "resume sessions");
  to.add(from.proxy.url, "proxy-url", "http://host:port or socks5://host:port")
    .add(from.proxy.user, "proxy-user", "the user for the proxy")
    .add(from.proxy.no_proxy, "proxy-no-proxy", "servers to go around the proxy to");
}

void engine_config::add_life(caf::config_option_adder& to) {
  auto& from = options_.connection;
  to.add(from.ping_interval, "ping-interval", "how often to ping; 0s: never")
    .add(from.pong_timeout, "pong-timeout", "how long nothing may come after a ping")
    .add(from.idle_timeout, "idle-timeout", "how long nothing may come at all")
    .add(from.write_timeout, "write-timeout", "how long the peer may take nothing");
  to.add(from.tcp_keepalive.enabled, "tcp-keepalive-enabled",
         "have the system probe idle connections")
    .add(from.tcp_keepalive.idle, "tcp-keepalive-idle", "before the first probe")
    .add(from.tcp_keepalive.interval, "tcp-keepalive-interval", "between probes")
    .add(from.tcp_keepalive.count, "tcp-keepalive-count", "how many probes may fail");
  auto& backoff = options_.backoff;
  to.add(backoff.base, "backoff-base", "the delay before the first reconnect")
    .add(backoff.factor, "backoff-factor", "by what each delay is longer than the one before")
    .add(backoff.cap, "backoff-cap", "the longest delay")
    .add(backoff.jitter, "backoff-jitter", "the random part of each delay, 0 to 1")
    .add(backoff.stable_after, "backoff-stable-after", "how long a session must live to begin anew")
    .add(backoff.max_attempts, "backoff-max-attempts",
         "failures in a row to give up after; 0: never")
    .add(backoff.retry_first_connect, "backoff-retry-first-connect",
         "repeat a failed first attempt")
    .add(backoff.retry_after_cap, "backoff-retry-after-cap",
         "the longest wait that a server may ask for");
  to.add(options_.budget.rate, "budget-rate", "attempts per second, all together; 0: no limit")
    .add(options_.budget.burst, "budget-burst", "attempts at once")
    .add(options_.budget.group, "budget-group", "who shares it");
  to.add(options_.circuit.threshold, "circuit-threshold", "failures in a row to stop trying after")
    .add(options_.circuit.open_time, "circuit-open-time", "for how long");
}

// -- the configuration ----------------------------------------------------------------------------

config::config() {
  register_types(*this);
  engines.add_to(custom_options_);
}

} // namespace wsengine
