// engine_races.cpp: things that happen at the same time; the simulation has found each of them.

#define CAF_SUITE engine_races

#include "deterministic/kit_suite.hpp"

#include "wsengine/request.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

CAF_TEST_FIXTURE_SCOPE(engine_races_tests, caf_test_fixture)

CAF_TEST(a client that is set while the session closes is not told of the end) {
  client.answer_next(callback::message, mock_answer{}.hold());
  open();
  server.sends(text("a"));
  expect_message("a");
  restart();
  expect_state(engine_state::closing);
  client_mock second;
  set_client(second.spawn(system()));
  release(callback::message);
  CAF_CHECK_EQUAL(second.lines(), strings{});
  expect_close_frame(1001);
  advance(1s);
  CAF_CHECK_EQUAL(second.lines(), (strings{"on_open(restarting)"}));
}

CAF_TEST(a client that is set while another one is asked is not told of the end) {
  client.answer_next(callback::open, mock_answer{}.hold());
  start();
  expect_open();
  client_mock second;
  set_client(second.spawn(system()));
  auto stopped = stop();
  release(callback::open);
  expect_success(stopped);
  CAF_CHECK_EQUAL(second.lines(), strings{});
}

CAF_TEST(a session waits when its next client dies before its turn) {
  options.on_client_down = client_down_policy::keep;
  client.answer_next(callback::open, mock_answer{}.hold());
  start();
  expect_open();
  client_mock second;
  set_client(second.spawn(system()));
  kill_client();
  release(callback::open);
  expect_state(engine_state::running);
  server.sends(text("a"));
  expect_nothing();
  client_mock third;
  set_client(third.spawn(system()));
  CAF_CHECK_EQUAL(third.lines(), (strings{"on_open(restarting)", "on_message(text, \"a\")"}));
}

CAF_TEST(on_close waits for on_read_error) {
  client.answer_next(callback::read_error, mock_answer{}.hold());
  server.accepts().fails_a_read();
  open();
  expect_read_error();
  restart();
  expect_state(engine_state::closing);
  expect_nothing();
  release(callback::read_error);
  expect_own_close();
}

CAF_TEST(a connection that dies when its session is over does not end the engine) {
  options.on_client_down = client_down_policy::keep;
  options.backoff.retry_first_connect = true;
  server.stalls();
  start();
  kill_client();
  server.accepts();
  expect_state(engine_state::opening);
  connections().play(connections().last(), script{}.die(caf::exit_reason::remote_link_unreachable));
  expect_state(engine_state::backoff);
}

CAF_TEST(pause is answered when a stop comes at the same time) {
  open();
  auto held = ask<lease>(system(), engine, pause_msg{});
  auto stopped = ask<caf::unit_t>(system(), engine, stop_msg{});
  expect_failure(held, engine_errc::no_such_lease);
  expect_success(stopped);
  expect_own_close();
}

CAF_TEST(pause is answered when the engine ends at the same time) {
  open();
  caf::scoped_actor holder{system()};
  holder->send(engine, pause_msg{});
  compat::send_exit(engine, caf::exit_reason::kill);
  settle();
  CAF_REQUIRE(!holder->mailbox().empty());
  holder->receive([](const caf::error& x) { CAF_CHECK(is(x, engine_errc::no_such_lease)); });
}

CAF_TEST(what was taken back for a lease is delivered when the session ends first) {
  open();
  auto held = ask<lease>(system(), engine, pause_msg{});
  script end;
  end.send(text("a")).close({close_code::normal, "bye"});
  connections().play(connections().last(), end);
  expect_failure(held, engine_errc::no_such_lease);
  expect_message("a");
  expect_close(1000, "bye");
}

CAF_TEST(the end of a session waits for a read error that comes first) {
  open();
  auto last = connections().last();
  connections().play(last, script{}.fail_read("a hiccup"));
  connections().play(last, script{}.die(caf::exit_reason::remote_link_unreachable));
  expect_read_error();
  expect_close(1006);
}

CAF_TEST(a client that is set when the connection has just been lost is told of the end) {
  open();
  client_mock second;
  auto next = set_client_msg{second.spawn(system())};
  auto set = ask<caf::unit_t>(system(), engine, next);
  connections().play(connections().last(), script{}.drop());
  expect_success(set);
  CAF_CHECK_EQUAL(second.lines(), (strings{"on_open(restarting)", "on_close(1006 (abnormal))"}));
  expect_state(engine_state::backoff);
}

