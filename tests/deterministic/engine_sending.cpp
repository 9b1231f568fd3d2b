// engine_sending.cpp: what becomes of messages that an engine is asked to send, with and without a
// session.

#define CAF_SUITE engine_sending

#include "deterministic/sending_fixture.hpp"

namespace {

struct fixture : sending_fixture {
  fixture() { options.outbox.enabled = true; }

  // Loses the session; the engine waits for the next attempt.
  void lose() {
    peer(script{}.drop());
    CAF_REQUIRE_EQUAL(state(), engine_state::backoff);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_sending_tests, fixture)

// -- without an outbox ----------------------------------------------------------------------------

CAF_TEST(a send is answered with the session that it went out on) {
  options.outbox.enabled = false;
  open();
  auto answer = send("a", send_policy::session);
  CAF_REQUIRE(answer->succeeded());
  CAF_CHECK_EQUAL(answer->get().id, open_id());
  CAF_CHECK_EQUAL(got(0), strings{"a"});
}

CAF_TEST(without an outbox a send needs a session and its policy none) {
  options.outbox.enabled = false;
  spawn();
  CAF_CHECK(send("a", send_policy::session)->failed(engine_errc::not_running));
  CAF_REQUIRE(start()->succeeded());
  CAF_CHECK(send("a", send_policy::keep)->failed(send_errc::no_outbox));
  lose();
  CAF_CHECK(send("a", send_policy::session)->failed(send_errc::no_session));
}

CAF_TEST(without an outbox each send has one fate which names its session) {
  options.outbox.enabled = false;
  open();
  peer(script{}.stall_writes());
  auto begun = send("a", send_policy::session);
  auto queued = send("b", send_policy::session);
  CAF_CHECK(begun->pending() && queued->pending());
  auto id = open_id();
  lose();
  CAF_CHECK(begun->failed(send_errc::unknown));
  CAF_CHECK(queued->failed(send_errc::failed));
  CAF_CHECK_EQUAL(session_of(begun->cause()), id);
  CAF_CHECK_EQUAL(session_of(queued->cause()), id);
}

CAF_TEST(without an outbox a queue that is full fails the send) {
  options.outbox.enabled = false;
  options.connection.write_queue_bytes = 1;
  open();
  peer(script{}.stall_writes());
  send("a", send_policy::session);
  auto answer = send("b", send_policy::session);
  CAF_CHECK(answer->failed(send_errc::failed));
  CAF_CHECK(text_of(answer->cause()).find("queue_full") != std::string::npos);
}

CAF_TEST(what can never be sent is refused at once) {
  options.connection.max_message_size = 2;
  open();
  CAF_CHECK(send("abc")->failed(send_errc::invalid_message));
  CAF_CHECK(send("\xff")->failed(send_errc::invalid_message));
  CAF_CHECK(send("ab")->succeeded());
}

CAF_TEST(whoever does not ask gets no answer) {
  open();
  std::size_t strays = 0;
  auto run = [&strays](caf::event_based_actor* sender, const engine_actor& to) -> caf::behavior {
    sender->set_error_handler([&strays](caf::error&) { ++strays; });
    sender->send(to, send_msg{message_kind::text, "a"});
    sender->send(to, send_msg{message_kind::text, "\xff"});
    return {[&strays](const send_receipt&) { ++strays; }};
  };
  auto sender = sys.spawn(run, engine);
  consume_messages();
  CAF_CHECK_EQUAL(got(0), strings{"a"});
  CAF_CHECK_EQUAL(strays, 0U);
  kill(sender);
}

// -- while disconnected ---------------------------------------------------------------------------

CAF_TEST(what is kept goes out in the next session in order) {
  open();
  lose();
  auto first = send("a");
  auto second = send("b", send_policy::session);
  auto third = send("c", send_policy::expire, 1h);
  CAF_CHECK(first->pending() && second->pending() && third->pending());
  pass(1s);
  CAF_REQUIRE(first->succeeded() && second->succeeded() && third->succeeded());
  CAF_CHECK_EQUAL(first->get().id, open_id());
  CAF_CHECK_EQUAL(third->get().id, open_id());
  CAF_CHECK_EQUAL(got(1), (strings{"a", "b", "c"}));
}

CAF_TEST(what is sent before the first session waits for it) {
  network.add(script{}.after(5s).accept());
  spawn();
  auto starting = start();
  auto answer = send("a");
  CAF_CHECK(answer->pending());
  pass(5s);
  CAF_CHECK(starting->succeeded() && answer->succeeded());
}

CAF_TEST(nothing goes out before the client has accepted the session) {
  mock.answer_next(callback::open, mock_answer{}.hold());
  spawn();
  auto starting = start();
  auto answer = send("a");
  CAF_CHECK(answer->pending());
  CAF_CHECK(got(0).empty());
  release(callback::open);
  CAF_CHECK(starting->succeeded() && answer->succeeded());
}

CAF_TEST(failed attempts do not drop what is for one session) {
  open();
  lose();
  auto answer = send("a", send_policy::session);
  network.add(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::backoff);
  CAF_CHECK(answer->pending());
  pass(2s);
  CAF_CHECK(answer->succeeded());
}

CAF_TEST(messages expire while they wait) {
  network.fallback(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  network.add(script{}.accept());
  open();
  lose();
  auto slow = send("a", send_policy::expire, 20s);
  auto fast = send("b", send_policy::expire, 10s);
  pass(9s);
  CAF_CHECK(slow->pending() && fast->pending());
  pass(1s);
  CAF_CHECK(slow->pending());
  CAF_CHECK(fast->failed(send_errc::expired));
  pass(10s);
  CAF_CHECK(slow->failed(send_errc::expired));
  network.fallback(script{}.accept());
  pass(10s);
  CAF_REQUIRE_EQUAL(state(), engine_state::running);
  CAF_CHECK(got(network.last()).empty());
}

CAF_TEST(a full outbox refuses and keeps what it has) {
  options.outbox.max_messages = 2;
  open();
  lose();
  auto first = send("a");
  auto second = send("b");
  CAF_CHECK(send("c")->failed(send_errc::outbox_full));
  pass(1s);
  CAF_CHECK(first->succeeded() && second->succeeded());
  CAF_CHECK(send("c")->succeeded());
}

// -- the end of a session -------------------------------------------------------------------------

CAF_TEST(what was not written goes out again and what may have been does not ) {
  open();
  peer(script{}.stall_writes());
  auto begun = send("a");
  auto behind = send("b");
  auto for_session = send("c", send_policy::session);
  auto id = open_id();
  lose();
  CAF_CHECK(begun->failed(send_errc::unknown));
  CAF_CHECK_EQUAL(session_of(begun->cause()), id);
  CAF_CHECK(for_session->failed(send_errc::dropped));
  CAF_CHECK_EQUAL(session_of(for_session->cause()), id);
  CAF_CHECK(behind->pending());
  pass(1s);
  CAF_CHECK(behind->succeeded());
  CAF_CHECK_EQUAL(got(1), strings{"b"});
}

CAF_TEST(what may have been written is sent again when that is asked for) {
  open();
  peer(script{}.stall_writes());
  auto begun = send("a", send_policy::keep, timespan{0}, true);
  auto behind = send("b");
  lose();
  CAF_CHECK(begun->pending() && behind->pending());
  pass(1s);
  CAF_CHECK(begun->succeeded() && behind->succeeded());
  CAF_CHECK_EQUAL(got(1), (strings{"a", "b"}));
}

CAF_TEST(a write that fails while its session goes on is tried again in its turn) {
  open();
  peer(script{}.refuse_writes(make_error(connection_errc::queue_full, "full")));
  auto first = send("a");
  auto second = send("b");
  pass(1s);
  CAF_CHECK(first->pending() && second->pending());
  peer(script{}.take_writes());
  pass(10ms);
  CAF_CHECK(first->succeeded() && second->succeeded());
  CAF_CHECK_EQUAL(got(0), (strings{"a", "b"}));
}

CAF_TEST(order is kept over many sessions) {
  open();
  std::vector<sent> answers;
  strings expected;
  for (int i = 0; i < 30; ++i) {
    if (i % 7 == 3)
      peer(script{}.drop());
    if (i % 5 == 2)
      pass(1s);
    expected.push_back(std::to_string(i));
    answers.push_back(send(expected.back()));
  }
  pass(10s);
  strings all;
  for (std::size_t i = 0; i < network.size(); ++i)
    for (auto& x : got(i))
      all.push_back(x);
  CAF_CHECK_EQUAL(all, expected);
  for (const auto& x : answers)
    CAF_CHECK(x->succeeded());
}

CAF_TEST(a connection that dies leaves a fate and not a gap) {
  open();
  peer(script{}.stall_writes());
  auto begun = send("a");
  auto behind = send("b");
  peer(script{}.die(caf::sec::runtime_error));
  CAF_CHECK(begun->failed(send_errc::unknown));
  pass(1s);
  CAF_CHECK(behind->succeeded());
}

// -- the engine's states --------------------------------------------------------------------------

CAF_TEST(while the connection is on loan what is sent waits) {
  open();
  std::optional<lease> held;
  auto hold = [&held](caf::event_based_actor* self, const engine_actor& from) -> caf::behavior {
    self->request(from, caf::infinite, pause_msg{}).then([&held](lease& x) {
      held = std::move(x);
    });
    return {[](caf::unit_t) {}};
  };
  auto holder = sys.spawn(hold, engine);
  consume_messages();
  CAF_REQUIRE(held);
  auto answer = send("a");
  CAF_CHECK(answer->pending());
  CAF_CHECK(ask<caf::unit_t>(engine, resume_msg{held->id, {}})->succeeded());
  CAF_CHECK(answer->succeeded());
  held = {};
  kill(holder);
}

CAF_TEST(what waits when the engine stops is dropped) {
  open();
  lose();
  auto answer = send("a");
  CAF_CHECK(stop()->succeeded());
  CAF_CHECK(answer->failed(send_errc::dropped));
  CAF_CHECK(send("b")->failed(engine_errc::not_running));
  CAF_REQUIRE(start()->succeeded());
  CAF_CHECK(got(1).empty());
}

CAF_TEST(what waits when the engine gives up is dropped) {
  options.backoff.max_attempts = 1;
  network.add(script{}.accept());
  network.fallback(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  open();
  lose();
  auto answer = send("a");
  pass(1s);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  CAF_CHECK(answer->failed(send_errc::dropped));
}

CAF_TEST(an engine that is killed answers for everything) {
  open();
  peer(script{}.stall_writes());
  auto begun = send("a");
  auto waits = send("b");
  kill(caf::actor_cast<caf::actor>(engine));
  CAF_CHECK(!begun->pending() && !waits->pending());
  CAF_CHECK(!begun->succeeded() && !waits->succeeded());
}

CAF_TEST_FIXTURE_SCOPE_END()
