// engine_pause.cpp: the lease of a connection: who gets what was unread, and how it ends.

#define CAF_SUITE engine_pause

#include "deterministic/supervised_fixture.hpp"

#include <optional>

namespace {

// A lease and the actor that holds it.
struct loan {
  caf::actor holder;
  std::optional<lease> got;
  caf::error cause;
};

struct fixture : supervised_fixture {
  // An actor that stays alive asks for the connection.
  std::shared_ptr<loan> pause() {
    auto result = std::make_shared<loan>();
    auto hold = [result](caf::event_based_actor* holder,
                         const engine_actor& from) -> caf::behavior {
      holder->request(from, caf::infinite, pause_msg{})
        .then([result](lease& x) { result->got = std::move(x); },
              [result](caf::error& x) { result->cause = std::move(x); });
      return {[](caf::unit_t) {}};
    };
    result->holder = sys.spawn(hold, engine);
    consume_messages();
    holders.push_back(result->holder);
    return result;
  }

  auto resume(const lease& what, message_batch unread = {}) {
    return ask<caf::unit_t>(engine, resume_msg{what.id, std::move(unread)});
  }

  ~fixture() override {
    for (auto& x : holders)
      kill(x);
  }

  std::vector<caf::actor> holders;
};

std::vector<std::string> contents(const message_batch& xs) {
  std::vector<std::string> result;
  for (const auto& x : xs.messages)
    result.emplace_back(x.data.text());
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_pause_tests, fixture)

CAF_TEST(pausing an idle connection works at once) {
  open();
  auto held = pause();
  CAF_REQUIRE(held->got);
  CAF_CHECK_EQUAL(state(), engine_state::paused);
  CAF_CHECK_EQUAL(held->got->which.id, open_id());
  peer(script{}.send(text("a")));
  CAF_CHECK_EQUAL(mock.count(callback::message), 0U);
  auto got = ask<data_message>(held->got->which.connection, read_msg{});
  CAF_CHECK_EQUAL(got->get(), text("a"));
}

CAF_TEST(unread messages go to the holder and what it gives back comes first) {
  mock.answer_next(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send({text("a"), text("b"), text("c")}).send(text("d")));
  auto held = pause();
  CAF_REQUIRE(held->got);
  // One is with the client, and the pause did not wait for it.
  CAF_CHECK_EQUAL(mock.in_flight(), 1U);
  auto unread = contents(held->got->unread);
  CAF_CHECK_EQUAL(unread, (strings{"b", "c", "d"}));
  release(callback::message);
  CAF_CHECK_EQUAL(mock.count(callback::message), 1U);
  CAF_CHECK(resume(*held->got, {{text("c"), text("d")}})->succeeded());
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"a\")",
                                    "on_message(text, \"c\")", "on_message(text, \"d\")"}));
}

CAF_TEST(pause from inside on_message stops the delivery) {
  std::optional<lease> held;
  mock.answer_next(callback::message, mock_answer{}.run([&](mock_context& context) {
    context.pause([&](caf::expected<lease> x) {
      if (x)
        held = std::move(*x);
    });
  }));
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  peer(script{}.send({text("a"), text("b"), text("c")}));
  CAF_REQUIRE(held);
  CAF_CHECK_EQUAL(mock.count(callback::message), 1U);
  CAF_CHECK_EQUAL(contents(held->unread), (strings{"b", "c"}));
  wsengine::resume(*held, std::move(held->unread));
  consume_messages();
  CAF_CHECK_EQUAL(mock.count(callback::message), 3U);
}

CAF_TEST(only one may hold the connection) {
  open();
  auto first = pause();
  auto second = pause();
  CAF_CHECK(first->got && !second->got);
  CAF_CHECK(is(second->cause, engine_errc::already_paused));
  CAF_CHECK(resume(*first->got)->succeeded());
  CAF_CHECK(resume(*first->got)->failed(engine_errc::no_such_lease));
}

CAF_TEST(pause needs an open session) {
  spawn();
  CAF_CHECK(is(pause()->cause, engine_errc::not_running));
}

CAF_TEST(the engine resumes when the holder dies) {
  open();
  auto held = pause();
  peer(script{}.send(text("a")));
  CAF_CHECK_EQUAL(mock.count(callback::message), 0U);
  kill(held->holder);
  CAF_CHECK_EQUAL(mock.count(callback::message), 1U);
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST(a lease ends with its session) {
  open();
  auto held = pause();
  peer(script{}.send(text("a")).drop());
  CAF_CHECK_EQUAL(last_line(), "on_close(1006 (abnormal))");
  CAF_CHECK_EQUAL(mock.count(callback::message), 1U);
  CAF_CHECK(resume(*held->got)->failed(engine_errc::no_such_lease));
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST(stop and restart end a pause) {
  open();
  pause();
  signal(session_signal::restart);
  CAF_CHECK_EQUAL(mock.count(callback::close), 1U);
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::running);
  pause();
  CAF_CHECK(stop()->succeeded());
}

CAF_TEST(a client that is set while paused is introduced at resume) {
  open();
  auto held = pause();
  client_mock second;
  CAF_CHECK(set_client(second.spawn(sys))->succeeded());
  CAF_CHECK_EQUAL(second.lines().size(), 0U);
  peer(script{}.send(text("a")));
  CAF_CHECK(resume(*held->got)->succeeded());
  CAF_CHECK_EQUAL(second.lines(), (strings{"on_open(restarting)", "on_message(text, \"a\")"}));
}

CAF_TEST(the clients death while paused follows the policy) {
  options.on_client_down = client_down_policy::keep;
  open();
  auto held = pause();
  kill(caf::actor_cast<caf::actor>(client));
  CAF_CHECK_EQUAL(state(), engine_state::paused);
  peer(script{}.send(text("a")));
  CAF_CHECK(resume(*held->got)->succeeded());
  CAF_CHECK_EQUAL(state(), engine_state::running);
  mock.clear();
  CAF_CHECK(set_client(mock.spawn(sys))->succeeded());
  CAF_CHECK_EQUAL(lines(), (strings{"on_open(restarting)", "on_message(text, \"a\")"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
