// remote_connection.cpp: what stands for a connection on another node, in virtual time.

#define CAF_SUITE remote_connection

#include "wsengine/cluster/remote_connection.hpp"

#include "deterministic/supervised_fixture.hpp"

// The fixture's system knows nothing of nodes.
WSENGINE_LOCAL_MESSAGE(knows_make_connection, wsengine::cluster::make_connection_msg)

namespace {

struct fixture : supervised_fixture {
  fixture() { source = cluster::spawn_connection_source(sys, network.make_connector()); }

  ~fixture() override {
    if (uut)
      compat::send_exit(uut, caf::exit_reason::kill);
    caf::anon_send_exit(source, caf::exit_reason::kill);
    consume_messages();
  }

  /// An engine over it, with a running session.
  void open_engine() {
    client = mock.spawn(sys);
    take(spawn_engine(sys, cluster::remote_connector(source), options, client, hooks));
    CAF_REQUIRE(start()->succeeded());
  }

  void spawn_connection() { uut = cluster::remote_connector(source).spawn(*self.ptr()); }

  auto dial() {
    dial_msg what;
    what.request.url = "ws://example.org/";
    return ask<handshake_response>(uut, what);
  }

  void lose_source() {
    caf::anon_send_exit(source, caf::exit_reason::kill);
    consume_messages();
  }

  cluster::connection_source_actor source;
  connection_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(remote_connection_tests, fixture)

CAF_TEST(an engine talks through it) {
  open_engine();
  peer(script{}.send(text("a")).send(text("b")));
  CAF_CHECK_EQUAL(lines().size(), 3U);
  caf::anon_send(mock.last_session()->connection, write_msg{message_kind::text, "c"});
  consume_messages();
  auto seen = network.record(0);
  CAF_CHECK_EQUAL(seen.written.at(0), text("c"));
  CAF_CHECK(stop()->succeeded());
  CAF_CHECK_EQUAL(network.alive(), 0U);
  CAF_CHECK_EQUAL(network.record(0).closes.size(), 1U);
}

CAF_TEST(a close of the peer comes through) {
  open_engine();
  peer(script{}.close(close_details{close_code::normal, "bye"}));
  CAF_CHECK_EQUAL(first_peer_code(), close_code::normal);
  pass(1s);
  CAF_CHECK_EQUAL(network.size(), 2U);
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST(what was asked before there is a connection is asked in order) {
  spawn_connection();
  auto dialed = dial();
  CAF_CHECK(dialed->succeeded());
  auto read = ask<data_message>(uut, read_msg{});
  peer(script{}.send(text("x")));
  CAF_CHECK_EQUAL(read->get(), text("x"));
}

CAF_TEST(its end ends the connection) {
  spawn_connection();
  CAF_REQUIRE(dial()->succeeded());
  CAF_CHECK_EQUAL(network.actors(), 1U);
  compat::send_exit(uut, caf::exit_reason::kill);
  consume_messages();
  CAF_CHECK_EQUAL(network.actors(), 0U);
}

CAF_TEST(without a source nothing is dialed) {
  lose_source();
  spawn_connection();
  CAF_CHECK(dial()->failed(dial_errc::connect_failed));
}

CAF_TEST(a connection that is lost breaks the session) {
  open_engine();
  lose_source();
  CAF_CHECK_EQUAL(first_peer_code(), close_code::abnormal);
  CAF_CHECK_EQUAL(state(), engine_state::backoff);
  CAF_CHECK_EQUAL(network.actors(), 0U);
}

CAF_TEST(everybody who waits hears of the loss) {
  network.add(script{}.accept().stall_writes());
  spawn_connection();
  CAF_REQUIRE(dial()->succeeded());
  auto read = ask<data_message>(uut, read_msg{});
  auto written = ask<caf::unit_t>(uut, write_msg{message_kind::text, "x"});
  auto closed = ask<close_details>(uut, wait_closed_msg{});
  lose_source();
  CAF_CHECK(read->failed(connection_errc::closed));
  CAF_CHECK(written->failed(connection_errc::write_unknown));
  CAF_CHECK_EQUAL(closed->get().code, close_code::abnormal);
  CAF_CHECK(ask<data_message>(uut, read_msg{})->failed(connection_errc::closed));
  CAF_CHECK(
    ask<caf::unit_t>(uut, write_msg{message_kind::text, "x"})->failed(connection_errc::closed));
  CAF_CHECK(ask<caf::unit_t>(uut, close_msg{})->succeeded());
}

CAF_TEST(only one reads at a time) {
  open_engine();
  auto other = ask<data_message>(mock.last_session()->connection, read_msg{});
  CAF_CHECK(other->failed(connection_errc::read_pending));
}

CAF_TEST(a grant that meets a read that fails stands and then others may read) {
  spawn_connection();
  CAF_REQUIRE(dial()->succeeded());
  peer(script{}.fail_read("oops").send(text("a")).send(text("b")));
  self->send(uut, credit_msg{1, 100});
  self->send(uut, credit_msg{1, 100});
  consume_messages();
  self->receive([](const caf::error& x) { CAF_CHECK(is(x, connection_errc::read_failed)); });
  CAF_REQUIRE(!self->mailbox().empty());
  self->receive([](const message_batch& x) { CAF_CHECK_EQUAL(x.messages.at(0), text("a")); });
  CAF_CHECK(self->mailbox().empty());
  CAF_CHECK(ask<message_batch>(uut, demand_msg{0})->succeeded());
  auto read = ask<data_message>(uut, read_msg{});
  CAF_CHECK_EQUAL(read->get(), text("b"));
}

CAF_TEST_FIXTURE_SCOPE_END()
