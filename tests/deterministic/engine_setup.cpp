// engine_setup.cpp: what every session begins with: its order, its changes, and its failures.

#define CAF_SUITE engine_setup

#include "deterministic/sending_fixture.hpp"

namespace {

struct fixture : sending_fixture {
  fixture() {
    options.outbox.enabled = true;
    options.setup = {{"login", text("login")}, {"trades", text("sub trades")}};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_setup_tests, fixture)

CAF_TEST(every session begins with the set up messages and then comes the outbox) {
  spawn();
  auto starting = ask<session>(engine, start_msg{});
  CAF_REQUIRE(starting->succeeded());
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades"}));
  peer(script{}.drop());
  send("a");
  pass(1s);
  CAF_CHECK_EQUAL(got(1), (strings{"login", "sub trades", "a"}));
}

CAF_TEST(they go out when the client has accepted and before messages are delivered) {
  network.add(script{}.accept().send(text("early")));
  mock.answer_next(callback::open, mock_answer{}.hold());
  spawn();
  auto starting = start();
  CAF_CHECK(got(0).empty());
  release(callback::open);
  CAF_CHECK(starting->succeeded());
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades"}));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"early\")"}));
}

CAF_TEST(the session is open when all are written) {
  network.add(script{}.accept().stall_writes().after(5s).take_writes());
  spawn();
  auto starting = start();
  auto answer = send("a");
  CAF_CHECK(starting->pending() && answer->pending());
  CAF_CHECK_EQUAL(state(), engine_state::opening);
  pass(5s);
  CAF_CHECK(starting->succeeded() && answer->succeeded());
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades", "a"}));
}

CAF_TEST(what the client writes in on_open comes first) {
  mock.answer_next(callback::open, mock_answer{}.run([](mock_context& context) {
    post(context.which(), text("signed login"));
  }));
  open();
  CAF_CHECK_EQUAL(got(0), (strings{"signed login", "login", "sub trades"}));
}

// -- changes at run time --------------------------------------------------------------------------

CAF_TEST(a subscription is sent at once and in every session from then on) {
  open();
  CAF_CHECK(subscribe("books", "sub books")->succeeded());
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades", "sub books"}));
  reconnect();
  CAF_CHECK_EQUAL(got(1), (strings{"login", "sub trades", "sub books"}));
}

CAF_TEST(a subscription may come before the engine is started and between sessions) {
  spawn();
  CAF_CHECK(subscribe("books", "sub books")->succeeded());
  CAF_REQUIRE(start()->succeeded());
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades", "sub books"}));
  peer(script{}.drop());
  CAF_CHECK(subscribe("news", "sub news")->succeeded());
  pass(1s);
  CAF_CHECK_EQUAL(got(1), (strings{"login", "sub trades", "sub books", "sub news"}));
}

CAF_TEST(a client that subscribes in on_open does so once) {
  mock.answer(callback::open, mock_answer{}.run([](mock_context& context) {
    caf::anon_send(context.engine(), subscribe_msg{{"books", text("sub books")}});
  }));
  open();
  reconnect();
  for (std::size_t i = 0; i < 2; ++i)
    CAF_CHECK_EQUAL(got(i), (strings{"login", "sub trades", "sub books"}));
}

CAF_TEST(a duplicate is replaced in its place) {
  open();
  CAF_CHECK(subscribe("login", "new login")->succeeded());
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades", "new login"}));
  reconnect();
  CAF_CHECK_EQUAL(got(1), (strings{"new login", "sub trades"}));
}

CAF_TEST(what is removed says farewell and is not sent again) {
  open();
  CAF_CHECK(unsubscribe("trades", text("unsub trades"))->succeeded());
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades", "unsub trades"}));
  CAF_CHECK(unsubscribe("trades")->failed(send_errc::no_such_subscription));
  reconnect();
  CAF_CHECK_EQUAL(got(1), strings{"login"});
}

CAF_TEST(what is removed between sessions says no farewell) {
  open();
  peer(script{}.drop());
  CAF_CHECK(unsubscribe("trades", text("unsub trades"))->succeeded());
  pass(1s);
  CAF_CHECK_EQUAL(got(1), strings{"login"});
}

