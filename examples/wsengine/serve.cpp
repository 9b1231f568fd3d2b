// serve.cpp: the command `serve`: the echo server, until a signal ends it.

#include "echo_server.hpp"
#include "output.hpp"
#include "reporter.hpp"
#include "run.hpp"
#include "signals.hpp"

#include <exception>
#include <future>
#include <string>
#include <unistd.h>

namespace wsengine::cli {

namespace {

/// Clients may be there before `announced` is ready; their events wait for it.
examples::echo_options make_options(const serve_arguments& from, reporter& report,
                                    const std::shared_future<void>& announced) {
  examples::echo_options result;
  result.port = from.port;
  if (from.tls)
    result.tls = {from.certificate_file, from.key_file};
  if (from.verbose)
    result.on_event = [&report, announced](const examples::echo_event& event) {
      announced.wait();
      if (event.what == examples::echo_event::type::opened)
        report.server_opened(event.connection, event.data);
      else if (event.what == examples::echo_event::type::closed)
        report.server_closed(event.connection, event.details);
    };
  return result;
}

} // namespace

int run_serve(const serve_arguments& what) {
  output out{STDOUT_FILENO};
  output errors{STDERR_FILENO};
  auto report = what.json ? make_json_reporter(out) : make_human_reporter(out);
  std::promise<void> announced;
  examples::echo_server server{make_options(what, *report, announced.get_future().share())};
  ending_signal ending{out};
  try {
    server.start();
  } catch (const std::exception& problem) {
    errors.write_line("wsengine: " + std::string{problem.what()});
    return 1;
  }
  report->listening(server.port(), server.url());
  announced.set_value();
  ending.wait();
  server.stop();
  return 0;
}

} // namespace wsengine::cli
