// scripted_closing.cpp: how sessions of a scripted connection and its actor end.

#define CAF_SUITE scripted_closing

#include "deterministic/scripted_fixture.hpp"
#include "stand_in.hpp"

CAF_TEST_FIXTURE_SCOPE(scripted_closing_tests, scripted_fixture)

// -- the peer ends the session --------------------------------------------------------------------

CAF_TEST(messages before a close are delivered before the error) {
  close_details bye{close_code::normal, "bye"};
  auto uut = open(script{}.accept().send(texts({"a", "b"})).close(bye));
  CAF_CHECK_EQUAL(wait_closed(uut)->get(), bye);
  CAF_CHECK_EQUAL(demand(uut, 1)->get().messages, texts({"a"}));
  CAF_CHECK_EQUAL(read(uut)->get(), text("b"));
  check_closed(uut, bye);
  CAF_CHECK(read(uut)->failed(connection_errc::closed));
  CAF_CHECK(close(uut)->succeeded());
}

CAF_TEST(a close of the peer ends a demand that waits) {
  auto uut = open(script{}.accept().after(1s).close({close_code::going_away, "shutdown"}));
  auto reading = demand(uut);
  auto watching = wait_closed(uut);
  pass(1s);
  CAF_CHECK(reading->failed(connection_errc::closed));
  CAF_CHECK_EQUAL(close_details_of(reading->cause()),
                  (close_details{close_code::going_away, "shutdown"}));
  CAF_CHECK_EQUAL(watching->get().code, close_code::going_away);
}

CAF_TEST(a drop ends the session with 1006) {
  auto uut = open(script{}.accept().send(text("a")).drop());
  CAF_CHECK_EQUAL(wait_closed(uut)->get(), broken);
  CAF_CHECK_EQUAL(demand(uut)->get().messages, texts({"a"}));
  check_closed(uut, broken);
}

// -- we end the session ---------------------------------------------------------------------------

CAF_TEST(the peer echoes the code of our close frame) {
  auto uut = open(script{}.accept());
  auto reading = demand(uut);
  auto watching = wait_closed(uut);
  CAF_CHECK(close(uut, {close_code::normal, "done"})->succeeded());
  CAF_CHECK_EQUAL(watching->get(), (close_details{close_code::normal, ""}));
  CAF_CHECK(reading->failed(connection_errc::closed));
  CAF_CHECK(write(uut, "late")->failed(connection_errc::closed));
  CAF_CHECK_EQUAL(network.record(0).closes,
                  (std::vector{close_details{close_code::normal, "done"}}));
}

CAF_TEST(closing twice waits for the first) {
  auto uut = open(script{}.accept().answer_close({close_code::normal, "ok"}, 2s));
  auto first = close(uut);
  auto second = close(uut);
  CAF_CHECK(write(uut, "late")->failed(connection_errc::closed));
  CAF_CHECK(ping(uut)->failed(connection_errc::closed));
  pass(1s);
  CAF_CHECK(first->pending() && second->pending());
  pass(1s);
  CAF_CHECK(first->succeeded() && second->succeeded());
  CAF_CHECK_EQUAL(wait_closed(uut)->get(), (close_details{close_code::normal, "ok"}));
  CAF_CHECK(close(uut)->succeeded());
  CAF_CHECK_EQUAL(network.record(0).closes.size(), 1u);
}

CAF_TEST(a peer that never answers is dropped in time) {
  options.timeouts.close = 5s;
  auto uut = open(script{}.accept().stall_close());
  auto answer = close(uut);
  pass(4999ms);
  CAF_CHECK(answer->pending());
  pass(1ms);
  CAF_CHECK(answer->failed(connection_errc::close_timeout));
  CAF_CHECK_EQUAL(wait_closed(uut)->get(), broken);
  CAF_CHECK_EQUAL(network.alive(), 0u);
}

CAF_TEST(an answer that is late comes to nobody) {
  options.timeouts.close = 1s;
  auto uut = open(script{}.accept().answer_close(2s));
  auto answer = close(uut);
  pass(1s);
  CAF_CHECK(answer->failed(connection_errc::close_timeout));
  pass(1s);
  CAF_CHECK_EQUAL(wait_closed(uut)->get(), broken);
}

