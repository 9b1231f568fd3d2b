// arguments.cpp: the command line and the standard input of the program wsengine.

#define CAF_SUITE arguments

#include "byte_source.hpp"
#include "commands.hpp"
#include "duration.hpp"
#include "line_reader.hpp"
#include "output.hpp"
#include "pure/connect_line.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace wsengine;
using namespace wsengine::cli;
using namespace std::chrono_literals;

namespace {

struct pipe_ends {
  pipe_ends() { CAF_REQUIRE_EQUAL(::pipe(fds.data()), 0); }

  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;

  ~pipe_ends() {
    close_in();
    close_out();
  }

  int out() const { return fds[0]; }

  int in() const { return fds[1]; }

  void close_out() { end(fds[0]); }

  void close_in() { end(fds[1]); }

  static void end(int& fd) {
    if (fd >= 0)
      ::close(fd);
    fd = -1;
  }

  void put(const std::string& text) const {
    CAF_REQUIRE_EQUAL(::write(in(), text.data(), text.size()), static_cast<long>(text.size()));
  }

  std::array<int, 2> fds{};
};

} // namespace

// -- durations ------------------------------------------------------------------------------------

CAF_TEST(durations have a number and a unit) {
  CAF_CHECK(parse_duration("250ms") == 250ms);
  CAF_CHECK(parse_duration("5s") == 5s);
  CAF_CHECK(parse_duration("1m") == 1min);
  CAF_CHECK(parse_duration("2h") == 2h);
  CAF_CHECK(parse_duration("1.5s") == 1500ms);
  CAF_CHECK(parse_duration("10us") == 10us);
  CAF_CHECK(parse_duration("0") == 0s);
  for (const auto* bad :
       {"", "5", "s", "-1s", "5 s", "5S", "1e3s", "infs", "nan", "5sec", "99999999h"})
    CAF_CHECK(!parse_duration(bad));
}

CAF_TEST(durations are written with the unit that suits them) {
  CAF_CHECK_EQUAL(format_duration(250ms), "250ms");
  CAF_CHECK_EQUAL(format_duration(1500ms), "1.5s");
  CAF_CHECK_EQUAL(format_duration(90s), "1.5m");
  CAF_CHECK_EQUAL(format_duration(12us), "12us");
  CAF_CHECK_EQUAL(format_duration(0s), "0us");
}

// -- connect --------------------------------------------------------------------------------------

CAF_TEST(without options the defaults of the library hold) {
  auto found = connect({});
  engine_options wanted;
  wanted.request.url = "ws://localhost/";
  CAF_CHECK(found.engine == wanted);
  CAF_CHECK_EQUAL(found.adapter, "beast");
  CAF_CHECK(!found.json && !found.count && !found.no_reconnect && !found.exit_on_eof);
  CAF_CHECK(found.sends.empty());
}

