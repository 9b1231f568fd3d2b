// engine_crashes.cpp: the death of a handler, of the client, of the engine: one outcome each.

#define CAF_SUITE engine_crashes

#include "deterministic/supervised_fixture.hpp"

CAF_TEST_FIXTURE_SCOPE(engine_crashes_tests, supervised_fixture)

// -- handlers -------------------------------------------------------------------------------------

CAF_TEST(a crashed handler is replaced under keep) {
  options.on_handler_crash = handler_crash_policy::keep;
  mock.answer_next(callback::message, mock_answer{}.crash());
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  peer(script{}.send({text("a"), text("b"), text("c")}));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"a\")",
                                    "on_message(text, \"b\")", "on_message(text, \"c\")"}));
  CAF_CHECK_EQUAL(network.size(), 1U);
  CAF_CHECK(status().last_error);
}

CAF_TEST(a crashed handler restarts the session under restart) {
  mock.answer_next(callback::message, mock_answer{}.crash());
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  peer(script{}.send({text("a"), text("b")}));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"a\")", "on_close(none)"}));
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST(a crashed handler stops the engine under stop) {
  options.on_handler_crash = handler_crash_policy::stop;
  mock.answer_next(callback::message, mock_answer{}.crash());
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  auto report = wait_stopped();
  peer(script{}.send(text("a")));
  CAF_REQUIRE(report->succeeded());
  CAF_CHECK(is(report->get().reason, engine_errc::handler_crashed));
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
}

CAF_TEST(an error as the answer to on_message is a crash) {
  options.on_handler_crash = handler_crash_policy::keep;
  mock.answer_next(callback::message,
                   mock_answer{}.fail(make_error(engine_errc::stopped, "cannot parse")));
  open();
  peer(script{}.send({text("a"), text("b")}));
  CAF_CHECK_EQUAL(mock.count(callback::message), 2U);
  CAF_CHECK_EQUAL(text_of(status().last_error), "cannot parse");
  CAF_CHECK_EQUAL(network.size(), 1U);
}

// -- clients --------------------------------------------------------------------------------------

CAF_TEST(the death of the client closes with 1001 and stops) {
  open();
  auto report = wait_stopped();
  kill(caf::actor_cast<caf::actor>(client));
  CAF_REQUIRE(report->succeeded());
  CAF_CHECK(is(report->get().reason, engine_errc::client_down));
  CAF_CHECK_EQUAL(farewell(0).code, close_code::going_away);
  CAF_CHECK_EQUAL(network.alive(), 0U);
  CAF_CHECK(start()->failed(engine_errc::client_down));
}

CAF_TEST(the death of the client in a callback stops as well) {
  for (auto which : {callback::open, callback::message, callback::close}) {
    mock.clear();
    mock.answer_next(which, mock_answer{}.hold());
    spawn();
    auto report = wait_stopped();
    start();
    peer(script{}.send(text("a")).drop());
    CAF_CHECK(report->pending());
    kill(caf::actor_cast<caf::actor>(client));
    CAF_REQUIRE(report->succeeded());
    CAF_CHECK(is(report->get().reason, engine_errc::client_down));
    CAF_CHECK_EQUAL(network.alive(), 0U);
  }
}

CAF_TEST(under keep the session waits for the next client) {
  options.on_client_down = client_down_policy::keep;
  mock.answer_next(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send({text("a"), text("b"), text("c")}));
  kill(caf::actor_cast<caf::actor>(client));
  peer(script{}.send(text("d")));
  CAF_CHECK_EQUAL(state(), engine_state::running);
  CAF_CHECK_EQUAL(mock.count(callback::message), 1U);
  mock.clear();
  CAF_CHECK(set_client(mock.spawn(sys))->succeeded());
  auto last = lines();
  // The message that the dead client was working on is not delivered again.
  CAF_CHECK_EQUAL(strings(last.end() - 4, last.end()),
                  (strings{"on_open(restarting)", "on_message(text, \"b\")",
                           "on_message(text, \"c\")", "on_message(text, \"d\")"}));
  CAF_CHECK_EQUAL(network.size(), 1U);
}

CAF_TEST(a new client takes over when the old one is done) {
  mock.answer_next(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send({text("a"), text("b")}));
  client_mock second;
  CAF_CHECK(set_client(second.spawn(sys))->succeeded());
  CAF_CHECK_EQUAL(second.lines().size(), 0U);
  release(callback::message);
  CAF_CHECK_EQUAL(second.lines(), (strings{"on_open(restarting)", "on_message(text, \"b\")"}));
  CAF_CHECK_EQUAL(mock.count(callback::message), 1U);
  peer(script{}.drop());
  CAF_CHECK_EQUAL(second.count(callback::close), 1U);
  CAF_CHECK_EQUAL(mock.count(callback::close), 0U);
}

CAF_TEST(a new client that refuses the session gets another one) {
  open();
  client_mock second;
  second.answer_next(callback::open, mock_answer{}.fail(make_error(engine_errc::stopped, "no")));
  CAF_CHECK(set_client(second.spawn(sys))->succeeded());
  CAF_CHECK_EQUAL(farewell(0).code, close_code::going_away);
  CAF_CHECK_EQUAL(second.count(callback::restart_error), 1U);
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
  CAF_CHECK_EQUAL(second.count(callback::close), 0U);
}

// -- the engine -----------------------------------------------------------------------------------

CAF_TEST(an exit message closes the session and ends the engine) {
  open();
  self->monitor(engine);
  kill(caf::actor_cast<caf::actor>(engine), caf::exit_reason::user_shutdown);
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_close(none)"}));
  CAF_CHECK_EQUAL(network.alive(), 0U);
  self->receive(
    [](const caf::down_msg& x) { CAF_CHECK_EQUAL(x.reason, caf::exit_reason::user_shutdown); });
}

CAF_TEST(an exit message ends an engine in every state) {
  auto ends = [this] {
    self->monitor(engine);
    kill(caf::actor_cast<caf::actor>(engine), caf::exit_reason::user_shutdown);
    pass(10s);
    bool ended = false;
    self->receive([&](const caf::down_msg&) { ended = true; });
    CAF_CHECK(ended);
    CAF_CHECK_EQUAL(network.alive(), 0U);
  };
  spawn();
  ends();
  network.add(script{}.stall());
  spawn();
  start();
  ends();
  open();
  peer(script{}.drop());
  ends();
  mock.answer_next(callback::open, mock_answer{}.hold());
  spawn();
  start();
  ends();
}

CAF_TEST(a killed engine takes its session along) {
  open();
  auto which = *mock.last_session();
  self->monitor(which.signals);
  kill(caf::actor_cast<caf::actor>(engine));
  CAF_CHECK_EQUAL(network.actors(), 0U);
  CAF_CHECK_EQUAL(network.record(0).closes.size(), 0U);
  CAF_CHECK_EQUAL(mock.count(callback::close), 0U);
  bool reader_down = false;
  self->receive([&](const caf::down_msg&) { reader_down = true; });
  CAF_CHECK(reader_down);
}

CAF_TEST_FIXTURE_SCOPE_END()