CAF_TEST(a close handshake can fail) {
  auto uut = open(script{}.accept().fail_close("bad frame"));
  auto answer = close(uut);
  CAF_CHECK(answer->failed(connection_errc::close_failed));
  CAF_CHECK_EQUAL(text_of(answer->cause()), "bad frame");
  CAF_CHECK_EQUAL(wait_closed(uut)->get(), broken);
}

CAF_TEST(a drop during the close handshake fails it) {
  auto uut = open(script{}.accept().stall_close().after(1s).drop());
  auto answer = close(uut);
  pass(1s);
  CAF_CHECK(answer->failed(connection_errc::close_failed));
}

CAF_TEST(a close of the peer during the close handshake completes it) {
  close_details bye{close_code::normal, "me too"};
  auto uut = open(script{}.accept().stall_close().after(1s).close(bye));
  auto answer = close(uut);
  pass(1s);
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(wait_closed(uut)->get(), bye);
}

CAF_TEST(details that no close frame carries are refused) {
  auto uut = open(script{}.accept());
  CAF_CHECK(close(uut, broken)->failed(connection_errc::invalid_message));
  CAF_CHECK(write(uut, "still open")->succeeded());
}

CAF_TEST(the close frame goes out behind the writes) {
  auto uut = open(script{}.accept().stall_writes().after(1s).take_writes());
  auto writing = write(uut, "a");
  auto closing = close(uut);
  CAF_CHECK(writing->pending() && closing->pending());
  pass(1s);
  CAF_CHECK(writing->succeeded() && closing->succeeded());
  CAF_CHECK_EQUAL(network.record(0).written, texts({"a"}));
}

CAF_TEST(writes that never go out do not hold up the close for ever) {
  options.timeouts.close = 5s;
  auto uut = open(script{}.accept().stall_writes());
  auto writing = write(uut, "a");
  auto closing = close(uut);
  pass(5s);
  CAF_CHECK(writing->failed(connection_errc::write_unknown));
  CAF_CHECK(closing->failed(connection_errc::close_timeout));
}

// -- the end of actors ----------------------------------------------------------------------------

CAF_TEST(the end of the engine is the end of the connection) {
  auto uut = open(script{}.accept());
  auto reading = demand(uut);
  auto engine = sys.spawn<stand_in>();
  static_cast<caf::event_based_actor*>(caf::actor_cast<caf::abstract_actor*>(engine))->link_to(uut);
  caf::anon_send_exit(engine, caf::exit_reason::user_shutdown);
  consume_messages();
  CAF_CHECK(reading->failed(connection_errc::closed));
  CAF_CHECK_EQUAL(network.alive(), 0u);
  CAF_CHECK_EQUAL(network.actors(), 0u);
  CAF_CHECK_EQUAL(last_line(), "exit(user_shutdown)");
}

CAF_TEST(a connection that is killed answers who waits) {
  auto uut = spawn(script{}.stall());
  auto dialing = dial(uut);
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  consume_messages();
  CAF_CHECK(dialing->failed(dial_errc::cancelled));
  CAF_CHECK_EQUAL(last_line(), "exit(kill)");
}

CAF_TEST(a script can let the connection actor die) {
  auto uut = open(script{}.accept().after(1s).die(make_error(connection_errc::read_failed, "x")));
  auto watching = wait_closed(uut);
  pass(1s);
  CAF_CHECK_EQUAL(watching->get(), broken);
  CAF_CHECK_EQUAL(last_line(), "exit(read_failed: x)");
}

CAF_TEST(an open connection that nobody knows any more is still there) {
  open(script{}.accept());
  consume_messages();
  CAF_CHECK_EQUAL(network.alive(), 1u);
  CAF_CHECK_EQUAL(network.actors(), 1u);
}

CAF_TEST(a connection that is over goes when nobody knows it any more) {
  CAF_CHECK(close(open(script{}.accept()))->succeeded());
  // The deadline of the close handshake still refers to it.
  run();
  CAF_CHECK_EQUAL(network.actors(), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