CAF_TEST(every option of connect has its place) {
  auto found = connect({"--json",
                        "--send",
                        "a",
                        "--send",
                        "",
                        "--count",
                        "3",
                        "--handlers",
                        "4",
                        "--no-reconnect",
                        "--retry-first",
                        "--backoff-base",
                        "1s",
                        "--backoff-factor",
                        "1.5",
                        "--backoff-cap",
                        "1m",
                        "--jitter",
                        "0.5",
                        "--max-attempts",
                        "7",
                        "--stable-after",
                        "2s",
                        "--open-timeout",
                        "3s",
                        "--stop-timeout",
                        "4s",
                        "--ping-interval",
                        "5s",
                        "--pong-timeout",
                        "6s",
                        "--idle-timeout",
                        "0",
                        "--write-timeout",
                        "7s",
                        "--tcp-keepalive",
                        "8s",
                        "--tcp-keepalive-interval",
                        "9s",
                        "--tcp-keepalive-count",
                        "10",
                        "--tcp-user-timeout",
                        "11s",
                        "--max-header",
                        "900",
                        "--max-message-size",
                        "1000",
                        "--max-frames",
                        "100",
                        "--deflate",
                        "--deflate-level",
                        "1",
                        "--deflate-memory",
                        "2",
                        "--deflate-threshold",
                        "3",
                        "--client-window-bits",
                        "9",
                        "--server-window-bits",
                        "10",
                        "--client-no-takeover",
                        "--server-no-takeover",
                        "--header",
                        "A: b",
                        "--header",
                        "C:d:e ",
                        "--subprotocol",
                        "p",
                        "--subprotocol",
                        "q",
                        "--ca",
                        "file",
                        "--insecure",
                        "--exit-on-eof"});
  CAF_CHECK(found.json && found.no_reconnect && found.exit_on_eof);
  CAF_CHECK(found.sends == words({"a", ""}));
  CAF_CHECK(found.count == 3U);
  const auto& engine = found.engine;
  CAF_CHECK_EQUAL(engine.handlers, 4U);
  CAF_CHECK(engine.backoff == (backoff_options{1s, 1.5, 1min, 0.5, 2s, 7, true, 5min}));
  CAF_CHECK(engine.timeouts == (engine_timeouts{3s, 4s}));
  const auto& connection = engine.connection;
  CAF_CHECK(connection.ping_interval == 5s);
  CAF_CHECK(connection.pong_timeout == 6s);
  CAF_CHECK(connection.idle_timeout == 0s);
  CAF_CHECK(connection.write_timeout == 7s);
  CAF_CHECK(connection.tcp_keepalive == (tcp_keepalive_options{true, 8s, 9s, 10}));
  CAF_CHECK(connection.tcp_user_timeout == 11s);
  CAF_CHECK_EQUAL(connection.max_header_size, 900U);
  CAF_CHECK_EQUAL(connection.max_message_size, 1000U);
  CAF_CHECK(!connection.tls.verify);
  CAF_CHECK_EQUAL(connection.tls.ca_file, "file");
  CAF_CHECK_EQUAL(connection.max_frames_per_message, 100U);
  CAF_CHECK(connection.deflate == (deflate_options{true, 9, 10, true, true, 1, 2, 3}));
  CAF_CHECK(engine.request.headers == (header_fields{{"A", "b"}, {"C", "d:e"}}));
  CAF_CHECK(engine.request.subprotocols == words({"p", "q"}));
}

CAF_TEST(the status page has a port or is not served) {
  CAF_CHECK(!connect({}).status_port);
  CAF_CHECK(connect({"--status", "8081"}).status_port == std::uint16_t{8081});
  CAF_CHECK(names_all(problems({"connect", "ws://x/", "--status", "65536"}), {"--status"}));
}

CAF_TEST(what is traced is written to a file) {
  CAF_CHECK(connect({}).tracing.file.empty());
  auto uut = connect({"--otlp", "spans.jsonl", "--trace-sample", "0.25", "--traceparent"}).tracing;
  CAF_CHECK_EQUAL(uut.file, "spans.jsonl");
  CAF_CHECK(uut.sample == 0.25);
  CAF_CHECK(uut.tell_server);
  CAF_CHECK(names_all(problems({"connect", "ws://x/", "--trace-sample", "1", "--traceparent"}),
                      {"--trace-sample needs --otlp", "--traceparent needs --otlp"}));
  for (const auto* bad : {"1.5", "-1", "x"})
    CAF_CHECK(names_all(problems({"connect", "ws://x/", "--otlp", "f", "--trace-sample", bad}),
                        {"--trace-sample"}));
}

CAF_TEST(input and output have their modes) {
  auto plain = connect({});
  CAF_CHECK(plain.input == input_mode::commands && plain.output == output_mode::events);
  CAF_CHECK(connect({"--input", "text"}).input == input_mode::text);
  CAF_CHECK(connect({"--input", "binary"}).input == input_mode::binary);
  CAF_CHECK(connect({"--output", "raw"}).output == output_mode::raw);
  auto found = connect({"--input", "chunks", "--chunk-size", "7", "--output", "lines",
                        "--exit-on-eof", "--linger", "2s"});
  CAF_CHECK(found.input == input_mode::chunks && found.output == output_mode::lines);
  CAF_CHECK_EQUAL(found.chunk_size, 7U);
  CAF_CHECK(found.linger == timespan{2s});
}

CAF_TEST(options of input and output that do not go together are named) {
  CAF_CHECK(names_all(problems({"connect", "ws://x/", "--linger", "1s", "--chunk-size", "1",
                                "--json", "--output", "raw"}),
                      {"--linger", "--chunk-size", "--output"}));
  CAF_CHECK(names_all(problems({"connect", "ws://x/", "--input", "words", "--output", "xml"}),
                      {"--input 'words' must be commands, lines, text, binary or chunks",
                       "--output 'xml' must be events, lines or raw"}));
}

