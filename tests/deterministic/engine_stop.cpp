// engine_stop.cpp: stop is bounded by its timeout in every state, and waits for callbacks.

#define CAF_SUITE engine_stop

#include "deterministic/supervised_fixture.hpp"

CAF_TEST_FIXTURE_SCOPE(engine_stop_tests, supervised_fixture)

CAF_TEST(requests out of place have errors of their own) {
  spawn();
  CAF_CHECK(stop()->failed(engine_errc::not_running));
  CAF_REQUIRE(start()->succeeded());
  CAF_CHECK(start()->failed(engine_errc::already_started));
  auto which = *mock.last_session();
  CAF_CHECK(stop()->succeeded());
  CAF_CHECK(stop()->failed(engine_errc::not_running));
  auto late = ask<caf::unit_t>(which.connection, write_msg{message_kind::text, std::string{"x"}});
  CAF_CHECK(late->failed(connection_errc::closed));
}

CAF_TEST(a connection that is over answers its holders and goes with the last of them) {
  open();
  auto ended = mock.last_session()->connection;
  peer(script{}.close({close_code::normal, "done"}));
  pass(1s);
  CAF_REQUIRE_EQUAL(last_line(), "on_open(restarting)");
  auto late = ask<caf::unit_t>(ended, write_msg{message_kind::text, std::string{"x"}});
  CAF_CHECK(late->failed(connection_errc::closed));
  auto end = ask<close_details>(ended, wait_closed_msg{});
  CAF_CHECK_EQUAL(end->get(), (close_details{close_code::normal, "done"}));
  CAF_CHECK_EQUAL(network.actors(), 2U);
  ended = nullptr;
  late = nullptr;
  end = nullptr;
  mock.clear();
  consume_messages();
  CAF_CHECK_EQUAL(network.actors(), 1U);
}

CAF_TEST(stop closes the session and tells on_close) {
  open();
  auto report = wait_stopped();
  CAF_CHECK(stop()->succeeded());
  CAF_CHECK(is(report->get().reason, engine_errc::stopped));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_close(none)"}));
  CAF_CHECK_EQUAL(network.alive(), 0U);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(stop ends a dial) {
  network.fallback(script{}.stall());
  spawn();
  auto starting = start();
  CAF_CHECK_EQUAL(state(), engine_state::dialing);
  CAF_CHECK(stop()->succeeded());
  CAF_CHECK(starting->failed(engine_errc::stopped));
  CAF_CHECK_EQUAL(network.actors(), 0U);
}

CAF_TEST(stop ends the backoff) {
  open();
  peer(script{}.drop());
  CAF_CHECK_EQUAL(state(), engine_state::backoff);
  CAF_CHECK(stop()->succeeded());
  pass(60s);
  CAF_CHECK_EQUAL(network.size(), 1U);
}

CAF_TEST(stop waits for on_open) {
  mock.answer(callback::open, mock_answer{}.hold());
  spawn();
  start();
  auto stopping = stop();
  CAF_CHECK(stopping->pending());
  release(callback::open);
  CAF_CHECK(stopping->succeeded());
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_close(none)"}));
}

CAF_TEST(stop gives up waiting in every state after its timeout) {
  // on_open, on_message and on_close that never answer, and a peer that never closes.
  auto check = [this](const char* what) {
    CAF_MESSAGE(what);
    auto stopping = stop();
    pass(10s - 1ns);
    CAF_CHECK(stopping->pending());
    pass(1ns);
    CAF_CHECK(stopping->failed(engine_errc::stop_timeout));
    CAF_CHECK_EQUAL(state(), engine_state::stopped);
    CAF_CHECK_EQUAL(network.actors(), 0U);
    while (mock.release(callback::open) || mock.release(callback::message)
           || mock.release(callback::close))
      consume_messages();
  };
  spawn();
  mock.answer_next(callback::open, mock_answer{}.hold());
  start();
  check("on_open()");
  mock.answer_next(callback::message, mock_answer{}.hold());
  start();
  peer(script{}.send(text("a")));
  check("on_message");
  mock.answer_next(callback::close, mock_answer{}.hold());
  start();
  check("on_close");
  options.connection.timeouts.close = 1h;
  network.add(script{}.accept().stall_close());
  spawn();
  start();
  check("close handshake");
}

CAF_TEST(stop waits for on_restart_error) {
  network.add(script{}.accept());
  network.fallback(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  mock.answer(callback::restart_error, mock_answer{}.hold());
  open();
  peer(script{}.drop());
  pass(1s);
  auto stopping = stop();
  CAF_CHECK(stopping->pending());
  release(callback::restart_error);
  CAF_CHECK(stopping->succeeded());
}

CAF_TEST(everybody who asks to stop is answered) {
  mock.answer(callback::close, mock_answer{}.hold());
  open();
  auto first = stop();
  auto second = stop();
  CAF_CHECK(first->pending() && second->pending());
  release(callback::close);
  CAF_CHECK(first->succeeded() && second->succeeded());
}

CAF_TEST(stop turns a restart into the end) {
  mock.answer(callback::close, mock_answer{}.hold());
  open();
  signal(session_signal::restart);
  auto stopping = stop();
  release(callback::close);
  CAF_CHECK(stopping->succeeded());
  pass(60s);
  CAF_CHECK_EQUAL(network.size(), 1U);
}

CAF_TEST(a restart whose callback never ends goes on after the timeout) {
  mock.answer_next(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send(text("a")));
  signal(session_signal::restart);
  pass(10s);
  CAF_CHECK_EQUAL(state(), engine_state::backoff);
  CAF_CHECK_EQUAL(network.actors(), 0U);
  pass(1s);
  CAF_CHECK_EQUAL(network.opened(), 2U);
  CAF_CHECK_EQUAL(mock.count(callback::close), 0U);
}

CAF_TEST(an engine that was stopped starts afresh) {
  open();
  CAF_CHECK(stop()->succeeded());
  CAF_CHECK(start()->succeeded());
  CAF_CHECK_EQUAL(last_line(), "on_open()");
  CAF_CHECK(!status().last_error);
}

CAF_TEST(an idle engine that nobody holds is destroyed) {
  spawn();
  auto before = sys.registry().running();
  engine = nullptr;
  consume_messages();
  CAF_CHECK_EQUAL(sys.registry().running(), before - 1);
}

CAF_TEST(an engine that is started outlives its handles) {
  open();
  engine = nullptr;
  consume_messages();
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK_EQUAL(last_line(), "on_open(restarting)");
  signal(session_signal::exit);
  CAF_CHECK_EQUAL(network.alive(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()