CAF_TEST(a bad set up message is refused) {
  options.connection.max_message_size = 10;
  open();
  CAF_CHECK(subscribe("", "a")->failed(send_errc::invalid_message));
  CAF_CHECK(subscribe("a", "\xff")->failed(send_errc::invalid_message));
  CAF_CHECK(subscribe("a", "eleven bytes")->failed(send_errc::invalid_message));
  CAF_CHECK(unsubscribe("login", text("\xff"))->failed(send_errc::invalid_message));
  CAF_CHECK_EQUAL(got(0).size(), 2U);
}

CAF_TEST(a subscription overtakes what waits in the outbox but nothing that was handed over) {
  open();
  peer(script{}.stall_writes());
  send("a");
  send("b");
  subscribe("books", "sub books");
  peer(script{}.take_writes());
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades", "a", "sub books", "b"}));
}

CAF_TEST(a subscription waits while the write queue is full) {
  open();
  peer(script{}.refuse_writes(make_error(connection_errc::queue_full, "full")));
  subscribe("books", "sub books");
  auto answer = send("a");
  pass(1s);
  CAF_CHECK(answer->pending());
  peer(script{}.take_writes());
  pass(10ms);
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades", "sub books", "a"}));
}

CAF_TEST(a new client changes nothing for the server) {
  open();
  client_mock second;
  CAF_CHECK(set_client(second.spawn(sys))->succeeded());
  CAF_CHECK_EQUAL(second.lines(), strings{"on_open(restarting)"});
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades"}));
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

// -- failures -------------------------------------------------------------------------------------

CAF_TEST(a failure ends a start and the client is told) {
  network.add(script{}.accept().refuse_writes(make_error(connection_errc::write_failed, "no")));
  spawn();
  auto starting = start();
  CAF_CHECK(starting->failed(engine_errc::on_open_failed));
  CAF_CHECK(text_of(starting->cause()).find("\"login\"") != std::string::npos);
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_close(none)"}));
  CAF_CHECK_EQUAL(farewell(0).code, close_code::going_away);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(a failure fails a restart which is tried again) {
  open();
  network.add(script{}.accept().refuse_writes(make_error(connection_errc::write_failed, "no")));
  peer(script{}.drop());
  auto answer = send("a");
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::backoff);
  CAF_CHECK_EQUAL(mock.count(callback::restart_error), 1U);
  CAF_CHECK_EQUAL(mock.count(callback::close), 2U);
  CAF_CHECK(answer->pending());
  pass(2s);
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(got(2), (strings{"login", "sub trades", "a"}));
}

CAF_TEST(a session that ends while it is set up is a failure) {
  network.add(
    script{}.accept().stall_writes().after(1s).close({close_code::policy_violation, "x"}));
  spawn();
  auto starting = start();
  pass(1s);
  CAF_CHECK(starting->failed(engine_errc::on_open_failed));
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
}

CAF_TEST(set up messages that are not written in time are a failure) {
  network.add(script{}.accept().stall_writes());
  spawn();
  auto starting = start();
  pass(30s);
  // The close frame waits behind them.
  pass(10s);
  CAF_CHECK(starting->failed(engine_errc::open_timeout));
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(stop while a session is set up is bounded) {
  network.add(script{}.accept().stall_writes());
  spawn();
  auto starting = start();
  auto stopping = stop();
  pass(10s);
  CAF_CHECK(!stopping->pending());
  CAF_CHECK(!starting->pending());
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(a client that dies while a session is set up leaves it to the next one) {
  options.on_client_down = client_down_policy::keep;
  network.add(script{}.accept().stall_writes().after(1s).take_writes());
  spawn();
  auto starting = start();
  kill(caf::actor_cast<caf::actor>(client));
  pass(1s);
  CAF_CHECK(starting->pending());
  mock.clear();
  CAF_CHECK(set_client(mock.spawn(sys))->succeeded());
  CAF_CHECK(starting->succeeded());
  CAF_CHECK_EQUAL(got(0), (strings{"login", "sub trades"}));
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST_FIXTURE_SCOPE_END()
