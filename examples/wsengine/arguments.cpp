// arguments.cpp: see arguments.hpp.

#include "arguments.hpp"

#include "dial_options.hpp"
#include "fleet_arguments.hpp"
#include "node_options.hpp"
#include "option_table.hpp"
#include "recording_arguments.hpp"
#include "send_options.hpp"
#include "setters.hpp"

#include "wsengine/json_key.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>

namespace wsengine::cli {

namespace {

// -- connect --------------------------------------------------------------------------------------

constexpr auto any_count = std::numeric_limits<std::uint32_t>::max();

option_setter keepalive(tcp_keepalive_options& field) {
  return [&field, idle = duration(field.idle)](const std::string& value) {
    field.enabled = true;
    return idle(value);
  };
}

// What finds servers that are dead.
std::vector<option> life_options(connection_options& connection) {
  auto& tcp = connection.tcp_keepalive;
  return {
    {"ping-interval", "D", "how often to ping; 0: never (30s)", duration(connection.ping_interval)},
    {"pong-timeout", "D", "how long nothing may come after a ping; 0: for ever (30s)",
     duration(connection.pong_timeout)},
    {"idle-timeout", "D", "how long the server may be silent; 0: for ever (90s)",
     duration(connection.idle_timeout)},
    {"write-timeout", "D", "how long the server may take nothing; 0: for ever (60s)",
     duration(connection.write_timeout)},
    {"tcp-keepalive", "D", "let the system probe connections that are idle for so long",
     keepalive(tcp)},
    {"tcp-keepalive-interval", "D", "how long after a probe the next one is sent (10s)",
     duration(tcp.interval)},
    {"tcp-keepalive-count", "N", "how many probes may go unanswered (6)",
     number(tcp.count, 1, 127)},
    {"tcp-user-timeout", "D",
     "how long the system waits for TCP's acknowledgement; 0: its choice (0)",
     duration(connection.tcp_user_timeout)},
  };
}

option_setter pointer(std::optional<std::string>& field) {
  return [&field](const std::string& value) -> std::optional<std::string> {
    try {
      static_cast<void>(json_key(value));
    } catch (const std::invalid_argument& x) {
      return std::string{"is none: "} + x.what();
    }
    field = value;
    return {};
  };
}

// Requests, and what clients of one server share.
std::vector<option> sharing_options(connect_arguments& into) {
  auto& engine = into.engine;
  return {
    {"request-key-pointer", "POINTER",
     "what a message answers: a JSON pointer to its key, such as /id",
     pointer(into.request_key_pointer)},
    {"max-requests", "N", "the most requests that wait for their answers (65536)",
     number(engine.max_requests, 1, any_count)},
    {"request-timeout", "D", "how long a /request waits for its answer (30s)",
     duration(into.request_timeout)},
    {"reconnect-rate", "X", "attempts per second in the long run; 0: no limit (0)",
     decimal(engine.budget.rate)},
    {"reconnect-burst", "N", "attempts at once, with --reconnect-rate (10)",
     number(engine.budget.burst, 1, 1'000'000)},
    {"reconnect-group", "NAME", "who shares rate and circuit; else who has the same host and port",
     text(engine.budget.group)},
    {"circuit-threshold", "N",
     "after N failures in a row make no attempt for a while; 0: never (0)",
     number(engine.circuit.threshold, 0, any_count)},
    {"circuit-open-time", "D", "for how long, before one attempt is made (30s)",
     duration(engine.circuit.open_time)},
  };
}

option_table connect_options(connect_arguments& into, std::uint64_t& count) {
  auto& engine = into.engine;
  auto& backoff = engine.backoff;
  auto& connection = engine.connection;
  std::vector<option> result{
    {"json", "", "print one JSON object a line", flag(into.json)},
    {"adapter", "NAME", "the library that speaks WebSocket: beast or websocketpp (beast)",
     one_of(into.adapter, {"beast", "websocketpp"})},
    {"send", "TEXT", "send a text message once the first session is open; repeatable",
     append(into.sends), true},
    {"count", "N", "stop after N messages have come",
     number(count, 1, std::numeric_limits<std::int64_t>::max())},
    {"exit-on-eof", "",
     "stop at the end of standard input, once all of it is sent; with --count, "
     "wait for the messages",
     flag(into.exit_on_eof)},
    {"handlers", "N", "how many messages to handle at once; 1 keeps their order (1)",
     number(engine.handlers, 1, any_count)},
    {"no-reconnect", "", "stop when the session ends; status 1 when it ended without a close frame",
     flag(into.no_reconnect)},
    {"retry-first", "", "repeat a failed first attempt like a failed reconnect",
     flag(backoff.retry_first_connect)},
    {"backoff-base", "D", "the delay before the first reconnect (500ms)", duration(backoff.base)},
    {"backoff-factor", "X", "by what each delay is longer than the one before (2)",
     decimal(backoff.factor)},
    {"backoff-cap", "D", "the longest delay (30s)", duration(backoff.cap)},
    {"jitter", "X", "the random part of each delay, from 0 to 1 (0.25)", decimal(backoff.jitter)},
    {"max-attempts", "N", "give up after N failed attempts in a row; 0: never (0)",
     number(backoff.max_attempts, 0, any_count)},
    {"stable-after", "D", "how long a session must live for the delays to start again (10s)",
     duration(backoff.stable_after)},
    {"open-timeout", "D", "for all of opening a session (30s)", duration(engine.timeouts.open)},
    {"stop-timeout", "D", "for all of closing a session (10s)", duration(engine.timeouts.stop)},
    {"max-header", "BYTES", "the largest header of a response to accept (8192)",
     number(connection.max_header_size, 1, 8192)},
    {"max-message-size", "BYTES", "the largest message to send or accept (16777216)",
     number(connection.max_message_size, 1, std::numeric_limits<std::int64_t>::max())},
    {"max-frames", "N", "the most frames that a message may come in (1048576)",
     number(connection.max_frames_per_message, 1, std::numeric_limits<std::int64_t>::max())},
    {"max-part", "BYTES", "deliver larger messages in parts of this size (0: as a whole)",
     number(connection.max_part_size, 0, std::numeric_limits<std::int64_t>::max())},
    {"deflate", "", "offer to compress messages (permessage-deflate)",
     flag(connection.deflate.enabled)},
    {"deflate-level", "N", "how hard to compress, from 1 to 9 (6)",
     number(connection.deflate.level, 1, 9)},
    {"deflate-memory", "N", "how much memory the compressor takes, from 1 to 9 (8)",
     number(connection.deflate.memory_level, 1, 9)},
    {"deflate-threshold", "BYTES", "do not compress smaller messages (64)",
     number(connection.deflate.threshold, 0, 65536)},
    {"client-window-bits", "N", "our window for compression, from 9 to 15 (15)",
     number(connection.deflate.client_max_window_bits, 9, 15)},
    {"server-window-bits", "N", "the window that the server may use, from 9 to 15 (15)",
     number(connection.deflate.server_max_window_bits, 9, 15)},
    {"client-no-takeover", "", "compress each message by itself",
     flag(connection.deflate.client_no_context_takeover)},
    {"server-no-takeover", "", "ask the server to compress each message by itself",
     flag(connection.deflate.server_no_context_takeover)},
    {"record", "FILE", "record what happens, for wsengine replay and wsengine trace",
     text(into.record_file)},
    {"status", "PORT", "serve a status page on 127.0.0.1; 0 picks a free port",
     number(into.status_port, 0, 65535)},
  };
  for (auto&& group :
       {life_options(connection), send_options(into), sharing_options(into), dial_options(into)})
    result.insert(result.end(), group.begin(), group.end());
  return option_table{std::move(result)};
}

/// What the library calls the field that an option sets.
const std::map<std::string, std::string, std::less<>> option_names = {
  {"request.url", "URL"},
  {"backoff.base", "--backoff-base"},
  {"backoff.factor", "--backoff-factor"},
  {"backoff.cap", "--backoff-cap"},
  {"backoff.jitter", "--jitter"},
  {"backoff.stable_after", "--stable-after"},
  {"budget.rate", "--reconnect-rate"},
  {"circuit.open_time", "--circuit-open-time"},
  {"timeouts.open", "--open-timeout"},
  {"timeouts.stop", "--stop-timeout"},
  {"handlers", "--handlers"},
  {"connection.ping_interval", "--ping-interval"},
  {"connection.pong_timeout", "--pong-timeout"},
  {"connection.idle_timeout", "--idle-timeout"},
  {"connection.write_timeout", "--write-timeout"},
  {"connection.tcp_keepalive.idle", "--tcp-keepalive"},
  {"connection.tcp_keepalive.interval", "--tcp-keepalive-interval"},
  {"connection.tcp_user_timeout", "--tcp-user-timeout"},
  {"connection.max_message_size", "--max-message-size"},
};

std::string name_of_field(const std::string& field) {
  if (auto name = name_of_dial_field(field); !name.empty())
    return name;
  if (auto name = name_of_send_field(field); !name.empty())
    return name;
  auto found = option_names.find(field);
  return found == option_names.end() ? field : found->second;
}

arguments parse_connect(const std::vector<std::string>& words) {
  connect_arguments result;
  std::uint64_t count = 0;
  auto line = connect_options(result, count).parse(words);
  line.take_positional(result.engine.request.url, "URL");
  if (result.adapter != "beast")
    for (const auto* name : {"deflate", "max-part"})
      if (line.was_given(name))
        line.problems.push_back(std::string{"--"} + name + ": the adapter " + result.adapter
                                + " cannot do that");
  if (result.proxy_from_environment && line.was_given("proxy"))
    line.problems.push_back("--proxy-from-env: there is --proxy already");
  for (const auto* name : {"outbox-bytes", "expire-after", "resend-unknown"})
    if (line.was_given(name) && !result.engine.outbox.enabled)
      line.problems.push_back(std::string{"--"} + name + " needs --outbox");
  if (count > 0)
    result.count = count;
  auto& backoff = result.engine.backoff;
  // Who asks for long delays and names no cap does not want the default to be in the way.
  if (!line.was_given("backoff-cap"))
    backoff.cap = std::max(backoff.cap, backoff.base);
  auto url_problem = result.engine.request.url.empty();
  for (const auto& [field, what] : validate(result.engine))
    if (!(url_problem && field == "request.url"))
      line.problems.push_back(name_of_field(field) + ": " + what);
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

// -- serve ----------------------------------------------------------------------------------------

option_table serve_options(serve_arguments& into) {
  return option_table{{
    {"port", "P", "the port on 127.0.0.1; 0 picks a free one (8080)", number(into.port, 0, 65535)},
    {"tls", "", "speak TLS; needs --cert and --key", flag(into.tls)},
    {"cert", "FILE", "the certificate chain, PEM", text(into.certificate_file)},
    {"key", "FILE", "its key, PEM", text(into.key_file)},
    {"json", "", "print one JSON object a line", flag(into.json)},
    {"verbose", "", "tell of sessions that open and end, too", flag(into.verbose)},
  }};
}

arguments parse_serve(const std::vector<std::string>& words) {
  serve_arguments result;
  auto line = serve_options(result).parse(words);
  line.refuse_positionals();
  for (const auto* name : {"cert", "key"}) {
    if (result.tls && !line.was_given(name))
      line.problems.push_back(std::string{"--tls needs --"} + name);
    if (!result.tls && line.was_given(name))
      line.problems.push_back(std::string{"--"} + name + " needs --tls");
  }
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

// -- help -----------------------------------------------------------------------------------------

constexpr auto general_help = R"(wsengine, the WebSocket client engine

  wsengine connect URL [OPTION]...   keep a session open; print what happens
  wsengine serve [OPTION]...         an echo server on 127.0.0.1
  wsengine node [OPTION]...          has engines and connections run for other nodes
  wsengine director [OPTION]...      directs a fleet of nodes
  wsengine fleet ACTION [OPTION]...  looks after a fleet: status, add, remove, drain, admit, move
  wsengine replay FILE [OPTION]...   let a recorded session happen again
  wsengine trace FILE --html OUT     draw a recorded session
  wsengine COMMAND --help            the options of a command
  wsengine --version

Exit status: 0 stopped as asked, 1 could not start or gave up, 2 bad usage.
)";

constexpr auto connect_help = R"(usage: wsengine connect URL [OPTION]...

Keeps a WebSocket session to URL (ws:// or wss://) open and prints what happens.

)";

constexpr auto connect_help_end = R"(
Durations D are written as 250ms, 5s or 1m; what is in parentheses is the default.

Each line of standard input is sent as a text message once a session is open. Lines that start with
a slash are commands. Lines are carried out in order: what ends a session waits for the answers to
the commands before it, for a pong or a request at most as long as --stop-timeout.

  /binary HEX             send a binary message
  /ping                   send a ping and print the round-trip time
  /pause, /resume         stop and go on handing out messages
  /subscribe NAME TEXT    send TEXT now and at the beginning of each session
  /unsubscribe NAME [TEXT]  no longer do so; send TEXT now
  /restart                close the session and open a new one
  /close [CODE [REASON]]  close the session with that code (1000) and stop
  /exit                   close the session and stop
  /status                 print what the engine is doing
  /request KEY TEXT       send TEXT and print the message that answers it: the one with that key

Stops with close code 1000, on SIGINT and SIGTERM with 1001. While nobody reads standard output,
nothing is read from the socket, either.

Exit status: 0 stopped as asked (by a command, a signal, --count, --exit-on-eof, or a close frame with
--no-reconnect), 1 could not start or gave up, 2 bad usage.
)";

constexpr auto serve_help = R"(usage: wsengine serve [OPTION]...

Runs an echo server on 127.0.0.1 until SIGINT or SIGTERM. Paths:

  /echo                    sends each message back; ?fragment=BYTES splits it into frames
  /close?code=C&reason=R   closes at once; 1005 stands for no code
  /accept-close            closes at once with 1000
  /drop                    resets the TCP connection after the first message
  /flood?n=N&size=S        sends N binary messages of S bytes, then closes with 1000
  /slow?ms=M               sends each message back after M milliseconds
  /silent                  opens the session and never reads or writes again
  /stall                   never answers the upgrade request
  /refuse?status=S         answers the upgrade request with that HTTP status

With deflate=1 in the query, /echo, /flood and /slow compress messages if the client offers it.

)";

bool asks_for_help(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const auto& word) { return word == "--help" || word == "-h"; });
}

std::string help_for_connect() {
  connect_arguments unused;
  std::uint64_t count = 0;
  return connect_help + connect_options(unused, count).help() + connect_help_end;
}

std::string help_for_serve() {
  serve_arguments unused;
  return serve_help + serve_options(unused).help();
}

} // namespace

arguments parse_arguments(const std::vector<std::string>& words) {
  if (words.empty())
    return usage_error{{"a command is missing: connect, serve, node, director, fleet, replay or "
                        "trace"}};
  const auto& name = words.front();
  std::vector<std::string> rest{words.begin() + 1, words.end()};
  auto wants_help = asks_for_help(rest);
  if (name == "connect")
    return wants_help ? arguments{help_arguments{help_for_connect()}} : parse_connect(rest);
  if (name == "serve")
    return wants_help ? arguments{help_arguments{help_for_serve()}} : parse_serve(rest);
  if (name == "node")
    return wants_help ? arguments{help_arguments{help_for_node()}} : parse_node(rest);
  if (name == "director")
    return wants_help ? arguments{help_arguments{help_for_director()}} : parse_director(rest);
  if (name == "fleet")
    return wants_help ? arguments{help_arguments{help_for_fleet()}} : parse_fleet(rest);
  if (name == "replay")
    return wants_help ? arguments{help_arguments{help_for_replay()}} : parse_replay(rest);
  if (name == "trace")
    return wants_help ? arguments{help_arguments{help_for_trace()}} : parse_trace(rest);
  if (name == "--help" || name == "-h" || name == "help")
    return help_arguments{general_help};
  if (name == "--version")
    return help_arguments{"wsengine " WSENGINE_VERSION "\n"};
  return usage_error{{"unknown command '" + name + "'"}};
}

} // namespace wsengine::cli
