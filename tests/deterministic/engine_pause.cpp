// engine_pause.cpp: the lease of a connection: who gets what was unread, and how it ends.

#define CAF_SUITE engine_pause

#include "deterministic/kit_suite.hpp"

#include <optional>

namespace {

strings contents(const message_batch& xs) {
  strings result;
  for (const auto& x : xs.messages)
    result.emplace_back(x.data.text());
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_pause_tests, caf_test_fixture)

CAF_TEST(pausing an idle connection works at once) {
  open();
  auto held = expect_success(pause());
  expect_state(engine_state::paused);
  auto opened = *client.last_session();
  CAF_CHECK_EQUAL(held.which.id, opened.id);
  server.sends(text("a"));
  expect_nothing();
  auto got = expect_success(ask<data_message>(system(), held.which.connection, read_msg{}));
  CAF_CHECK_EQUAL(got, text("a"));
}

CAF_TEST(unread messages go to the holder and what it gives back comes first) {
  client.answer_next(callback::message, mock_answer{}.hold());
  open();
  server.sends({text("a"), text("b"), text("c")}).sends(text("d"));
  expect_message("a");
  auto held = expect_success(pause());
  // One is with the client, and the pause did not wait for it.
  CAF_CHECK_EQUAL(client.in_flight(), 1U);
  auto unread = contents(held.unread);
  CAF_CHECK_EQUAL(unread, (strings{"b", "c", "d"}));
  release(callback::message);
  expect_nothing();
  expect_success(resume(held, {{text("c"), text("d")}}));
  expect_message("c");
  expect_message("d");
}

CAF_TEST(pause from inside on_message stops the delivery) {
  std::optional<lease> held;
  client.answer_next(callback::message, mock_answer{}.run([&](mock_context& context) {
    context.pause([&](caf::expected<lease> x) {
      if (x)
        held = std::move(*x);
    });
  }));
  spawn(client.object());
  open();
  server.sends({text("a"), text("b"), text("c")});
  expect_message("a");
  expect_nothing();
  CAF_REQUIRE(held);
  CAF_CHECK_EQUAL(contents(held->unread), (strings{"b", "c"}));
  wsengine::resume(*held, std::move(held->unread));
  expect_message("b");
  expect_message("c");
}

CAF_TEST(only one may hold the connection) {
  open();
  auto held = expect_success(pause());
  expect_failure(pause(), engine_errc::already_paused);
  expect_success(resume(held));
  expect_failure(resume(held), engine_errc::no_such_lease);
}

CAF_TEST(pause needs an open session) {
  spawn();
  expect_failure(pause(), engine_errc::not_running);
}

CAF_TEST(the engine resumes when the holder dies) {
  open();
  pause();
  server.sends(text("a"));
  expect_nothing();
  kill_lease_holders();
  expect_message("a");
  expect_state(engine_state::running);
}

CAF_TEST(a lease ends with its session) {
  open();
  auto held = expect_success(pause());
  server.sends(text("a")).drops();
  expect_message("a");
  expect_close(1006);
  expect_failure(resume(held), engine_errc::no_such_lease);
  advance(1s);
  expect_state(engine_state::running);
}

CAF_TEST(stop and restart end a pause) {
  open();
  pause();
  restart();
  expect_own_close();
  advance(1s);
  expect_reopen();
  pause();
  expect_success(stop());
}

CAF_TEST(a client that is set while paused is introduced at resume) {
  open();
  auto held = expect_success(pause());
  client_mock second;
  set_client(second.spawn(system()));
  expect_nothing();
  server.sends(text("a"));
  expect_success(resume(held));
  CAF_CHECK_EQUAL(second.lines(), (strings{"on_open(restarting)", "on_message(text, \"a\")"}));
}

CAF_TEST(the clients death while paused follows the policy) {
  options.on_client_down = client_down_policy::keep;
  open();
  auto held = expect_success(pause());
  kill_client();
  expect_state(engine_state::paused);
  server.sends(text("a"));
  expect_success(resume(held));
  expect_state(engine_state::running);
  expect_nothing();
  set_client(client.spawn(system()));
  expect_reopen();
  expect_message("a");
}

CAF_TEST_FIXTURE_SCOPE_END()
