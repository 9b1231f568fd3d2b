// serve_options.cpp: see serve_options.hpp.

#include "serve_options.hpp"

#include "line_outcome.hpp"
#include "option_table.hpp"
#include "setters.hpp"

#include <utility>

namespace wsengine::cli {

namespace {

std::vector<option_group> serve_options(serve_arguments& into) {
  std::vector<option> options{
    {"port", "P", "the port on 127.0.0.1; 0 picks a free one (8080)", number(into.port, 0, 65535)},
    {"tls", "", "speak TLS; needs --cert and --key", flag(into.tls)},
    {"cert", "FILE", "the certificate chain, PEM", text(into.certificate_file)},
    {"key", "FILE", "its key, PEM", text(into.key_file)},
    {"json", "", "print one JSON object a line", flag(into.json)},
    {"verbose", "", "tell of sessions that open and end, too", flag(into.verbose)},
  };
  return {{"Options", std::move(options)}};
}

section paths() {
  return {"Paths",
          "",
          {{"/echo", "sends each message back; ?fragment=BYTES splits it into frames"},
           {"/close?code=C&reason=R", "closes at once; 1005 stands for no code"},
           {"/accept-close", "closes at once with 1000"},
           {"/drop", "resets the TCP connection after the first message"},
           {"/flood?n=N&size=S", "sends N binary messages of S bytes, then closes with 1000"},
           {"/slow?ms=M", "sends each message back after M milliseconds"},
           {"/silent", "opens the session and never reads or writes again"},
           {"/stall", "never answers the upgrade request"},
           {"/refuse?status=S", "answers the upgrade request with that HTTP status"}},
          "With deflate=1 in the query, /echo, /flood and /slow compress messages if the client "
          "offers it."};
}

} // namespace

arguments parse_serve(const std::vector<std::string>& words) {
  serve_arguments result;
  auto line = option_table{serve_options(result)}.parse(words);
  line.refuse_positionals();
  for (const auto* name : {"cert", "key"}) {
    if (result.tls && !line.was_given(name))
      line.problems.push_back(std::string{"--tls needs --"} + name);
    if (!result.tls && line.was_given(name))
      line.problems.push_back(std::string{"--"} + name + " needs --tls");
  }
  return outcome_of(std::move(line), std::move(result));
}

manual manual_of_serve() {
  serve_arguments unused;
  manual result;
  result.name = "serve";
  result.arguments = "[OPTION]...";
  result.summary = "an echo server on 127.0.0.1, which can also misbehave";
  result.description =
    "Runs an echo server on 127.0.0.1 until SIGINT or SIGTERM. The path of the URL says how it "
    "behaves.";
  result.options = without_setters(serve_options(unused));
  result.sections = {paths()};
  result.examples = {
    {"wsengine serve --port 9000", "Serve ws://127.0.0.1:9000/echo:"},
    {"wsengine serve --tls --cert chain.pem --key key.pem --verbose",
     "Serve wss://127.0.0.1:8080/echo, and tell of each session:"},
  };
  return result;
}

} // namespace wsengine::cli
