// scripted_connection.cpp: the scripted connection dials, reads, writes and pings.

#define CAF_SUITE scripted_connection

#include "deterministic/scripted_fixture.hpp"

CAF_TEST_FIXTURE_SCOPE(scripted_connection_tests, scripted_fixture)

// -- dialing --------------------------------------------------------------------------------------

CAF_TEST(accept answers the dial) {
  auto uut = spawn(script{}.accept());
  CAF_CHECK_EQUAL(network.alive(), 0u);
  auto answer = dial(uut);
  CAF_REQUIRE(answer->succeeded());
  CAF_CHECK_EQUAL(answer->get().status, 101);
  CAF_CHECK_EQUAL(network.opened(), 1u);
  CAF_CHECK_EQUAL(network.alive(), 1u);
  CAF_CHECK_EQUAL(network.record(0).request.url, "ws://example.org/");
}

CAF_TEST(accept answers with the response of the script) {
  auto uut = spawn(script{}.accept({101, "chat", "", {{"Server", "script"}}}));
  auto answer = dial(uut);
  CAF_REQUIRE(answer->succeeded());
  CAF_CHECK_EQUAL(answer->get().subprotocol, "chat");
  CAF_CHECK_EQUAL(answer->get().headers, (header_fields{{"Server", "script"}}));
}

CAF_TEST(a slow server answers when its time has come) {
  auto answer = dial(spawn(script{}.after(3s).accept()));
  pass(2999ms);
  CAF_CHECK(answer->pending());
  pass(1ms);
  CAF_CHECK(answer->succeeded());
  auto record = network.record(0);
  CAF_CHECK_EQUAL(*record.when(scripted_event::open) - *record.when(scripted_event::dial),
                  timespan{3s});
}

CAF_TEST(refuse answers with the error of the script) {
  handshake_response response;
  response.status = 503;
  auto uut = spawn(script{}.refuse(make_refused_error(response)));
  auto watching = wait_closed(uut);
  auto answer = dial(uut);
  CAF_CHECK(answer->failed(dial_errc::upgrade_refused));
  CAF_CHECK_EQUAL(response_of(answer->cause()), response);
  CAF_CHECK(watching->failed(dial_errc::upgrade_refused));
  CAF_CHECK(wait_closed(uut)->failed(dial_errc::upgrade_refused));
  CAF_CHECK(close(uut)->succeeded());
  check_closed(uut, broken);
  CAF_CHECK_EQUAL(network.opened(), 0u);
  CAF_CHECK_EQUAL(network.alive(), 0u);
}

CAF_TEST(stall never answers the dial) {
  auto uut = spawn(script{}.stall().accept());
  auto answer = dial(uut);
  pass(24h);
  CAF_CHECK(answer->pending());
  CAF_CHECK_EQUAL(network.alive(), 1u);
}

CAF_TEST(an invalid request is refused) {
  auto uut = spawn(script{}.accept());
  dial_msg request;
  request.request.url = "http://example.org/";
  CAF_CHECK(ask<handshake_response>(uut, request)->failed(dial_errc::invalid_request));
  CAF_CHECK_EQUAL(network.opened(), 0u);
}

CAF_TEST(a second dial is an error) {
  auto uut = open(script{}.accept());
  CAF_CHECK(dial(uut)->failed(dial_errc::already_dialed));
  CAF_CHECK(write(uut, "still open")->succeeded());
}

CAF_TEST(close while dialing cancels the dial and the late accept) {
  auto uut = spawn(script{}.after(3s).accept());
  auto dialing = dial(uut);
  auto watching = wait_closed(uut);
  CAF_CHECK(close(uut)->succeeded());
  CAF_CHECK(dialing->failed(dial_errc::cancelled));
  CAF_CHECK(watching->failed(dial_errc::cancelled));
  pass(10s);
  CAF_CHECK_EQUAL(network.opened(), 0u);
  CAF_CHECK_EQUAL(network.alive(), 0u);
}

CAF_TEST(a connection that was closed before it was dialed stays closed) {
  auto uut = spawn(script{}.accept());
  CAF_CHECK(close(uut)->succeeded());
  CAF_CHECK(dial(uut)->failed(dial_errc::cancelled));
  CAF_CHECK_EQUAL(network.opened(), 0u);
}

CAF_TEST(nothing can be read or written before the session is open) {
  auto uut = spawn(script{}.after(1s).accept());
  CAF_CHECK(demand(uut)->failed(connection_errc::not_open));
  dial(uut);
  CAF_CHECK(demand(uut)->failed(connection_errc::not_open));
  CAF_CHECK(read(uut)->failed(connection_errc::not_open));
  CAF_CHECK(write(uut, "a")->failed(connection_errc::not_open));
  CAF_CHECK(ping(uut)->failed(connection_errc::not_open));
}

