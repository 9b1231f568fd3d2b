// engine_sessions.cpp: sessions that open, deliver, end, and are opened again.

#define CAF_SUITE engine_sessions

#include "deterministic/supervised_fixture.hpp"

CAF_TEST_FIXTURE_SCOPE(engine_sessions_tests, supervised_fixture)

CAF_TEST(start answers with the session after on_open) {
  mock.answer(callback::open, mock_answer{}.hold());
  spawn();
  CAF_CHECK_EQUAL(state(), engine_state::idle);
  auto answer = start();
  CAF_CHECK(answer->pending());
  CAF_CHECK_EQUAL(state(), engine_state::opening);
  release(callback::open);
  CAF_REQUIRE(answer->succeeded());
  CAF_CHECK_EQUAL(answer->get().id, open_id());
  CAF_CHECK_EQUAL(status().id, answer->get().id);
  CAF_CHECK_EQUAL(state(), engine_state::running);
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()"}));
}

CAF_TEST(nothing is read before on_open has answered) {
  mock.answer(callback::open, mock_answer{}.hold());
  network.add(script{}.accept().send(text("a")));
  spawn();
  start();
  CAF_CHECK_EQUAL(network.record(0).count(scripted_event::demand), 0U);
  CAF_CHECK_EQUAL(mock.count(callback::message), 0U);
  release(callback::open);
  CAF_CHECK_EQUAL(mock.count(callback::message), 1U);
}

CAF_TEST(messages are delivered one at a time and in order) {
  mock.answer(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send({text("a"), binary("b")}).send(text("c")));
  CAF_CHECK_EQUAL(last_line(), "on_message(text, \"a\")");
  release(callback::message);
  CAF_CHECK_EQUAL(last_line(), "on_message(binary, \"b\")");
  release(callback::message);
  release(callback::message);
  CAF_CHECK_EQUAL(mock.count(callback::message), 3U);
  CAF_CHECK_EQUAL(mock.most_in_flight(), 1U);
}

CAF_TEST(a callback object gets the same) {
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  peer(script{}.send({text("a"), text("b")}).close({close_code::normal, "bye"}));
  CAF_CHECK_EQUAL(lines(),
                  (strings{"on_open()", "on_message(text, \"a\")", "on_message(text, \"b\")",
                           "on_close(1000 (normal), \"bye\")"}));
}

CAF_TEST(several handlers deliver side by side and equal keys in order) {
  options.handlers = 3;
  hooks.message_key = [](const data_message& x) { return std::string{x.data.text().substr(0, 1)}; };
  mock.answer(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send({text("a1"), text("a2"), text("b1"), text("c1")}));
  CAF_CHECK_EQUAL(mock.in_flight(), 3U);
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"a1\")",
                                    "on_message(text, \"b1\")", "on_message(text, \"c1\")"}));
  release(callback::message);
  CAF_CHECK_EQUAL(last_line(), "on_message(text, \"a2\")");
}

CAF_TEST(what had come is delivered before on_close) {
  mock.answer(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send({text("a"), text("b")}).close({close_code::normal, "bye"}));
  CAF_CHECK_EQUAL(mock.count(callback::close), 0U);
  release(callback::message);
  CAF_CHECK_EQUAL(mock.count(callback::close), 0U);
  release(callback::message);
  CAF_CHECK_EQUAL(lines(),
                  (strings{"on_open()", "on_message(text, \"a\")", "on_message(text, \"b\")",
                           "on_close(1000 (normal), \"bye\")"}));
  CAF_CHECK_EQUAL(state(), engine_state::backoff);
}

CAF_TEST(a broken connection is one on_close with 1006 and a new session) {
  open();
  auto first = open_id();
  peer(script{}.drop());
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
  CAF_CHECK_EQUAL(first_peer_code(), close_code::abnormal);
  CAF_CHECK_EQUAL(status().next_retry_in, timespan{1s});
  CAF_CHECK(status().next_retry_at);
  pass(1s);
  CAF_CHECK_EQUAL(last_line(), "on_open(restarting)");
  CAF_CHECK_NOT_EQUAL(open_id(), first);
  CAF_CHECK_EQUAL(network.opened(), 2U);
  CAF_CHECK_EQUAL(network.alive(), 1U);
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
}

