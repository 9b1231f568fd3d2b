// engine_signals.cpp: restart and exit as exit messages, from outside and from inside every
// callback.

#define CAF_SUITE engine_signals

#include "deterministic/kit_suite.hpp"

namespace {

mock_answer that_restarts() {
  return mock_answer{}.run([](mock_context& x) { x.restart(); });
}

mock_answer that_exits() {
  return mock_answer{}.run([](mock_context& x) { x.exit(); });
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_signals_tests, caf_test_fixture)

CAF_TEST(restart closes the old connection and opens exactly one new session) {
  open();
  restart();
  expect_own_close();
  expect_close_frame(1001);
  CAF_CHECK_EQUAL(connections().alive(), 0U);
  advance(1s);
  expect_reopen();
  advance(60s);
  expect_nothing();
  CAF_CHECK_EQUAL(connections().opened(), 2U);
  CAF_CHECK_EQUAL(connections().alive(), 1U);
}

CAF_TEST(the answer to on_close is what we send) {
  close_details farewell{static_cast<close_code>(4000), "see you"};
  client.answer(callback::close, mock_answer{}.close_with(farewell));
  open();
  restart();
  CAF_CHECK_EQUAL(server.close_frame(), farewell);
}

CAF_TEST(an answer to on_close that cannot be sent becomes 1001) {
  client.answer_next(callback::close, mock_answer{}.close_with({close_code::abnormal, ""}));
  client.answer_next(callback::close, mock_answer{}.fail(make_error(engine_errc::stopped, "no")));
  open();
  restart();
  expect_close_frame(1001);
  advance(1s);
  restart();
  expect_close_frame(1001);
  CAF_CHECK_EQUAL(connections().opened(), 2U);
}

CAF_TEST(restart from on_message drops what no handler has started) {
  client.answer_next(callback::message, that_restarts());
  spawn(client.object());
  open();
  server.sends({text("a"), text("b"), text("c")});
  expect_message("a");
  expect_own_close();
  advance(1s);
  expect_reopen();
  CAF_CHECK_EQUAL(connections().alive(), 1U);
}

CAF_TEST(restart from on_message of a client actor closes the old connection) {
  client.answer_next(callback::message, that_restarts());
  open();
  server.sends({text("a"), text("b")});
  expect_message("a");
  CAF_CHECK(lines().back() == "on_close(none)");
  advance(1s);
  CAF_CHECK_EQUAL(connections().opened(), 2U);
  CAF_CHECK_EQUAL(connections().alive(), 1U);
}

CAF_TEST(exit stops the engine and leaves no connection behind) {
  open();
  exit();
  expect_own_close();
  expect_stopped(engine_errc::exited);
  CAF_CHECK_EQUAL(connections().alive(), 0U);
  advance(60s);
  expect_nothing();
  CAF_CHECK_EQUAL(server.connections(), 1U);
}

CAF_TEST(exit from on_open leaves no connection behind) {
  client.answer(callback::open, that_exits());
  for (auto as_object : {false, true}) {
    if (as_object)
      spawn(client.object());
    else
      spawn();
    open();
    expect_own_close();
    expect_state(engine_state::stopped);
    CAF_CHECK_EQUAL(connections().alive(), 0U);
  }
}

CAF_TEST(exit from on_message leaves no connection behind) {
  client.answer(callback::message, that_exits());
  open();
  server.sends({text("a"), text("b")});
  CAF_CHECK_EQUAL(client.count(callback::close), 1U);
  expect_state(engine_state::stopped);
  CAF_CHECK_EQUAL(connections().alive(), 0U);
}

CAF_TEST(exit from on_close stops instead of reconnecting) {
  client.answer(callback::close, that_exits());
  open();
  server.drops();
  expect_state(engine_state::stopped);
  advance(60s);
  CAF_CHECK_EQUAL(server.connections(), 1U);
}

CAF_TEST(restart from on_open opens another session) {
  client.answer_next(callback::open, that_restarts());
  expect_success(start());
  expect_open();
  expect_own_close();
  advance(1s);
  expect_reopen();
  expect_state(engine_state::running);
  CAF_CHECK_EQUAL(connections().alive(), 1U);
}

CAF_TEST(exit from on_restart_error ends the attempts) {
  client.answer(callback::restart_error, that_exits());
  open();
  server.drops();
  expect_close(1006);
  server.refuses(503);
  advance(1s);
  expect_restart_error(dial_errc::upgrade_refused);
  expect_stopped(engine_errc::exited);
}

CAF_TEST(restart from on_restart_error makes the next attempt at once) {
  client.answer(callback::restart_error, that_restarts());
  open();
  server.drops();
  server.refuses(503);
  advance(1s);
  expect_state(engine_state::running);
}

CAF_TEST(two signals at once make one new session) {
  open();
  auto target = client.last_session()->signals;
  compat::send_exit(target, session_signal::restart);
  compat::send_exit(target, session_signal::restart);
  advance(60s);
  CAF_CHECK_EQUAL(connections().opened(), 2U);
  CAF_CHECK_EQUAL(client.count(callback::close), 1U);
}

CAF_TEST(a signal to a session that is over does nothing) {
  open();
  auto old = client.last_session()->signals;
  server.drops();
  advance(1s);
  compat::send_exit(old, session_signal::exit);
  expect_state(engine_state::running);
}

CAF_TEST(callbacks finish before on_close) {
  client.answer(callback::message, mock_answer{}.hold());
  open();
  server.sends(text("a"));
  expect_message("a");
  restart();
  expect_state(engine_state::closing);
  expect_nothing();
  release(callback::message);
  expect_own_close();
  CAF_CHECK_EQUAL(client.most_in_flight(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()