// -- reading --------------------------------------------------------------------------------------

CAF_TEST(demand answers with at most as many messages as asked for) {
  auto uut = open(script{}.accept().send(texts({"a", "b", "c"})));
  CAF_CHECK_EQUAL(demand(uut, 2)->get().messages, texts({"a", "b"}));
  CAF_CHECK_EQUAL(demand(uut, 2)->get().messages, texts({"c"}));
}

CAF_TEST(demand waits for the first message) {
  auto uut = open(script{}.accept().after(1s).send(text("a")).send(binary("b")));
  auto answer = demand(uut);
  CAF_CHECK(answer->pending());
  pass(1s);
  CAF_REQUIRE(answer->succeeded());
  CAF_CHECK_EQUAL(answer->get().messages, (std::vector{text("a"), binary("b")}));
}

CAF_TEST(read answers with one message) {
  auto uut = open(script{}.accept().send(texts({"a", "b"})));
  CAF_CHECK_EQUAL(read(uut)->get(), text("a"));
  CAF_CHECK_EQUAL(read(uut)->get(), text("b"));
  CAF_CHECK(read(uut)->pending());
}

CAF_TEST(one demand or read waits at a time) {
  auto uut = open(script{}.accept());
  auto first = demand(uut);
  CAF_CHECK(demand(uut)->failed(connection_errc::read_pending));
  CAF_CHECK(read(uut)->failed(connection_errc::read_pending));
  CAF_CHECK(first->pending());
}

CAF_TEST(credit brings messages without a demand for each) {
  auto uut =
    open(script{}.accept().send(text("a")).send(text("b")).send(text("c")).fail_read("oops").send(
      text("d")));
  self->send(uut, credit_msg{2, 100});
  consume_messages();
  self->receive([](const message_batch& x) { CAF_CHECK_EQUAL(x.messages, texts({"a", "b"})); });
  CAF_CHECK(self->mailbox().empty());
  CAF_CHECK(demand(uut)->failed(connection_errc::read_pending));
  self->send(uut, credit_msg{1, 0});
  consume_messages();
  self->receive([](const message_batch& x) { CAF_CHECK_EQUAL(x.messages, texts({"c"})); });
  // The failure ends the credit.
  self->receive([](const caf::error& x) { CAF_CHECK_EQUAL(x, connection_errc::read_failed); });
  CAF_CHECK_EQUAL(demand(uut)->get().messages, texts({"d"}));
}

CAF_TEST(a grant that meets a read that fails stands until it is withdrawn) {
  auto uut =
    open(script{}.accept().fail_read("oops").send(text("a")).send(text("b")).send(text("c")));
  self->send(uut, credit_msg{5, 100});
  self->send(uut, credit_msg{1, 100});
  consume_messages();
  self->receive([](const caf::error& x) { CAF_CHECK_EQUAL(x, connection_errc::read_failed); });
  self->receive([](const message_batch& x) { CAF_CHECK_EQUAL(x.messages, texts({"a"})); });
  CAF_CHECK(self->mailbox().empty());
  self->send(uut, credit_msg{0, 100});
  CAF_CHECK(demand(uut, 0)->succeeded());
  self->send(uut, credit_msg{1, 100});
  consume_messages();
  self->receive([](const message_batch& x) { CAF_CHECK_EQUAL(x.messages, texts({"b"})); });
  CAF_CHECK(self->mailbox().empty());
}

CAF_TEST(a demand for nothing withdraws the demand that waits) {
  auto uut = open(script{}.accept().after(1s).send(text("a")));
  auto first = demand(uut);
  auto second = demand(uut, 0);
  CAF_REQUIRE(first->succeeded());
  CAF_CHECK(first->get().messages.empty());
  CAF_REQUIRE(second->succeeded());
  CAF_CHECK(second->get().messages.empty());
  pass(1s);
  CAF_CHECK_EQUAL(demand(uut)->get().messages, texts({"a"}));
}

CAF_TEST(a demand for nothing fails the read that waits) {
  auto uut = open(script{}.accept());
  auto first = read(uut);
  CAF_CHECK(demand(uut, 0)->succeeded());
  CAF_CHECK(first->failed(connection_errc::read_failed));
  CAF_CHECK(demand(uut, 0)->succeeded());
}

CAF_TEST(a read that fails comes in order and leaves the session open) {
  auto uut = open(script{}.accept().send(text("a")).fail_read("bad luck").send(text("b")));
  CAF_CHECK_EQUAL(demand(uut)->get().messages, texts({"a"}));
  auto failed = demand(uut);
  CAF_CHECK(failed->failed(connection_errc::read_failed));
  CAF_CHECK_EQUAL(text_of(failed->cause()), "bad luck");
  CAF_CHECK_EQUAL(demand(uut)->get().messages, texts({"b"}));
  CAF_CHECK_EQUAL(network.alive(), 1u);
}