CAF_TEST(large messages in parts) {
  auto found = connect({"--max-part", "50"});
  CAF_CHECK_EQUAL(found.engine.connection.max_part_size, 50U);
}

CAF_TEST(options that say what becomes of what is sent) {
  auto found = connect({"--write-queue", "10", "--queue-policy", "drop_oldest", "--waiting-room",
                        "3", "--outbox", "4", "--outbox-bytes", "5", "--expire-after", "6s",
                        "--resend-unknown", "--setup", "a", "--setup", "b"});
  CAF_CHECK_EQUAL(found.engine.connection.write_queue_bytes, 10U);
  CAF_CHECK(found.engine.connection.when_queue_full == queue_policy::drop_oldest);
  CAF_CHECK_EQUAL(found.engine.connection.waiting_room, 3U);
  CAF_CHECK(found.engine.outbox == (outbox_options{true, 4, 5}));
  CAF_CHECK(found.expire_after == timespan{6s});
  CAF_CHECK(found.resend_unknown);
  CAF_REQUIRE_EQUAL(found.engine.setup.size(), 2U);
  CAF_CHECK(found.engine.setup[0].message == wsengine::text("a"));
  CAF_CHECK(found.engine.setup[1].message == wsengine::text("b"));
}

CAF_TEST(complaints about what is sent name their options) {
  auto bad = problems({"connect", "ws://x/", "--queue-policy", "often", "--outbox-bytes", "1",
                       "--expire-after", "1s", "--resend-unknown", "--setup", "\xff"});
  CAF_CHECK(names_all(
    bad, {"--queue-policy", "--outbox-bytes", "--expire-after", "--resend-unknown", "--setup"}));
}

CAF_TEST(complaints about signs of life name their options) {
  CAF_CHECK(names_all(
    problems({"connect", "ws://x/", "--ping-interval", "x", "--pong-timeout", "x", "--idle-timeout",
              "x", "--write-timeout", "x", "--tcp-keepalive", "1ms", "--tcp-keepalive-interval",
              "1ms", "--tcp-keepalive-count", "128", "--tcp-user-timeout", "1000h"}),
    {"--ping-interval", "--pong-timeout", "--idle-timeout", "--write-timeout", "--tcp-keepalive:",
     "--tcp-keepalive-interval", "--tcp-keepalive-count", "--tcp-user-timeout"}));
}

CAF_TEST(options may come before the URL and with an equals sign) {
  auto found = parse_arguments({"connect", "--count=2", "--json", "wss://x/", "--send=--json"});
  const auto& what = std::get<connect_arguments>(found);
  CAF_CHECK_EQUAL(what.engine.request.url, "wss://x/");
  CAF_CHECK(what.count == 2U);
  CAF_CHECK(what.sends == words({"--json"}));
}

CAF_TEST(a long base delay raises the default cap but not a given one) {
  CAF_CHECK(connect({"--backoff-base", "1m"}).engine.backoff.cap == 1min);
  CAF_CHECK(
    names_all(problems({"connect", "ws://x/", "--backoff-base", "1m", "--backoff-cap", "1s"}),
              {"--backoff-cap"}));
}

CAF_TEST(every bad option is named once) {
  CAF_CHECK(
    names_all(problems({"connect", "http://x/", "--count", "0", "--jitter", "2", "--handlers", "x",
                        "--backoff-base", "5", "--header", "x", "--subprotocol", "a b", "--what",
                        "--max-attempts", "-1", "--stop-timeout", "0s"}),
              {"URL", "--count", "--jitter", "--handlers", "--backoff-base", "--header",
               "--subprotocol", "--what", "--max-attempts", "--stop-timeout"}));
}

CAF_TEST(missing values and repeated options are named beside the rest) {
  CAF_CHECK(names_all(problems({"connect", "ws://x/", "--json=1", "--count", "1", "--count", "2",
                                "--nonsense=5", "--ca"}),
                      {"--json", "--count", "--nonsense", "--ca"}));
}