CAF_TEST(a client that is set behind one that died unasked waits for the one that is asked) {
  options.on_client_down = client_down_policy::keep;
  client.answer_next(callback::open, mock_answer{}.hold());
  start();
  expect_open();
  client_mock second;
  set_client(second.spawn(system()));
  kill_client();
  client_mock third;
  set_client(third.spawn(system()));
  CAF_CHECK_EQUAL(third.lines(), strings{});
  expect_state(engine_state::opening);
  release(callback::open);
  CAF_CHECK_EQUAL(third.lines(), (strings{"on_open(restarting)"}));
  expect_state(engine_state::running);
}

CAF_TEST(a client waits for one that takes over though the one between them has died) {
  options.on_client_down = client_down_policy::keep;
  open();
  client_mock second;
  second.answer_next(callback::open, mock_answer{}.hold());
  set_client(second.spawn(system()));
  CAF_CHECK_EQUAL(second.lines(), (strings{"on_open(restarting)"}));
  client_mock third;
  set_client(third.spawn(system()));
  kill_client();
  expect_state(engine_state::opening);
  client_mock fourth;
  set_client(fourth.spawn(system()));
  CAF_CHECK_EQUAL(fourth.lines(), strings{});
  CAF_REQUIRE(second.release(callback::open));
  settle();
  server.sends(text("a"));
  CAF_CHECK_EQUAL(fourth.lines(), (strings{"on_open(restarting)", "on_message(text, \"a\")"}));
  CAF_CHECK_EQUAL(third.lines(), strings{});
}

CAF_TEST(a client is asked when the one that it has replaced dies in on_open) {
  client.answer_next(callback::open, mock_answer{}.hold());
  auto first = client.spawn(system());
  spawn(first);
  auto started = start();
  expect_open();
  client_mock second;
  set_client(second.spawn(system()));
  CAF_CHECK_EQUAL(second.lines(), strings{});
  compat::send_exit(first, caf::exit_reason::kill);
  settle();
  expect_success(started);
  server.sends(text("a"));
  CAF_CHECK_EQUAL(second.lines(), (strings{"on_open()", "on_message(text, \"a\")"}));
}

CAF_TEST(a client takes over when the one that it has replaced dies while it takes over) {
  open();
  client_mock second;
  second.answer_next(callback::open, mock_answer{}.hold());
  auto between = second.spawn(system());
  set_client(between);
  client_mock third;
  set_client(third.spawn(system()));
  compat::send_exit(between, caf::exit_reason::kill);
  settle();
  server.sends(text("a"));
  CAF_CHECK_EQUAL(third.lines(), (strings{"on_open(restarting)", "on_message(text, \"a\")"}));
}

CAF_TEST(the next client is asked at once when all before it have died in on_open) {
  options.on_client_down = client_down_policy::keep;
  client.answer_next(callback::open, mock_answer{}.hold());
  auto first = client.spawn(system());
  spawn(first);
  auto started = start();
  expect_open();
  client_mock second;
  set_client(second.spawn(system()));
  kill_client();
  compat::send_exit(first, caf::exit_reason::kill);
  settle();
  expect_state(engine_state::opening);
  // Nobody is asked, so nobody is late.
  advance(options.timeouts.open);
  expect_state(engine_state::opening);
  client_mock third;
  set_client(third.spawn(system()));
  CAF_CHECK_EQUAL(third.lines(), (strings{"on_open()"}));
  expect_success(started);
}

CAF_TEST(a client that comes back while it is still asked may die) {
  options.on_client_down = client_down_policy::keep;
  client.answer_next(callback::open, mock_answer{}.hold());
  auto first = client.spawn(system());
  spawn(first);
  start();
  expect_open();
  client_mock second;
  set_client(second.spawn(system()));
  set_client(first);
  compat::send_exit(first, caf::exit_reason::kill);
  settle();
  expect_state(engine_state::opening);
  set_client(second.spawn(system()));
  CAF_CHECK_EQUAL(second.lines(), (strings{"on_open()"}));
  expect_state(engine_state::running);
}

