// tracing.cpp: the spans of engines, in virtual time.

#define CAF_SUITE tracing

#include "wsengine/tracing.hpp"

#include "deterministic/tracing_fixture.hpp"

#include <string>

namespace {

struct fixture : tracing_fixture {
  /// Spawns a traced engine and opens its first session.
  void open_traced() {
    trace();
    open();
    news();
  }

  auto start_as(trace_parent parent) { return ask<session>(engine, start_msg{std::move(parent)}); }

  auto send_as(const std::string& content, trace_parent parent) {
    return ask<send_receipt>(engine, send_msg{message_kind::text, content, send_policy::session,
                                              timespan{0}, false, std::move(parent)});
  }

  /// The header of that name in the upgrade request; "none" without one.
  std::string header(std::size_t connection, const std::string& name) {
    auto request = network.record(connection).request;
    const auto* found = find_header(request.headers, name);
    return found == nullptr ? "none" : *found;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tracing_tests, fixture)

// -- the life of an engine ------------------------------------------------------------------------

CAF_TEST(a start has the dial and on_open as its parts) {
  trace();
  spawn();
  network.add(script{}.after(40ms).accept());
  auto started = start();
  pass(40ms);
  CAF_REQUIRE(started->succeeded());
  CAF_CHECK_EQUAL(news(), (strings{"dial 0-40 < start", "on_open 40-40 < start", "start 0-40"}));
  pass(3s);
  CAF_REQUIRE(stop()->succeeded());
  CAF_CHECK_EQUAL(news(), (strings{"on_close 3040-3040 < close", "close 3040-3040 ~ dial"}));
  auto close = last("close");
  CAF_CHECK_EQUAL(text_of(close, "wsengine.close.by"), "us");
  CAF_CHECK_EQUAL(text_of(close, "wsengine.close.code"), "1001");
  CAF_CHECK_EQUAL(text_of(close, "wsengine.session.duration"), "3.000000");
}

CAF_TEST(a dial says where it leads but no secrets) {
  options.request.url = "ws://example.org:8080/feed?token=hunter2";
  open_traced();
  auto dial = last("dial");
  CAF_CHECK(dial.kind == span_kind::client);
  CAF_CHECK_EQUAL(text_of(dial, "url.full"), "ws://example.org:8080/feed?token=REDACTED");
  CAF_CHECK_EQUAL(text_of(dial, "server.address"), "example.org");
  CAF_CHECK_EQUAL(text_of(dial, "server.port"), "8080");
  CAF_CHECK_EQUAL(text_of(dial, "network.protocol.name"), "websocket");
  CAF_CHECK_EQUAL(text_of(dial, "http.response.status_code"), "101");
  CAF_CHECK_EQUAL(text_of(dial, "wsengine.session.id"), to_string(open_id()));
  CAF_CHECK_EQUAL(text_of(dial, "wsengine.engine.id"),
                  std::to_string(caf::actor_cast<caf::actor>(engine).id()));
}

CAF_TEST(a lost session is closed and opened anew) {
  open_traced();
  pass(500ms);
  peer(script{}.drop());
  CAF_CHECK_EQUAL(news(),
                  (strings{"on_close 500-500 < close", "close 500-500 ~ dial !connection_lost"}));
  network.add(script{}.refuse(make_error(dial_errc::connect_failed, "nobody listens")));
  pass(1s);
  CAF_CHECK_EQUAL(
    news(), (strings{"dial 1500-1500 < ? !connect_failed", "on_restart_error 1500-1500 < ?"}));
  pass(2s);
  CAF_CHECK_EQUAL(news(), (strings{"dial 3500-3500 < restart", "on_open 3500-3500 < restart",
                                   "restart 500-3500 ~ dial"}));
  auto restart = last("restart");
  CAF_CHECK_EQUAL(text_of(restart, "wsengine.restart.cause"), "connection_lost");
  CAF_REQUIRE_EQUAL(restart.events.size(), 1u);
  CAF_CHECK_EQUAL(restart.events[0].name, "retry");
  CAF_CHECK_EQUAL(text_in(restart.events[0].attributes, "error.type"), "connect_failed");
  CAF_CHECK_EQUAL(text_in(restart.events[0].attributes, "wsengine.delay"), "2.000000");
}

CAF_TEST(what the peer says at the end is noted) {
  open_traced();
  peer(script{}.close({close_code::service_restart, "soon"}));
  auto close = last("close");
  CAF_CHECK_EQUAL(line_of(close), "close 0-0 ~ dial");
  CAF_CHECK_EQUAL(text_of(close, "wsengine.close.by"), "peer");
  CAF_CHECK_EQUAL(text_of(close, "wsengine.close.code"), "1012");
  CAF_CHECK_EQUAL(text_of(close, "wsengine.close.reason"), "soon");
}

CAF_TEST(a restart that somebody asks for is one) {
  open_traced();
  pass(10s);
  signal(session_signal::restart);
  pass(1s);
  CAF_CHECK_EQUAL(news(), (strings{"on_close 10000-10000 < close", "close 10000-10000 ~ dial",
                                   "dial 11000-11000 < restart", "on_open 11000-11000 < restart",
                                   "restart 10000-11000 ~ dial"}));
  auto cause = text_of(last("restart"), "wsengine.restart.cause");
  CAF_CHECK_EQUAL(cause, "restart_asked");
}

// -- failures -------------------------------------------------------------------------------------

CAF_TEST(a start that fails says why) {
  trace();
  spawn();
  network.add(script{}.after(5ms).refuse(make_refused_error({404, "", "", {}})));
  auto started = start();
  pass(5ms);
  CAF_REQUIRE(!started->succeeded());
  auto told = news();
  CAF_CHECK_EQUAL(told.front(), "dial 0-5 < start !upgrade_refused");
  CAF_CHECK_EQUAL(told.back(), "start 0-5 !upgrade_refused");
  auto dial = last("dial");
  CAF_CHECK_EQUAL(text_of(dial, "http.response.status_code"), "404");
  CAF_CHECK(!dial.status_text.empty());
}

CAF_TEST(a dial that is given up has failed) {
  trace();
  spawn();
  network.add(script{}.stall());
  start();
  pass(2s);
  CAF_REQUIRE(stop()->succeeded());
  CAF_CHECK_EQUAL(news(), (strings{"dial 0-2000 < start !stopped", "start 0-2000 !stopped"}));
}

CAF_TEST(a client that refuses a session has it closed as a part of the start) {
  mock.answer_next(callback::open, mock_answer{}.fail(caf::sec::runtime_error));
  trace();
  spawn();
  start();
  CAF_CHECK_EQUAL(news(), (strings{"dial 0-0 < start", "on_open 0-0 < start !runtime_error",
                                   "close 0-0 < start", "start 0-0 !on_open_failed"}));
}

CAF_TEST(a session that is closed as soon as it is open has had its start) {
  mock.answer_next(callback::open, mock_answer{}.hold());
  trace();
  spawn();
  auto started = start();
  auto stopped = stop();
  pass(10ms);
  release(callback::open);
  CAF_REQUIRE(stopped->succeeded());
  CAF_CHECK_EQUAL(news(), (strings{"dial 0-0 < start", "on_open 0-10 < start", "start 0-10",
                                   "on_close 10-10 < close", "close 10-10 ~ dial"}));
}

CAF_TEST(a close that fails says why) {
  open_traced();
  peer(script{}.fail_close("no answer"));
  CAF_REQUIRE(stop()->succeeded());
  auto close = last("close");
  CAF_CHECK_EQUAL(line_of(close), "close 0-0 ~ dial !close_failed");
  auto told = line_of(last("on_close_error"));
  CAF_CHECK_EQUAL(told, "on_close_error 0-0 < close");
}

CAF_TEST(an engine that is killed leaves no span open) {
  trace();
  spawn();
  network.add(script{}.stall());
  start();
  pass(1s);
  kill(caf::actor_cast<caf::actor>(engine));
  CAF_CHECK_EQUAL(news().size(), 2u);
  CAF_CHECK(last("start").status == span_status::error);
}

// -- callbacks ------------------------------------------------------------------------------------

CAF_TEST(each message begins a trace of its own) {
  open_traced();
  mock.answer_next(callback::message, mock_answer{}.hold());
  peer(script{}.send(text("abc")).send(binary("de")));
  pass(70ms);
  release(callback::message);
  CAF_CHECK_EQUAL(news(), (strings{"on_message 0-70 ~ dial", "on_message 70-70 ~ dial"}));
  const auto& first = spans->all[spans->all.size() - 2];
  const auto& second = spans->all.back();
  CAF_CHECK(first.context.trace != second.context.trace);
  CAF_CHECK(first.kind == span_kind::consumer);
  CAF_CHECK_EQUAL(text_of(first, "messaging.system"), "websocket");
  CAF_CHECK_EQUAL(text_of(first, "messaging.operation.type"), "process");
  CAF_CHECK_EQUAL(text_of(first, "messaging.message.body.size"), "3");
  CAF_CHECK_EQUAL(text_of(second, "wsengine.message.kind"), "binary");
  CAF_CHECK_EQUAL(text_of(first, "wsengine.session.id"), to_string(open_id()));
}

CAF_TEST(callbacks tell their clients which span they are) {
  open_traced();
  peer(script{}.send(text("a")));
  CAF_REQUIRE(stop()->succeeded());
  CAF_CHECK(*mock.calls_of<on_open>().at(0).trace == last("on_open").context);
  CAF_CHECK(*mock.calls_of<on_message>().at(0).trace == last("on_message").context);
  CAF_CHECK(*mock.calls_of<on_close>().at(0).trace == last("on_close").context);
}

CAF_TEST(objects learn it from their context) {
  trace();
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  peer(script{}.send(text("a")));
  CAF_CHECK(*mock.calls_of<on_open>().at(0).trace == last("on_open").context);
  CAF_CHECK(*mock.calls_of<on_message>().at(0).trace == last("on_message").context);
}

CAF_TEST(a callback that throws has failed) {
  trace();
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  news();
  mock.answer_next(callback::message, mock_answer{}.crash("a bad message"));
  peer(script{}.send(text("x")));
  auto told = line_of(last("on_message"));
  CAF_CHECK_EQUAL(told, "on_message 0-0 ~ dial !runtime_error");
  auto text = last("on_message").status_text;
  CAF_CHECK(text.find("a bad message") != std::string::npos);
  auto cause = [this] { return text_of(last("restart"), "wsengine.restart.cause"); };
  pass(1s);
  CAF_CHECK_EQUAL(cause(), "handler_crashed");
}

CAF_TEST(a read that fails is a callback too) {
  open_traced();
  peer(script{}.fail_read("a bad read"));
  CAF_CHECK_EQUAL(news(), strings{"on_read_error 0-0 ~ dial"});
  CAF_CHECK(*mock.calls_of<on_read_error>().at(0).trace == last("on_read_error").context);
}

CAF_TEST(users make spans of their own) {
  open_traced();
  peer(script{}.send(text("a")));
  auto parent = mock.calls_of<on_message>().at(0).trace;
  {
    auto own = hooks.traces->begin("work", span_kind::internal, parent);
    own.set("n", std::int64_t{1});
    own.set("n", std::int64_t{2});
    CAF_REQUIRE(send_as("b", own.context())->succeeded());
    pass(7ms);
  }
  CAF_CHECK_EQUAL(
    news(), (strings{"on_message 0-0 ~ dial", "send 0-0 < work ~ dial", "work 0-7 < on_message"}));
  CAF_CHECK_EQUAL(text_of(last("work"), "n"), "2");
  CAF_CHECK(last("send").parent == last("work").context.span);
}

// -- sending --------------------------------------------------------------------------------------

CAF_TEST(a send lasts until it is settled) {
  options.outbox.enabled = true;
  trace();
  spawn();
  network.add(script{}.stall());
  start();
  auto sent = send("abc");
  CAF_CHECK_EQUAL(news(), strings{});
  pass(1s);
  network.add(script{}.accept());
  network.play(network.last(), script{}.accept());
  consume_messages();
  CAF_REQUIRE(sent->succeeded());
  auto span = last("send");
  CAF_CHECK_EQUAL(line_of(span), "send 0-1000 ~ dial");
  CAF_CHECK(span.kind == span_kind::producer);
  CAF_CHECK_EQUAL(text_of(span, "messaging.operation.type"), "send");
  CAF_CHECK_EQUAL(text_of(span, "messaging.message.body.size"), "3");
  CAF_CHECK_EQUAL(text_of(span, "wsengine.session.id"), to_string(open_id()));
}

CAF_TEST(sends that fail say why) {
  open_traced();
  send("a");
  CAF_CHECK_EQUAL(news(), strings{"send 0-0 !no_outbox"});
  peer(script{}.stall_writes());
  send("b", send_policy::session);
  peer(script{}.drop());
  auto told = line_of(last("send"));
  CAF_CHECK_EQUAL(told, "send 0-0 ~ dial !unknown");
}

CAF_TEST(a request lasts until it is answered) {
  hooks.request_key = [](const data_message& what) -> optional<std::string> {
    return std::string{what.data.text()};
  };
  open_traced();
  auto answer = ask<data_message>(engine, request_msg{text("?"), "1", 30s, nothing, stranger()});
  pass(20ms);
  peer(script{}.send(text("1")));
  CAF_REQUIRE(answer->succeeded());
  CAF_CHECK_EQUAL(news(), strings{"request 0-20 < ? ~ dial"});
  CAF_CHECK(last("request").context.trace == stranger()->trace);
  ask<data_message>(engine, request_msg{text("?"), "2", 50ms, nothing});
  pass(50ms);
  CAF_CHECK_EQUAL(news(), strings{"request 20-70 ~ dial !timeout"});
  ask<data_message>(engine, request_msg{text("?"), "3", timespan{0}, nothing});
  CAF_CHECK_EQUAL(news(), strings{"request 70-70 ~ dial !timeout"});
}

// -- parents --------------------------------------------------------------------------------------

CAF_TEST(start and send go on with the traces of others) {
  trace();
  spawn();
  CAF_REQUIRE(start_as(stranger())->succeeded());
  CAF_REQUIRE(send_as("a", stranger())->succeeded());
  for (const auto* name : {"start", "dial", "on_open", "send"}) {
    CAF_CHECK(last(name).context.trace == stranger()->trace);
    CAF_CHECK(last(name).context.state == "vendor=x");
  }
  CAF_CHECK(last("start").parent == stranger()->span);
  CAF_CHECK(last("send").parent == stranger()->span);
}

CAF_TEST(what has a parent is recorded as that is) {
  tracing.ratio = 0;
  trace();
  spawn();
  CAF_REQUIRE(start_as(stranger())->succeeded());
  CAF_CHECK_EQUAL(news().size(), 3u);
  CAF_REQUIRE(stop()->succeeded());
  CAF_CHECK_EQUAL(news(), strings{});
  tracing.ratio = 1;
  trace();
  spawn();
  CAF_REQUIRE(start_as(stranger(0))->succeeded());
  CAF_CHECK_EQUAL(news(), strings{});
}

// -- sampling -------------------------------------------------------------------------------------

CAF_TEST(nothing is recorded with a ratio of zero) {
  tracing.ratio = 0;
  tracing.message_ratio = 0;
  open_traced();
  peer(script{}.send(text("a")));
  CAF_REQUIRE(send_as("a", {})->succeeded());
  signal(session_signal::restart);
  pass(1s);
  CAF_REQUIRE(stop()->succeeded());
  CAF_CHECK(spans->all.empty());
  CAF_CHECK(mock.calls_of<on_message>().at(0).trace.empty());
  // So that what a client does about it is not recorded either.
  auto opened = mock.calls_of<on_open>().at(0).trace;
  CAF_REQUIRE(opened);
  CAF_CHECK(!opened->sampled());
}

CAF_TEST(messages have a ratio of their own) {
  tracing.message_ratio = 0;
  open_traced();
  peer(script{}.send(text("a")));
  CAF_CHECK_EQUAL(news(), strings{});
  CAF_CHECK(mock.calls_of<on_message>().at(0).trace.empty());
}

CAF_TEST(there are no contexts without a tracer) {
  open();
  peer(script{}.send(text("a")));
  CAF_CHECK(mock.calls_of<on_open>().at(0).trace.empty());
  CAF_CHECK(mock.calls_of<on_message>().at(0).trace.empty());
}

CAF_TEST(events of a span are bounded) {
  trace();
  {
    auto uut = hooks.traces->begin("long");
    for (int i = 0; i < 40; ++i)
      uut.event("again");
  }
  CAF_CHECK_EQUAL(last("long").events.size(), 32u);
  CAF_CHECK_EQUAL(last("long").dropped_events, 8u);
}

// -- the header -----------------------------------------------------------------------------------

CAF_TEST(the server learns of the trace only when asked) {
  open_traced();
  CAF_CHECK_EQUAL(header(0, "traceparent"), "none");
}

CAF_TEST(the server learns which dial it is) {
  tracing.propagate = true;
  trace();
  spawn();
  CAF_REQUIRE(start_as(stranger())->succeeded());
  CAF_CHECK_EQUAL(header(0, "traceparent"), to_traceparent(last("dial").context));
  CAF_CHECK_EQUAL(header(0, "tracestate"), "vendor=x");
}

CAF_TEST(the server learns of dials that are not recorded) {
  tracing.propagate = true;
  tracing.ratio = 0;
  open_traced();
  auto sent = parse_traceparent(header(0, "traceparent"));
  CAF_REQUIRE(sent);
  CAF_CHECK(!sent->sampled());
  CAF_CHECK_EQUAL(header(0, "tracestate"), "none");
}

CAF_TEST(a header of the user stays) {
  tracing.propagate = true;
  options.request.headers = {{"Traceparent", "mine"}};
  open_traced();
  CAF_CHECK_EQUAL(header(0, "traceparent"), "mine");
  CAF_CHECK_EQUAL(network.record(0).request.headers.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