CAF_TEST(the adapter is one of those that there are) {
  CAF_CHECK_EQUAL(connect({"--adapter", "websocketpp"}).adapter, "websocketpp");
  CAF_CHECK(names_all(problems({"connect", "ws://x/", "--adapter", "other"}), {"--adapter"}));
  CAF_CHECK(names_all(
    problems({"connect", "ws://x/", "--adapter", "websocketpp", "--deflate", "--max-part", "9"}),
    {"--deflate", "--max-part"}));
}

CAF_TEST(a URL is needed and only one) {
  CAF_CHECK(names_all(problems({"connect"}), {"URL"}));
  CAF_CHECK(names_all(problems({"connect", "ws://x/", "ws://y/"}), {"ws://y/"}));
}

// -- serve and the rest ---------------------------------------------------------------------------

CAF_TEST(serve has a port and credentials) {
  auto found = parse_arguments(
    {"serve", "--port", "0", "--tls", "--cert", "c", "--key", "k", "--json", "--verbose"});
  const auto& what = std::get<serve_arguments>(found);
  CAF_CHECK_EQUAL(what.port, 0U);
  CAF_CHECK(what.tls && what.json && what.verbose);
  CAF_CHECK_EQUAL(what.certificate_file, "c");
  CAF_CHECK_EQUAL(what.key_file, "k");
}

CAF_TEST(serve names what is wrong) {
  CAF_CHECK(names_all(problems({"serve", "--port", "65536", "--tls", "x"}),
                      {"--port", "--cert", "--key", "argument x"}));
  CAF_CHECK(names_all(problems({"serve", "--cert", "c"}), {"--cert"}));
}

CAF_TEST(help is no mistake) {
  for (const auto& line : {words{"--help"},
                           {"-h"},
                           {"help"},
                           {"--version"},
                           {"connect", "--help"},
                           {"serve", "--port", "x", "--help"}})
    CAF_CHECK(!std::get<help_arguments>(parse_arguments(line)).text.empty());
  CAF_CHECK(names_all(problems({}), {"command"}));
  CAF_CHECK(names_all(problems({"conect"}), {"conect"}));
}

CAF_TEST(complaints say what would have been right) {
  CAF_CHECK(names_all(problems({"conect"}), {"did you mean connect?"}));
  CAF_CHECK(names_all(
    problems({"connect", "localhost:80", "--jiter", "1", "-json"}),
    {"did you mean ws://localhost:80?", "did you mean --jitter?", "did you mean --json?"}));
  CAF_CHECK(names_all(problems({"serve", "--prot", "1"}),
                      {"did you mean --port?", "unexpected argument 1"}));
  CAF_CHECK_EQUAL(parse_command("/exti").data, "unknown command /exti; did you mean /exit?");
  auto see = std::get<usage_error>(parse_arguments({"serve", "x"})).see;
  CAF_CHECK_EQUAL(see, "wsengine serve --help");
}

CAF_TEST(completion is for shells that are known) {
  CAF_CHECK(names_all(problems({"completion"}), {"SHELL"}));
  CAF_CHECK(names_all(problems({"completion", "fish"}), {"'fish'"}));
  CAF_CHECK(names_all(problems({"man", "connect"}), {"argument connect"}));
}

// -- standard input -------------------------------------------------------------------------------

CAF_TEST(lines are texts or commands) {
  using type = command::type;
  CAF_CHECK(parse_command("").what == type::text);
  CAF_CHECK_EQUAL(parse_command(" /exit").data, " /exit");
  CAF_CHECK_EQUAL(parse_command("/binary 00 fF").data, (std::string{"\x00\xff", 2}));
  CAF_CHECK(parse_command("/exit").what == type::exit);
  CAF_CHECK(parse_command("/close").details == (close_details{close_code::normal, ""}));
  CAF_CHECK(parse_command("/close 3000 a  b").details
            == (close_details{static_cast<close_code>(3000), "a  b"}));
  for (const auto* bad : {"/", "/nothing", "/exit now", "/binary", "/binary 0", "/binary 0g",
                          "/close 1005", "/close 1000x", "/close 99999", "/Exit"})
    CAF_CHECK(parse_command(bad).what == type::malformed);
}