// -- writing --------------------------------------------------------------------------------------

CAF_TEST(writes reach the peer and the record) {
  auto uut = open(script{}.accept());
  CAF_CHECK(write(uut, "a")->succeeded());
  anon_send(uut, write_msg{message_kind::binary, "b"});
  consume_messages();
  auto record = network.record(0);
  CAF_CHECK_EQUAL(record.written, (std::vector{text("a"), binary("b")}));
  CAF_CHECK_EQUAL(record.count(scripted_event::write), 2u);
}

CAF_TEST(a script can wait for a write) {
  auto uut = open(
    script{}.accept().await_write().send(text("any")).await_write(text("c")).send(text("c came")));
  auto first = demand(uut);
  CAF_CHECK(first->pending());
  write(uut, "a");
  CAF_CHECK_EQUAL(first->get().messages, texts({"any"}));
  write(uut, "b");
  auto second = demand(uut);
  CAF_CHECK(second->pending());
  write(uut, "c");
  CAF_CHECK_EQUAL(second->get().messages, texts({"c came"}));
}

CAF_TEST(a script can wait for a write that matches) {
  auto is_long = [](const data_message& x) { return x.data.size() > 3; };
  auto uut = open(script{}.accept().await_write(is_long).close({close_code::normal, ""}));
  write(uut, "abc");
  CAF_CHECK_EQUAL(network.alive(), 1u);
  write(uut, "abcd");
  CAF_CHECK_EQUAL(network.alive(), 0u);
}

CAF_TEST(invalid and oversized messages are refused) {
  options.max_message_size = 4;
  auto uut = open(script{}.accept());
  CAF_CHECK(write(uut, "\xff")->failed(connection_errc::invalid_message));
  CAF_CHECK(write(uut, "12345")->failed(connection_errc::message_too_big));
  CAF_CHECK(write(uut, "1234")->succeeded());
  CAF_CHECK_EQUAL(network.record(0).written.size(), 1u);
}

CAF_TEST(writes fail as the script says) {
  auto cause = make_error(connection_errc::write_failed, "no");
  auto uut = open(script{}.accept().refuse_writes(cause).after(1s).take_writes());
  CAF_CHECK(write(uut, "a")->failed(connection_errc::write_failed));
  pass(1s);
  CAF_CHECK(write(uut, "b")->succeeded());
  CAF_CHECK_EQUAL(network.record(0).written, texts({"b"}));
}

CAF_TEST(stalled writes wait in a bounded queue) {
  options.write_queue_bytes = 4;
  auto uut = open(script{}.accept().stall_writes().after(1s).take_writes());
  auto first = write(uut, "larger than the queue");
  auto second = write(uut, "a");
  CAF_CHECK(first->pending());
  CAF_CHECK(second->failed(connection_errc::queue_full));
  CAF_CHECK(network.record(0).written.empty());
  pass(1s);
  CAF_CHECK(first->succeeded());
  CAF_CHECK(write(uut, "a")->succeeded());
}

CAF_TEST(the fate of a stalled write is unknown when the session breaks) {
  auto uut = open(script{}.accept().stall_writes().after(1s).drop());
  auto answer = write(uut, "a");
  pass(1s);
  CAF_CHECK(answer->failed(connection_errc::write_unknown));
  CAF_CHECK(write(uut, "b")->failed(connection_errc::closed));
}

// -- pings ----------------------------------------------------------------------------------------

CAF_TEST(pings answer with the round trip time while nobody reads) {
  auto uut = open(script{}.accept().answer_pings(20ms));
  auto answer = ping(uut, "p");
  CAF_CHECK(answer->pending());
  pass(20ms);
  CAF_CHECK_EQUAL(answer->get(), timespan{20ms});
  CAF_CHECK_EQUAL(network.record(0).count(scripted_event::ping), 1u);
}

CAF_TEST(a ping carries at most 125 bytes) {
  auto uut = open(script{}.accept());
  CAF_CHECK(ping(uut, std::string(125, 'x'))->succeeded());
  CAF_CHECK(ping(uut, std::string(126, 'x'))->failed(connection_errc::invalid_message));
}

CAF_TEST(a ping without a pong fails when the session ends) {
  auto uut = open(script{}.accept().refuse_pongs().after(1h).drop());
  auto answer = ping(uut);
  pass(59min);
  CAF_CHECK(answer->pending());
  pass(1min);
  CAF_CHECK(answer->failed(connection_errc::ping_failed));
  CAF_CHECK(ping(uut)->failed(connection_errc::closed));
}

CAF_TEST_FIXTURE_SCOPE_END()