CAF_TEST(a session is set up for the client that has accepted it though the next one dies) {
  options.on_client_down = client_down_policy::keep;
  options.setup = {{"feed", text("subscribe")}};
  server.accepts().stops_reading();
  auto started = start();
  expect_open();
  client_mock second;
  set_client(second.spawn(system()));
  kill_client();
  expect_state(engine_state::opening);
  server.reads();
  expect_success(started);
  expect_state(engine_state::running);
  client_mock third;
  set_client(third.spawn(system()));
  CAF_CHECK_EQUAL(third.lines(), (strings{"on_open(restarting)"}));
}

CAF_TEST(a reader that is granted more while a read fails holds no more than it may) {
  options.read_batch = 2;
  hooks.request_key = [](const data_message&) { return optional<std::string>{}; };
  client.answer(callback::message, mock_answer{}.hold());
  open();
  // The grant for the sake of the request and the failure pass each other.
  caf::anon_send(engine, request_msg{text("?"), "?", 1min, {}});
  connections().play(connections().last(), script{}.fail_read("a hiccup"));
  expect_read_error();
  server.sends(std::vector<data_message>(40, text("a")));
  expect_message("a");
  auto unread = expect_success(pause()).unread.messages.size();
  // One is with the client.
  CAF_CHECK_EQUAL(unread, 7u);
}

CAF_TEST(stop does not wait for a client that was replaced) {
  client.answer(callback::close_error, mock_answer{}.hold());
  open();
  server.breaks_close();
  auto stopped = stop();
  expect_own_close();
  expect_close_error(connection_errc::close_failed);
  CAF_CHECK(stopped->pending());
  client_mock second;
  set_client(second.spawn(system()));
  expect_success(stopped);
}

CAF_TEST(stop waits for a callback after the session no longer than for all together) {
  client.answer(callback::close_error, mock_answer{}.hold());
  options.timeouts.stop = 10s;
  options.connection.timeouts.close = 6s;
  open();
  server.ignores_close();
  auto stopped = stop();
  advance(6s);
  expect_own_close();
  expect_close_error(connection_errc::close_timeout);
  advance(3999ms);
  CAF_CHECK(stopped->pending());
  advance(1ms);
  expect_failure(stopped, engine_errc::stop_timeout);
}

CAF_TEST(an engine may start again while stop waits for a callback) {
  client.answer_next(callback::restart_error, mock_answer{}.hold());
  options.backoff.retry_first_connect = true;
  options.timeouts.stop = 10s;
  server.refuses(make_error(dial_errc::connect_failed, "refused"));
  auto first = start();
  expect_restart_error(dial_errc::connect_failed);
  auto stopped = stop();
  expect_state(engine_state::stopped);
  CAF_CHECK(stopped->pending() && first->pending());
  auto second = start();
  expect_success(second);
  expect_open();
  advance(9s);
  release(callback::restart_error);
  expect_success(stopped);
  expect_failure(first, engine_errc::stopped);
  advance(20s);
  expect_state(engine_state::running);
}

CAF_TEST(an engine that has started again counts anew while stop waits for a callback) {
  client.answer_next(callback::restart_error, mock_answer{}.hold());
  options.backoff.retry_first_connect = true;
  server.refuses_by_default(503);
  start();
  expect_restart_error(dial_errc::upgrade_refused);
  advance(1s);
  expect_restart_error(dial_errc::upgrade_refused);
  auto stopped = stop();
  CAF_CHECK(stopped->pending());
  start();
  expect_restart_error(dial_errc::upgrade_refused);
  expect_retry_in(1s);
  release(callback::restart_error);
  expect_success(stopped);
  advance(1s);
  expect_restart_error(dial_errc::upgrade_refused);
  std::vector<std::uint32_t> counts;
  for (const auto& x : client.calls_of<on_restart_error>())
    counts.push_back(x.retry);
  CAF_CHECK_EQUAL(counts, (std::vector<std::uint32_t>{0, 1, 0, 1}));
}

CAF_TEST(an engine that has started again goes on when stop is out of time) {
  client.answer_next(callback::restart_error, mock_answer{}.hold());
  client.answer_next(callback::open, mock_answer{}.hold());
  options.backoff.retry_first_connect = true;
  options.timeouts.stop = 10s;
  server.refuses(make_error(dial_errc::connect_failed, "refused"));
  start();
  expect_restart_error(dial_errc::connect_failed);
  auto stopped = stop();
  auto second = start();
  expect_open();
  advance(10s);
  expect_failure(stopped, engine_errc::stop_timeout);
  expect_state(engine_state::opening);
  release(callback::open);
  expect_success(second);
}

CAF_TEST_FIXTURE_SCOPE_END()
