// engine_signals.cpp: restart and exit as exit messages, from outside and from inside every
// callback.

#define CAF_SUITE engine_signals

#include "deterministic/supervised_fixture.hpp"

namespace {

mock_answer that_restarts() {
  return mock_answer{}.run([](mock_context& x) { x.restart(); });
}

mock_answer that_exits() {
  return mock_answer{}.run([](mock_context& x) { x.exit(); });
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_signals_tests, supervised_fixture)

CAF_TEST(restart closes the old connection and opens exactly one new session) {
  open();
  signal(session_signal::restart);
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_close(none)"}));
  CAF_CHECK_EQUAL(farewell(0).code, close_code::going_away);
  CAF_CHECK_EQUAL(network.alive(), 0U);
  pass(1s);
  CAF_CHECK_EQUAL(last_line(), "on_open(restarting)");
  pass(60s);
  CAF_CHECK_EQUAL(network.opened(), 2U);
  CAF_CHECK_EQUAL(network.alive(), 1U);
}

CAF_TEST(the answer to on_close is what we send) {
  mock.answer(callback::close,
              mock_answer{}.close_with({static_cast<close_code>(4000), "see you"}));
  open();
  signal(session_signal::restart);
  CAF_CHECK_EQUAL(farewell(0), (close_details{static_cast<close_code>(4000), "see you"}));
}

CAF_TEST(an answer to on_close that cannot be sent becomes 1001) {
  mock.answer_next(callback::close, mock_answer{}.close_with({close_code::abnormal, ""}));
  mock.answer_next(callback::close, mock_answer{}.fail(make_error(engine_errc::stopped, "no")));
  open();
  signal(session_signal::restart);
  pass(1s);
  signal(session_signal::restart);
  CAF_CHECK_EQUAL(farewell(0).code, close_code::going_away);
  CAF_CHECK_EQUAL(farewell(1).code, close_code::going_away);
}

CAF_TEST(restart from on_message drops what no handler has started) {
  mock.answer_next(callback::message, that_restarts());
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  peer(script{}.send({text("a"), text("b"), text("c")}));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"a\")", "on_close(none)"}));
  pass(1s);
  CAF_CHECK_EQUAL(network.opened(), 2U);
  CAF_CHECK_EQUAL(network.alive(), 1U);
}

CAF_TEST(restart from on_message of a client actor closes the old connection) {
  mock.answer_next(callback::message, that_restarts());
  open();
  peer(script{}.send({text("a"), text("b")}));
  CAF_CHECK_EQUAL(last_line(), "on_close(none)");
  pass(1s);
  CAF_CHECK_EQUAL(network.opened(), 2U);
  CAF_CHECK_EQUAL(network.alive(), 1U);
}

CAF_TEST(exit stops the engine and leaves no connection behind) {
  open();
  auto report = wait_stopped();
  signal(session_signal::exit);
  CAF_REQUIRE(report->succeeded());
  CAF_CHECK(is(report->get().reason, engine_errc::exited));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_close(none)"}));
  CAF_CHECK_EQUAL(network.alive(), 0U);
  pass(60s);
  CAF_CHECK_EQUAL(network.size(), 1U);
}

CAF_TEST(exit from on_open leaves no connection behind) {
  mock.answer(callback::open, that_exits());
  for (auto as_object : {false, true}) {
    mock.clear();
    if (as_object)
      spawn_for_object();
    else
      spawn();
    start();
    CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_close(none)"}));
    CAF_CHECK_EQUAL(state(), engine_state::stopped);
    CAF_CHECK_EQUAL(network.alive(), 0U);
  }
}

CAF_TEST(exit from on_message leaves no connection behind) {
  mock.answer(callback::message, that_exits());
  open();
  peer(script{}.send({text("a"), text("b")}));
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  CAF_CHECK_EQUAL(network.alive(), 0U);
}

CAF_TEST(exit from on_close stops instead of reconnecting) {
  mock.answer(callback::close, that_exits());
  open();
  peer(script{}.drop());
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  pass(60s);
  CAF_CHECK_EQUAL(network.size(), 1U);
}

CAF_TEST(restart from on_open opens another session) {
  mock.answer_next(callback::open, that_restarts());
  spawn();
  CAF_CHECK(start()->succeeded());
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_close(none)"}));
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
  CAF_CHECK_EQUAL(network.alive(), 1U);
}

CAF_TEST(exit from on_restart_error ends the attempts) {
  network.add(script{}.accept());
  network.fallback(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  mock.answer(callback::restart_error, that_exits());
  open();
  auto report = wait_stopped();
  peer(script{}.drop());
  pass(1s);
  CAF_REQUIRE(report->succeeded());
  CAF_CHECK(is(report->get().reason, engine_errc::exited));
}

CAF_TEST(restart from on_restart_error makes the next attempt at once) {
  network.add(script{}.accept());
  network.add(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  mock.answer(callback::restart_error, that_restarts());
  open();
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST(two signals at once make one new session) {
  open();
  auto target = mock.last_session()->signals;
  compat::send_exit(target, session_signal::restart);
  compat::send_exit(target, session_signal::restart);
  consume_messages();
  pass(60s);
  CAF_CHECK_EQUAL(network.opened(), 2U);
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
}

CAF_TEST(a signal to a session that is over does nothing) {
  open();
  auto old = mock.last_session()->signals;
  peer(script{}.drop());
  pass(1s);
  compat::send_exit(old, session_signal::exit);
  consume_messages();
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST(callbacks finish before on_close) {
  mock.answer(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send(text("a")));
  signal(session_signal::restart);
  CAF_CHECK_EQUAL(state(), engine_state::closing);
  CAF_CHECK_EQUAL(mock.count(callback::close), 0U);
  release(callback::message);
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
  CAF_CHECK_EQUAL(mock.most_in_flight(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()