CAF_TEST(the death of the connection actor ends the session with 1006) {
  open();
  peer(script{}.die(caf::exit_reason::unknown));
  CAF_CHECK_EQUAL(first_peer_code(), close_code::abnormal);
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST(attempts are spaced by the backoff from the first reconnect on) {
  network.fallback(script{}.accept().close({close_code::normal, ""}));
  spawn();
  start();
  for (auto delay : {1s, 2s, 4s, 8s, 10s, 10s})
    pass(delay);
  auto times = network.dial_times();
  std::vector<timespan> gaps;
  for (std::size_t i = 1; i < times.size(); ++i)
    gaps.push_back(times[i] - times[i - 1]);
  CAF_CHECK_EQUAL(gaps, (std::vector<timespan>{1s, 2s, 4s, 8s, 10s, 10s}));
  // Each of them opened: none is a failed restart.
  CAF_CHECK_EQUAL(mock.count(callback::restart_error), 0U);
  CAF_CHECK_EQUAL(mock.count(callback::close), 7U);
}

CAF_TEST(a stable session makes the next delay short again) {
  open();
  peer(script{}.drop());
  pass(1s);
  peer(script{}.drop());
  CAF_CHECK_EQUAL(status().next_retry_in, timespan{2s});
  pass(2s);
  pass(60s);
  peer(script{}.drop());
  CAF_CHECK_EQUAL(status().next_retry_in, timespan{1s});
}

CAF_TEST(failed restarts are counted from zero and again after success) {
  auto refused = make_error(dial_errc::connect_failed, "refused");
  network.add(script{}.accept());
  network.add(script{}.refuse(refused));
  network.add(script{}.refuse(refused));
  network.add(script{}.accept());
  network.add(script{}.refuse(refused));
  open();
  peer(script{}.drop());
  pass(1s);
  pass(2s);
  CAF_CHECK_EQUAL(status().attempts, 2U);
  CAF_CHECK(is(status().last_error, dial_errc::connect_failed));
  pass(4s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
  CAF_CHECK_EQUAL(status().attempts, 0U);
  peer(script{}.drop());
  pass(8s);
  auto errors = mock.calls_of<on_restart_error>();
  CAF_REQUIRE_EQUAL(errors.size(), 3U);
  CAF_CHECK_EQUAL(errors[0].retry, 0U);
  CAF_CHECK_EQUAL(errors[0].next_delay, timespan{2s});
  CAF_CHECK_EQUAL(errors[1].retry, 1U);
  CAF_CHECK_EQUAL(errors[2].retry, 0U);
}

CAF_TEST(the engine gives up after as many failures as allowed) {
  options.backoff.max_attempts = 2;
  network.add(script{}.accept());
  network.fallback(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  open();
  auto report = wait_stopped();
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK(report->pending());
  pass(2s);
  CAF_REQUIRE(report->succeeded());
  CAF_CHECK(is(report->get().reason, engine_errc::gave_up));
  CAF_CHECK(!mock.calls_of<on_restart_error>().at(1).next_delay);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  CAF_CHECK_EQUAL(network.alive(), 0U);
}

CAF_TEST(a failed first start does not retry unless asked to) {
  network.fallback(script{}.refuse(make_refused_error({503, "", "", {}})));
  spawn();
  auto answer = start();
  CAF_CHECK(answer->failed(dial_errc::upgrade_refused));
  CAF_CHECK_EQUAL(unsigned{response_of(answer->cause())->status}, 503U);
  CAF_CHECK_EQUAL(mock.count(callback::restart_error), 0U);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(a first start that is retried answers when it succeeds) {
  options.backoff.retry_first_connect = true;
  network.add(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  spawn();
  auto answer = start();
  CAF_CHECK(answer->pending());
  CAF_CHECK_EQUAL(mock.count(callback::restart_error), 1U);
  pass(1s);
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(last_line(), "on_open()");
}

CAF_TEST(a read that fails without closing is reported and nothing else meanwhile) {
  mock.answer(callback::read_error, mock_answer{}.hold());
  open();
  peer(script{}.send(text("a")).fail_read("a hiccup").send(text("b")));
  CAF_CHECK_EQUAL(mock.count(callback::message), 1U);
  CAF_CHECK_EQUAL(mock.count(callback::read_error), 1U);
  CAF_CHECK_EQUAL(state(), engine_state::running);
  release(callback::read_error);
  CAF_CHECK_EQUAL(mock.count(callback::message), 2U);
  CAF_CHECK_EQUAL(mock.count(callback::close), 0U);
  CAF_CHECK_EQUAL(text_of(mock.calls_of<on_read_error>().at(0).cause), "a hiccup");
}

CAF_TEST(an error from on_open closes with 1001 and ends a start) {
  mock.answer(callback::open, mock_answer{}.fail(make_error(engine_errc::stopped, "no")));
  spawn();
  auto answer = start();
  CAF_CHECK(answer->failed(engine_errc::on_open_failed));
  CAF_CHECK_EQUAL(farewell(0).code, close_code::going_away);
  CAF_CHECK_EQUAL(mock.count(callback::close), 0U);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  CAF_CHECK_EQUAL(network.alive(), 0U);
}

CAF_TEST(an error from on_open of a restart is a failed restart) {
  open();
  mock.answer_next(callback::open, mock_answer{}.fail(make_error(engine_errc::stopped, "no")));
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK_EQUAL(mock.count(callback::restart_error), 1U);
  CAF_CHECK_EQUAL(state(), engine_state::backoff);
  pass(2s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
}

CAF_TEST(a client may talk on the connection before it answers on_open) {
  network.add(script{}.accept().await_write(text("login")).send(text("welcome")).send(text("1")));
  std::string greeting;
  mock.answer(
    callback::open,
    mock_answer{}
      .run([&](mock_context& context) {
        auto* client_self = context.self();
        auto connection = context.which().connection;
        client_self->send(connection, write_msg{message_kind::text, std::string{"login"}});
        client_self->request(connection, caf::infinite, read_msg{})
          .then([&](const data_message& x) {
            greeting = std::string{x.data.text()};
            mock.release(callback::open);
          });
      })
      .hold());
  spawn();
  auto answer = start();
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(greeting, "welcome");
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"1\")"}));
}

CAF_TEST(a dial that takes too long is given up and leaves nothing behind) {
  network.fallback(script{}.stall());
  spawn();
  auto answer = start();
  pass(30s);
  CAF_CHECK(answer->failed(engine_errc::open_timeout));
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  CAF_CHECK_EQUAL(network.alive(), 0U);
  CAF_CHECK_EQUAL(network.actors(), 0U);
  CAF_CHECK_EQUAL(lines().size(), 0U);
}

CAF_TEST(a late dial is closed and never adopted) {
  network.fallback(script{}.after(31s).accept());
  spawn();
  auto answer = start();
  pass(30s);
  pass(5s);
  CAF_CHECK(answer->failed(engine_errc::open_timeout));
  CAF_CHECK_EQUAL(mock.count(callback::open), 0U);
  CAF_CHECK_EQUAL(network.actors(), 0U);
}

CAF_TEST(an on_open that takes too long is a failed start) {
  mock.answer(callback::open, mock_answer{}.hold());
  spawn();
  auto answer = start();
  pass(30s);
  CAF_CHECK(answer->failed(engine_errc::open_timeout));
  CAF_CHECK_EQUAL(phase_of(answer->cause()), "on_open");
  CAF_CHECK_EQUAL(farewell(0).code, close_code::going_away);
  // Its answer comes too late.
  release(callback::open);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  CAF_CHECK_EQUAL(mock.count(callback::close), 0U);
}

CAF_TEST(a failed close handshake is reported and the engine goes on) {
  network.add(script{}.accept().fail_close("broken pipe"));
  mock.answer(callback::close_error, mock_answer{}.hold());
  open();
  signal(session_signal::restart);
  CAF_CHECK_EQUAL(mock.count(callback::close_error), 1U);
  // Asked from inside the callback.
  CAF_CHECK(is(status().last_error, connection_errc::close_failed));
  release(callback::close_error);
  CAF_CHECK(is(mock.calls_of<on_close_error>().at(0).cause, connection_errc::close_failed));
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST(a large message comes in parts if that is wanted) {
  options.connection.max_part_size = 2;
  open();
  peer(script{}.send({text("abcde"), text("f")}));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"ab\", more follows)",
                                    "on_message(text, \"cd\", more follows)",
                                    "on_message(text, \"e\")", "on_message(text, \"f\")"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
