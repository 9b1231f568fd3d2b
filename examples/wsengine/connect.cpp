// connect.cpp: the command `connect`: an engine, its client, and who may end them.

#include "advice.hpp"
#include "client.hpp"
#include "conversation.hpp"
#include "input.hpp"
#include "output.hpp"
#include "program_config.hpp"
#include "reporter.hpp"
#include "run.hpp"
#include "signals.hpp"
#include "span_file.hpp"
#include "status_service.hpp"

#include "wsengine/all.hpp"
#include "wsengine/recording.hpp"
#ifdef WSENGINE_HAS_WEBSOCKETPP
#include "wsengine/websocketpp.hpp"
#endif

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

namespace wsengine::cli {

namespace {

/// After a signal, how long lines may still wait for somebody to read them.
constexpr auto reading_grace = std::chrono::seconds(1);

/// The answer to the request that has started the engine.
using start_answer = decltype(std::declval<caf::scoped_actor&>()->request(
  std::declval<const engine_actor&>(), caf::infinite, start_msg{}));

/// Waits until the engine has stopped. Returns why.
caf::error wait_for_end(caf::scoped_actor& self, start_answer& started, const engine_actor& engine,
                        const engine_options& options, const conversation& talk, reporter& report) {
  started.receive([](const session&) {},
                  [&](const caf::error& cause) {
                    // Attempts that were given up are reported one by one.
                    if (!talk.wished() && !is(cause, engine_errc::gave_up))
                      report.start_error(cause, advice_for(cause, options));
                  });
  caf::error result;
  self->request(engine, caf::infinite, wait_stopped_msg{})
    .receive([&](stop_report& why) { result = std::move(why.reason); },
             [&](caf::error& cause) { result = std::move(cause); });
  return result;
}

/// Goes on with the engine, and with standard input beside it, until both have ended.
caf::error run_engine(caf::scoped_actor& self, start_answer& started, const engine_actor& engine,
                      const engine_options& options, conversation& talk, reporter& report,
                      output& errors, input::settings how) {
  input lines{self->system(), engine, talk, report, errors, std::move(how)};
  std::thread reading{[&lines] { lines.run(STDIN_FILENO); }};
  auto reason = wait_for_end(self, started, engine, options, talk, report);
  talk.end();
  errors.wait_only_until(output::clock::now() + reading_grace);
  reading.join();
  return reason;
}

/// Ends the engine for a cause that leaves no time to wait for readers.
void leave(farewell why, const engine_actor& engine, conversation& talk, output& out,
           output& errors) {
  talk.wish(std::move(why));
  auto limit = output::clock::now() + reading_grace;
  out.wait_only_until(limit);
  errors.wait_only_until(limit);
  caf::anon_send(engine, stop_msg{});
}

input::settings input_settings(const connect_arguments& from) {
  input::settings result;
  result.sends = from.sends;
  result.mode = from.input;
  result.longest_message =
    std::min<std::uint64_t>(from.engine.connection.max_message_size, 1U << 30U);
  result.chunk_size = std::min(from.chunk_size, result.longest_message);
  if (from.engine.outbox.enabled) {
    result.by_outbox = send_msg{};
    result.by_outbox->policy = from.expire_after ? send_policy::expire : send_policy::keep;
    result.by_outbox->expire_after = from.expire_after ? *from.expire_after : timespan{0};
    result.by_outbox->resend_unknown = from.resend_unknown;
  }
  // Who counts messages has said when to stop, unless there is a time for that, too.
  result.stop_at_end = from.exit_on_eof && (!from.count || from.linger > timespan{0});
  result.linger = from.linger;
  result.patience = from.engine.timeouts.stop;
  result.request_timeout = from.request_timeout;
  return result;
}

std::unique_ptr<reporter> make_reporter(const connect_arguments& from, output& out,
                                        output& errors) {
  switch (from.output) {
    case output_mode::lines: return make_content_reporter(out, errors, "\n");
    case output_mode::raw: return make_content_reporter(out, errors, "");
    case output_mode::events: break;
  }
  return from.json ? make_json_reporter(out) : make_human_reporter(out);
}

/// The connections of the adapter with that name; none when this program was built without it.
std::optional<connector> find_connector(const std::string& adapter, host& io) {
  if (adapter == "beast")
    return beast_connector(io);
#ifdef WSENGINE_HAS_WEBSOCKETPP
  if (adapter == "websocketpp")
    return websocketpp_connector(io);
#endif
  return std::nullopt;
}

/// Puts the proxy that the environment names into the options. Returns what is wrong with it.
std::string take_environment(const connect_arguments& from, engine_options& options) {
  if (!from.proxy_from_environment)
    return {};
  auto url = parse_url(options.request.url);
  std::string problem;
  auto found = proxy_from_environment(url && url->secure, &problem);
  // What the command line excepts goes without the proxy, too.
  auto& list = found.no_proxy;
  list.insert(list.end(), options.connection.proxy.no_proxy.begin(),
              options.connection.proxy.no_proxy.end());
  options.connection.proxy = std::move(found);
  return problem.empty() ? "" : "the proxy in the environment " + problem;
}

/// The file of a recording and what writes to it; neither without `--record`.
struct recording_file {
  std::ofstream file;
  std::optional<recorder> log;

