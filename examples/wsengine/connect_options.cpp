// connect_options.cpp: see connect_options.hpp.

#include "connect_options.hpp"

#include "advice.hpp"
#include "dial_options.hpp"
#include "line_outcome.hpp"
#include "option_table.hpp"
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

// -- options --------------------------------------------------------------------------------------

constexpr auto any_count = std::numeric_limits<std::uint32_t>::max();

option_setter keepalive(tcp_keepalive_options& field) {
  return [&field, idle = duration(field.idle)](const std::string& value) {
    field.enabled = true;
    return idle(value);
  };
}

// What finds servers that are dead.
option_group life_options(connection_options& connection) {
  auto& tcp = connection.tcp_keepalive;
  std::vector<option> options{
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
  return {"Signs of life", std::move(options)};
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
option_group sharing_options(connect_arguments& into) {
  auto& engine = into.engine;
  std::vector<option> options{
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
  return {"Requests, and what clients of one server share", std::move(options)};
}

// What comes from standard input and goes to standard output.
option_group stream_options(connect_arguments& into, std::uint64_t& count) {
  std::vector<option> options{
    {"json", "", "print one JSON object a line", flag(into.json)},
    choice<output_mode>(
      "output", "MODE",
      "events, lines (messages, each with a line feed) or raw (nothing but "
      "messages) (events)",
      into.output,
      {{"events", output_mode::events}, {"lines", output_mode::lines}, {"raw", output_mode::raw}}),
    choice<input_mode>("input", "MODE",
                       "commands, lines, text or binary (all is one message), or chunks (binary) "
                       "(commands)",
                       into.input,
                       {{"commands", input_mode::commands},
                        {"lines", input_mode::lines},
                        {"text", input_mode::text},
                        {"binary", input_mode::binary},
                        {"chunks", input_mode::chunks}}),
    {"chunk-size", "BYTES", "with --input chunks, the largest message (65536)",
     number(into.chunk_size, 1, 1U << 20U)},
    {"send", "TEXT", "send a text once the first session is open; repeatable", append(into.sends),
     true},
    {"count", "N", "stop after N messages have come",
     number(count, 1, std::numeric_limits<std::int64_t>::max())},
    {"exit-on-eof", "",
     "stop at the end of standard input, once all of it is sent; with --count, "
     "wait for the messages",
     flag(into.exit_on_eof)},
    {"linger", "D", "with --exit-on-eof, go on for so long before stopping (0)",
     duration(into.linger)},
    {"status", "PORT", "serve a status page on 127.0.0.1; 0 picks a free port",
     number(into.status_port, 0, 65535)},
    {"record", "FILE", "record what happens, for wsengine replay and wsengine trace",
     text(into.record_file)},
  };
  return {"Input and output", std::move(options)};
}

option_group session_options(connect_arguments& into) {
  auto& engine = into.engine;
  auto& backoff = engine.backoff;
  std::vector<option> options{
    {"no-reconnect", "", "stop when the session ends; status 1 without a close frame",
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
  };
  return {"Sessions", std::move(options)};
}

option_group message_options(connect_arguments& into) {
  auto& connection = into.engine.connection;
  constexpr auto any_size = std::numeric_limits<std::int64_t>::max();
  std::vector<option> options{
    choice<std::string>("adapter", "NAME",
                        "the library that speaks WebSocket: beast or websocketpp (beast)",
                        into.adapter, {{"beast", "beast"}, {"websocketpp", "websocketpp"}}),
    {"handlers", "N", "how many messages to handle at once; 1 keeps their order (1)",
     number(into.engine.handlers, 1, any_count)},
    {"max-header", "BYTES", "the largest header of a response to accept (8192)",
     number(connection.max_header_size, 1, 8192)},
    {"max-message-size", "BYTES", "the largest message to send or accept (16777216)",
     number(connection.max_message_size, 1, any_size)},
    {"max-frames", "N", "the most frames that a message may come in (1048576)",
     number(connection.max_frames_per_message, 1, any_size)},
    {"max-part", "BYTES", "deliver larger messages in parts of this size (0: as a whole)",
     number(connection.max_part_size, 0, any_size)},
  };
  return {"Messages", std::move(options)};
}

option_group compression_options(deflate_options& deflate) {
  std::vector<option> options{
    {"deflate", "", "offer to compress messages (permessage-deflate)", flag(deflate.enabled)},
    {"deflate-level", "N", "how hard to compress, from 1 to 9 (6)", number(deflate.level, 1, 9)},
    {"deflate-memory", "N", "how much memory the compressor takes, from 1 to 9 (8)",
     number(deflate.memory_level, 1, 9)},
    {"deflate-threshold", "BYTES", "do not compress smaller messages (64)",
     number(deflate.threshold, 0, 65536)},
    {"client-window-bits", "N", "our window for compression, from 9 to 15 (15)",
     number(deflate.client_max_window_bits, 9, 15)},
    {"server-window-bits", "N", "the window that the server may use, from 9 to 15 (15)",
     number(deflate.server_max_window_bits, 9, 15)},
    {"client-no-takeover", "", "compress each message by itself",
     flag(deflate.client_no_context_takeover)},
    {"server-no-takeover", "", "ask the server to compress each message by itself",
     flag(deflate.server_no_context_takeover)},
  };
  return {"Compression", std::move(options)};
}

std::vector<option_group> connect_options(connect_arguments& into, std::uint64_t& count) {
  auto& connection = into.engine.connection;
  std::vector<option_group> result{
    stream_options(into, count),
    session_options(into),
    life_options(connection),
    message_options(into),
    compression_options(connection.deflate),
    send_options(into),
    sharing_options(into),
    tracing_options_for(into.tracing),
  };
  for (auto& group : dial_options(into))
    result.push_back(std::move(group));
  return result;
}

// -- parsing --------------------------------------------------------------------------------------

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

// What each option allows by itself, but not beside others.
void complain_about_pairs(const connect_arguments& what, split_line& line) {
  auto complain = [&line](const std::string& name, const std::string& problem) {
    if (line.was_given(name))
      line.problems.push_back("--" + name + problem);
  };
  if (what.adapter != "beast")
    for (const auto* name : {"deflate", "max-part"})
      complain(name, ": the adapter " + what.adapter + " cannot do that");
  if (what.proxy_from_environment && line.was_given("proxy"))
    line.problems.emplace_back("--proxy-from-env: there is --proxy already");
  if (!what.engine.outbox.enabled)
    for (const auto* name : {"outbox-bytes", "expire-after", "resend-unknown"})
      complain(name, " needs --outbox");
  if (!what.exit_on_eof)
    complain("linger", " needs --exit-on-eof");
  if (what.input != input_mode::chunks)
    complain("chunk-size", " needs --input chunks");
  check_tracing(what.tracing, line);
  if (what.json && what.output != output_mode::events)
    complain("output", ": --json prints events");
}

} // namespace

arguments parse_connect(const std::vector<std::string>& words) {
  connect_arguments result;
  std::uint64_t count = 0;
  auto line = option_table{connect_options(result, count)}.parse(words);
  line.take_positional(result.engine.request.url, "URL");
  complain_about_pairs(result, line);
  if (count > 0)
    result.count = count;
  auto& backoff = result.engine.backoff;
  // Who asks for long delays and names no cap does not want the default to be in the way.
  if (!line.was_given("backoff-cap"))
    backoff.cap = std::max(backoff.cap, backoff.base);
  auto url_problem = result.engine.request.url.empty();
  for (const auto& [field, what] : validate(result.engine))
    if (!(url_problem && field == "request.url"))
      line.problems.push_back(
        name_of_field(field) + ": " + what
        + (field == "request.url" ? advice_for_url(result.engine.request.url) : ""));
  return outcome_of(std::move(line), std::move(result));
}

// -- manual ---------------------------------------------------------------------------------------

namespace {

section input_section() {
  return {
    "Standard input",
    "With --input commands, each line is sent as a text message once a session is open, and lines "
    "that begin with a slash are commands. Lines are carried out in order: what ends a session "
    "waits for the answers to the commands before it, for a pong or a request at most as long as "
    "--stop-timeout. With another --input no line is a command.",
    {{"/binary HEX", "send a binary message"},
     {"/ping", "send a ping and print the round-trip time"},
     {"/pause, /resume", "stop and go on handing out messages"},
     {"/subscribe NAME TEXT", "send TEXT now and at the beginning of each session"},
     {"/unsubscribe NAME [TEXT]", "no longer do so; send TEXT now"},
     {"/restart", "close the session and open a new one"},
     {"/close [CODE [REASON]]", "close the session with that code (1000) and stop"},
     {"/exit", "close the session and stop"},
     {"/status", "print what the engine is doing"},
     {"/request KEY TEXT",
      "send TEXT and print the message that answers it: the one with that key"}},
    "The end of standard input does not end the session, for most who have nothing to say want to "
    "listen, and a service has no standard input at all. --exit-on-eof says otherwise: then the "
    "session is closed once all that was read is handed to the operating system. Whoever waits for "
    "answers gives --count or --linger, too; what comes first ends the program."};
}

section output_section() {
  return {"Standard output",
          "With --output lines or raw there are only the contents of messages on standard output; "
          "what goes wrong is told on standard error. While nobody reads standard output, nothing "
          "is read from the socket, either."};
}

section exit_section() {
  return {
    "Exit status",
    "Stops with close code 1000, on SIGINT and SIGTERM with 1001.",
    {{"0", "stopped as asked: by a command, a signal, --count, --exit-on-eof, or a close frame "
           "with --no-reconnect"},
     {"1", "could not start, gave up, or, with --exit-on-eof, could not send all of its input"},
     {"2", "bad usage"}}};
}

} // namespace

manual manual_of_connect() {
  connect_arguments unused;
  std::uint64_t count = 0;
  manual result;
  result.name = "connect";
  result.arguments = "URL [OPTION]...";
  result.summary = "keep a session open; print what happens";
  result.description =
    "Keeps a WebSocket session to URL (ws:// or wss://) open and prints what happens. Lines of "
    "standard input are sent as text messages; /exit ends it.\n\n"
    "Durations D are written as 250ms, 5s or 1m; what is in parentheses is the default.";
  result.essential = {"header", "input", "output",      "json",
                      "send",   "count", "exit-on-eof", "no-reconnect"};
  result.options = without_setters(connect_options(unused, count));
  result.sections = {input_section(), output_section(), exit_section()};
  result.examples = {
    {"wsengine connect wss://example.org/feed --json", "Watch a feed, one JSON object a line:"},
    {"wsengine connect ws://127.0.0.1:8080/echo --send hi --count 1 --output raw",
     "Ask once, print the answer and nothing else, and end:"},
    {"wsengine connect URL --input binary --exit-on-eof <FILE",
     "Send a file as one binary message:"},
  };
  return result;
}

} // namespace wsengine::cli
