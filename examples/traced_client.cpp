// traced_client.cpp: a client whose spans go to a file, with spans of its own among them. Hand the
// file to an OpenTelemetry Collector with the receiver otlpjsonfile, or look at it.

#include "wsengine/all.hpp"
#include "wsengine/otlp.hpp"

#include <caf/scoped_actor.hpp>

#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

class answering_client : public wsengine::callbacks {
public:
  explicit answering_client(std::shared_ptr<const wsengine::tracer> traces)
    : traces_(std::move(traces)) {}

  caf::result<void> on_open(wsengine::session_context& context, const wsengine::handshake_response&,
                            bool) override {
    context.post(wsengine::text("hello"));
    return caf::unit;
  }

  void on_message(wsengine::session_context& context, wsengine::message_kind,
                  const wsengine::payload& data) override {
    if (data.text() != "hello")
      return context.exit();
    // A part of the callback, if that is recorded.
    auto work = context.trace()
                  ? traces_->begin("look it up", wsengine::span_kind::internal, context.trace())
                  : wsengine::active_span{};
    work.set("question", std::string{data.text()});
    wsengine::send_msg answer{wsengine::message_kind::text, "the answer"};
    answer.trace = work.context();
    caf::anon_send(context.engine(), std::move(answer));
  }

private:
  std::shared_ptr<const wsengine::tracer> traces_;
};

int main(int argc, char** argv) {
  // Both outlive the actors, whose last spans come at the end.
  std::ofstream file{argc > 2 ? argv[2] : "spans.jsonl"};
  wsengine::otlp_file_options about;
  about.service_name = "answering_client";
  auto sink = std::make_shared<wsengine::otlp_file>(file, about);
  wsengine::tracing_options how;
  how.ratio = 1;            // all dials, starts, sends, ...
  how.message_ratio = 0.01; // one in a hundred on_message
  how.propagate = true;     // the server learns of the dial by `traceparent`
  auto traces = wsengine::make_tracer(how, sink);

  wsengine::config cfg;
  caf::actor_system system{cfg};
  wsengine::host io{system};
  wsengine::engine_options options;
  options.request.url = argc > 1 ? argv[1] : "ws://127.0.0.1:8080/echo";
  wsengine::engine_hooks hooks;
  hooks.traces = traces;
  auto engine = wsengine::spawn_engine(system, wsengine::beast_connector(io), options,
                                       std::make_shared<answering_client>(traces),
                                       wsengine::placement::scheduler, hooks);
  if (!engine) {
    std::cerr << wsengine::describe(engine.error()) << '\n';
    return 2;
  }
  caf::scoped_actor self{system};
  self->send(*engine, wsengine::start_msg{});
  int status = 1;
  self->request(*engine, caf::infinite, wsengine::wait_stopped_msg{})
    .receive(
      [&](const wsengine::stop_report& how) {
        status = wsengine::is(how.reason, wsengine::engine_errc::exited) ? 0 : 1;
      },
      [](const caf::error& x) { std::cerr << wsengine::describe(x) << '\n'; });
  return status;
}