CAF_TEST(subscriptions have a name and a text) {
  using type = command::type;
  auto more = parse_command("/subscribe trades sub  trades");
  CAF_CHECK(more.what == type::subscribe);
  CAF_CHECK_EQUAL(more.name, "trades");
  CAF_CHECK_EQUAL(more.data, "sub  trades");
  auto less = parse_command("/unsubscribe trades");
  CAF_CHECK(less.what == type::unsubscribe);
  CAF_CHECK_EQUAL(less.name, "trades");
  CAF_CHECK_EQUAL(less.data, "");
  for (const auto* bad : {"/subscribe", "/subscribe trades", "/unsubscribe"})
    CAF_CHECK(parse_command(bad).what == type::malformed);
}

CAF_TEST(lines come whole whatever their pieces) {
  pipe_ends data;
  pipe_ends end;
  line_reader lines{data.out(), end.out(), 10};
  data.put("one\ntwo\r\n\nth");
  CAF_CHECK(lines.next() == "one");
  CAF_CHECK(lines.next() == "two");
  CAF_CHECK(lines.next() == "");
  data.put("ree\n" + std::string(11, 'x') + "\nfour");
  data.close_in();
  CAF_CHECK(lines.next() == "three");
  CAF_CHECK(lines.next() && lines.was_too_long());
  CAF_CHECK(lines.next() == "four" && !lines.was_too_long());
  CAF_CHECK(!lines.next() && lines.ended());
}

CAF_TEST(the rest of a long line is no line) {
  pipe_ends data;
  pipe_ends end;
  line_reader lines{data.out(), end.out(), 10};
  data.put(std::string(20, 'x'));
  CAF_CHECK(lines.next() && lines.was_too_long());
  data.put("yyy\nz\n");
  CAF_CHECK(lines.next() == "z" && !lines.was_too_long());
}

CAF_TEST(bytes come as they are there) {
  pipe_ends data;
  pipe_ends end;
  byte_source source{data.out(), end.out()};
  data.put("abcdef");
  CAF_CHECK(source.next(4) == "abcd");
  CAF_CHECK(source.next(4) == "ef");
  data.close_in();
  CAF_CHECK(!source.next(4) && source.ended());
}

CAF_TEST(waiting for bytes can be ended) {
  pipe_ends data;
  pipe_ends end;
  byte_source source{data.out(), end.out()};
  end.put("x");
  CAF_CHECK(!source.next(4) && !source.ended());
}

CAF_TEST(waiting for lines can be ended) {
  pipe_ends data;
  pipe_ends end;
  line_reader lines{data.out(), end.out(), 10};
  data.put("unfinished");
  end.put("x");
  CAF_CHECK(!lines.next() && !lines.ended());
}

// -- standard output ------------------------------------------------------------------------------

CAF_TEST(writing to a full pipe ends at the limit) {
  pipe_ends data;
  output out{data.in()};
  std::string big(1U << 20U, 'x');
  std::thread late{[&out] { out.wait_only_until(output::clock::now()); }};
  CAF_CHECK(!out.write_line(big));
  late.join();
  CAF_CHECK(out.broken());
  CAF_CHECK(!out.write_line("more"));
}

CAF_TEST(whoever writes to nobody is told so) {
  std::signal(SIGPIPE, SIG_IGN);
  pipe_ends data;
  output out{data.in()};
  int told = 0;
  out.when_broken([&told] { ++told; });
  CAF_CHECK(out.write_line("heard"));
  data.close_out();
  CAF_CHECK(!out.write_line("lost"));
  CAF_CHECK(!out.write_line("lost, too"));
  CAF_CHECK_EQUAL(told, 1);
}

CAF_TEST(bytes are written as they are) {
  pipe_ends data;
  output out{data.in()};
  CAF_CHECK(out.write_bytes(std::string{"a\0\n", 3}));
  CAF_CHECK(out.write_bytes("b"));
  out.end();
  CAF_CHECK(!out.write_bytes("too late"));
  std::array<char, 64> read{};
  CAF_REQUIRE_EQUAL(::read(data.out(), read.data(), read.size()), 4);
  CAF_CHECK_EQUAL((std::string{read.data(), 4}), (std::string{"a\0\nb", 4}));
}

CAF_TEST(nothing comes behind the last line) {
  pipe_ends data;
  output out{data.in()};
  CAF_CHECK(out.write_last_line("last"));
  CAF_CHECK(!out.write_line("too late"));
  std::array<char, 64> read{};
  CAF_CHECK_EQUAL(::read(data.out(), read.data(), read.size()), 5);
}