  /// Returns what is wrong.
  std::string open(const std::string& path, caf::actor_system& system) {
    if (path.empty())
      return {};
    file.open(path, std::ios::binary | std::ios::trunc);
    if (!file)
      return path + ": cannot be written";
    log.emplace(system, file);
    return {};
  }
};

/// Serves the status page, whose buttons `stop` the engine or restart its session. Returns what is
/// wrong.
std::string open_status(status_service& status, reporter& report,
                        std::function<void(const engine_actor&)> stop,
                        std::function<void(const std::string&)> wish) {
  return status.open(report, [stop = std::move(stop), wish = std::move(wish)](const caf::actor& who,
                                                                              site_action asked) {
    if (asked == site_action::restart) {
      wish("restart");
      return compat::send_exit(who, session_signal::restart);
    }
    wish("stop");
    stop(caf::actor_cast<engine_actor>(who));
  });
}

} // namespace

int run_connect(const connect_arguments& what) {
  output out{STDOUT_FILENO};
  output errors{STDERR_FILENO};
  auto report = make_reporter(what, out, errors);
  conversation talk;
  span_file spans;
  if (auto problem = spans.open(what.tracing); !problem.empty()) {
    errors.write_line("wsengine: " + problem);
    return 1;
  }
  program_config<config> cfg;
  caf::actor_system system{cfg};
  host io{system, {1, what.engine.timeouts.stop}};
  auto options = what.engine;
  if (auto problem = take_environment(what, options); !problem.empty()) {
    errors.write_line("wsengine: " + problem);
    return 2;
  }
  auto connections = find_connector(what.adapter, io);
  if (!connections) {
    errors.write_line("wsengine: this program was built without the adapter " + what.adapter);
    return 2;
  }
  recording_file record;
  if (auto problem = record.open(what.record_file, system); !problem.empty()) {
    errors.write_line("wsengine: " + problem);
    return 1;
  }
  std::shared_ptr<callbacks> object =
    std::make_shared<client>(talk, *report, what.count, !what.no_reconnect);
  if (record.log) {
    connections = record.log->record(std::move(*connections));
    object = record.log->record(std::move(object));
  }
  auto wish = [&record](const std::string& of_user) {
    if (record.log)
      record.log->note(of_user);
  };
  status_service status{system, what.status_port, "wsengine connect " + options.request.url};
  auto stop = [&](const engine_actor& which) {
    leave({"stopped on the status page"}, which, talk, out, errors);
  };
  if (auto problem = open_status(status, *report, stop, wish); !problem.empty()) {
    errors.write_line("wsengine: " + problem);
    return 1;
  }
  engine_hooks hooks;
  hooks.watcher = status.watcher();
  hooks.traces = spans.traces();
  if (what.request_key_pointer)
    hooks.request_key = json_key(*what.request_key_pointer);
  auto engine = spawn_engine(system, std::move(*connections), options, std::move(object),
                             placement::detached, std::move(hooks));
  if (!engine) {
    errors.write_line("wsengine: " + describe(engine.error()));
    return 2;
  }
  if (record.log)
    record.log->watch(*engine);
  // Before anything that may stop it: what comes before the start is not heard.
  caf::scoped_actor self{system};
  auto started = self->request(*engine, caf::infinite, start_msg{});
  out.when_broken([&, handle = *engine] {
    if (talk.wish({"standard output was closed", 1}))
      caf::anon_send(handle, stop_msg{});
  });
  signal_watch signals{[&, asked = false](int number) mutable {
    // Whoever asks twice does not want to wait for the other side.
    if (std::exchange(asked, true))
      std::_Exit(1);
    close_details leaving{close_code::going_away, ""};
    wish(name_of_signal(number));
    leave({name_of_signal(number), 0, leaving}, *engine, talk, out, errors);
  }};
  auto settings = input_settings(what);
  settings.on_wish = wish;
  auto reason =
    run_engine(self, started, *engine, options, talk, *report, errors, std::move(settings));
  auto wished = talk.wished();
  report->stopped(wished ? wished->reason : describe(reason));
  if (auto complaint = spans.complaint(); !complaint.empty())
    errors.write_line("wsengine: " + complaint);
  // Whoever is still stuck in a callback must not keep us here.
  errors.wait_only_until(output::clock::now());
  return wished ? wished->status : 1;
}

} // namespace wsengine::cli
