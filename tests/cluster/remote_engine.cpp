// remote_engine.cpp: an engine on another node, driven from here; and one here with its socket
// elsewhere.

#define CAF_SUITE remote_engine

#include "cluster/cluster_fixture.hpp"
#include "real/certificates.hpp"

#include <fstream>
#include <future>
#include <iterator>

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

/// A file that another process writes.
class test_file {
public:
  [[nodiscard]] const std::string& path() const { return file_.path(); }

  [[nodiscard]] std::string content() const {
    std::ifstream from{path()};
    return {std::istreambuf_iterator<char>{from}, {}};
  }

private:
  tests::temporary_file file_{""};
};

struct fixture : tests::cluster_fixture {
  fixture() : there(tests::run_plain_node()) { node = join(*there); }

  /// An engine there with a client here, and its first session.
  session open(const std::string& name = "one") {
    engine = spawn_engine_on(node, name, spawn_client(client), options_for("/echo"));
    auto result = ask<session>(engine, start_msg{});
    if (!result)
      CAF_FAIL(describe(result.error()));
    CAF_REQUIRE(client->wait_for("open"));
    return *result;
  }

  bool comes_back(const std::string& what) { return client->wait_for("message " + what); }

  std::unique_ptr<tests::child_process> there;
  cluster::node_actor node;
  std::shared_ptr<tests::probe> client = std::make_shared<tests::probe>();
  engine_actor engine;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(remote_engine_tests, fixture)

CAF_TEST(a client gets its callbacks from an engine on another node) {
  auto which = open();
  CAF_CHECK(which.connection.node() != sys.node());
  CAF_CHECK_EQUAL(ask_void(which.connection, write_msg{message_kind::text, "hello"}), caf::none);
  CAF_CHECK(comes_back("hello"));
  CAF_CHECK_EQUAL(ask_void(engine, stop_msg{}), caf::none);
  auto lines = client->lines();
  std::vector<std::string> expected{"open", "message hello", "close by us"};
  CAF_CHECK_EQUAL(lines, expected);
  CAF_CHECK_EQUAL(state_of(engine), engine_state::stopped);
}

CAF_TEST(every request of an engine works from another node) {
  auto which = open();
  CAF_CHECK_EQUAL(state_of(engine), engine_state::running);
  auto again = ask<session>(engine, start_msg{});
  CAF_REQUIRE(!again);
  CAF_CHECK(is(again.error(), engine_errc::already_started));
  CAF_CHECK_EQUAL(text_of(again.error()), "the engine is started already");
  auto receipt = ask<send_receipt>(
    engine, send_msg{message_kind::text, "sent", send_policy::session, {}, false});
  CAF_REQUIRE(receipt);
  CAF_CHECK(receipt->id == which.id);
  CAF_CHECK(comes_back("sent"));
  CAF_CHECK_EQUAL(ask_void(engine, subscribe_msg{{"feed", text("subscribed")}}), caf::none);
  CAF_CHECK(comes_back("subscribed"));
  CAF_CHECK_EQUAL(ask_void(engine, unsubscribe_msg{"feed", text("goodbye")}), caf::none);
  CAF_CHECK(comes_back("goodbye"));
  auto answer = ask<data_message>(engine, request_msg{text("x"), "1", 10s, {}});
  CAF_REQUIRE(!answer);
  CAF_CHECK(is(answer.error(), request_errc::no_key_function));
  auto round_trip = ask<timespan>(which.connection, ping_msg{"p"});
  CAF_REQUIRE(round_trip);
  CAF_CHECK(*round_trip > timespan{0});
}

CAF_TEST(the context of a trace goes to another node and back) {
  test_file spans_there;
  tests::child_process traced{{WSENGINE_PROGRAM, "node", "--plain", "--json", "--heartbeat",
                               "200ms", "--silence", "30s", "--otlp", spans_there.path()}};
  node = join(traced);
  trace_parent parent{trace_context{{0xABC, 0xDEF}, {0x123}, trace_context::sampled_flag, "a=b"}};
  std::promise<trace_parent> opened;
  std::promise<trace_parent> came;
  client->in_open = [&](session_context& context, bool) -> caf::result<void> {
    opened.set_value(context.trace());
    return caf::unit;
  };
  client->in_message = [&](session_context& context, const payload&) {
    came.set_value(context.trace());
  };
  engine = spawn_engine_on(node, "one", spawn_client(client), options_for("/echo"));
  auto which = ask<session>(engine, start_msg{parent});
  CAF_REQUIRE(which);
  // The callback goes on with the trace that began here.
  auto in_open = opened.get_future().get();
  CAF_REQUIRE(in_open);
  CAF_CHECK(in_open->trace == parent->trace);
  CAF_CHECK(in_open->span != parent->span);
  CAF_CHECK_EQUAL(in_open->state, "a=b");
  auto sent = ask<send_receipt>(
    engine, send_msg{message_kind::text, "x", send_policy::session, {}, false, in_open});
  CAF_REQUIRE(sent);
  // A message that comes begins a trace of its own, there.
  auto in_message = came.get_future().get();
  CAF_REQUIRE(in_message);
  CAF_CHECK(in_message->trace != parent->trace);
  CAF_CHECK_EQUAL(ask_void(engine, stop_msg{}), caf::none);
  auto has = [&](const std::string& text) {
    return spans_there.content().find(text) != std::string::npos;
  };
  CAF_CHECK(eventually([&] {
    return has(to_string(in_open->span)) && has(to_string(in_message->span))
           && has("\"parentSpanId\":\"" + to_string(parent->span) + "\"")
           && has("\"name\":\"send\"");
  }));
}

CAF_TEST(a lease is held on another node) {
  open();
  caf::scoped_actor holder{sys};
  lease loan;
  holder->request(engine, 30s, pause_msg{})
    .receive([&](lease& x) { loan = std::move(x); },
             [&](const caf::error& x) { CAF_FAIL(describe(x)); });
  CAF_CHECK_EQUAL(state_of(engine), engine_state::paused);
  CAF_CHECK_EQUAL(ask_void(loan.which.connection, write_msg{message_kind::text, "mine"}),
                  caf::none);
  auto mine = ask<data_message>(loan.which.connection, read_msg{});
  CAF_REQUIRE(mine);
  CAF_CHECK_EQUAL(*mine, text("mine"));
  CAF_CHECK_EQUAL(ask_void(engine, resume_msg{loan.id, {{text("unread")}}}), caf::none);
  CAF_CHECK(comes_back("unread"));
  CAF_CHECK_EQUAL(client->count("message"), 1U);
}

CAF_TEST(signals reach an engine on another node) {
  auto first = open();
  restart(first);
  CAF_REQUIRE(client->wait_for("open again"));
  auto second = client->current();
  CAF_CHECK(second.id != first.id);
  wsengine::exit(second);
  auto report = ask<stop_report>(engine, wait_stopped_msg{});
  CAF_REQUIRE(report);
  CAF_CHECK(is(report->reason, engine_errc::exited));
}

CAF_TEST(another client takes over from another node) {
  open();
  auto next = std::make_shared<tests::probe>();
  CAF_CHECK_EQUAL(ask_void(engine, set_client_msg{spawn_client(next)}), caf::none);
  CAF_REQUIRE(next->wait_for("open again"));
  caf::anon_send(next->current().connection, write_msg{message_kind::text, "next"});
  CAF_CHECK(next->wait_for("message next"));
}

CAF_TEST(an engine is found and dropped by its name) {
  open("seven");
  auto found = ask<engine_actor>(node, cluster::find_engine_msg{"seven"});
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(*found, engine);
  auto twice = ask<engine_actor>(
    node, cluster::spawn_engine_msg{"seven", options_for("/echo"), {{}, {}, "quiet"}});
  CAF_REQUIRE(!twice);
  CAF_CHECK(is(twice.error(), cluster_errc::name_taken));
  CAF_CHECK_EQUAL(ask_void(node, cluster::drop_engine_msg{"seven"}), caf::none);
  CAF_CHECK(client->wait_for("close by us"));
  CAF_CHECK(eventually([&] {
    auto report = ask<cluster::node_report>(node, cluster::node_report_msg{});
    return report && report->engines == 0;
  }));
  auto gone = ask<engine_actor>(node, cluster::find_engine_msg{"seven"});
  CAF_REQUIRE(!gone);
  CAF_CHECK(is(gone.error(), cluster_errc::no_such_engine));
}

CAF_TEST(a node that is told to end drains) {
  open();
  auto report = ask<cluster::node_report>(node, cluster::node_report_msg{});
  CAF_REQUIRE(report);
  CAF_CHECK_EQUAL(report->name, "node");
  CAF_CHECK_EQUAL(report->engines, 1U);
  CAF_CHECK(report->resident_bytes > 0);
  there->signal(SIGTERM);
  CAF_CHECK(client->wait_for("close by us"));
  CAF_CHECK(!there->wait_for("\"stopped\"").empty());
  CAF_CHECK_EQUAL(there->wait(), 0);
  CAF_CHECK(server.wait_until([](const auto& x) {
    return !x.closes.empty() && x.closes.back().code == close_code::going_away;
  }));
}

CAF_TEST(engine and socket and client on three nodes) {
  host io{sys};
  cluster::node_options here;
  here.connect = [&] { return cluster::remote_connector(node, &io.next_unit()); };
  auto self = cluster::spawn_node(sys, here);
  auto port = cluster::listen(sys, transport, self);
  CAF_REQUIRE(port);
  tests::child_process third{
    {WSENGINE_CLUSTER_CLIENT, std::to_string(*port), "three", server.url("/echo")}};
  CAF_REQUIRE(!third.wait_for("open").empty());
  auto found = ask<engine_actor>(self, cluster::find_engine_msg{"three"});
  CAF_REQUIRE(found);
  auto status = ask<engine_status>(*found, status_msg{});
  CAF_REQUIRE(status);
  // The client has been asked; that it has accepted may still be on its way to the engine.
  CAF_REQUIRE(eventually([&] { return state_of(*found) == engine_state::running; }));
  auto sent =
    ask<send_receipt>(*found, send_msg{message_kind::text, "x", send_policy::session, {}, false});
  CAF_REQUIRE(sent);
  CAF_CHECK(!third.wait_for("message x").empty());
  // The socket is over there: with its node, the session goes.
  there->signal(SIGKILL);
  CAF_CHECK(eventually([&] {
    auto now = ask<engine_status>(*found, status_msg{});
    return now && now->state != engine_state::running
           && is(now->last_error, dial_errc::connect_failed);
  }));
  caf::anon_send_exit(self, caf::exit_reason::user_shutdown);
}

CAF_TEST(a request of a caller on another node is answered) {
  // A node whose engines know which message answers which request: here, its echo.
  cluster::node_config other_cfg{transport};
  caf::actor_system other{other_cfg};
  host io{other};
  cluster::node_options how;
  how.connect = [&] { return beast_connector(io); };
  how.hooks.request_key = [](const data_message& what) -> optional<std::string> {
    return std::string{what.data.text()};
  };
  auto server_of_keys = cluster::spawn_node(other, how);
  auto port = cluster::listen(other, transport, server_of_keys);
  CAF_REQUIRE(port);
  auto found = cluster::join<cluster::node_actor>(sys, transport, "127.0.0.1", *port);
  CAF_REQUIRE(found);
  engine = spawn_engine_on(*found, "asked", spawn_client(client), options_for("/echo"));
  CAF_REQUIRE(ask<session>(engine, start_msg{}));
  CAF_REQUIRE(client->wait_for("open"));
  CAF_REQUIRE(eventually([&] { return state_of(engine) == engine_state::running; }));
  auto answer = ask<data_message>(engine, request_msg{text("seven"), "seven", 30s, {}});
  CAF_REQUIRE(answer);
  CAF_CHECK_EQUAL(*answer, text("seven"));
  auto never = ask<data_message>(engine, request_msg{text("eight"), "nine", 1ms, {}});
  CAF_REQUIRE(!never);
  CAF_CHECK(is(never.error(), request_errc::timeout));
  // What answers nothing goes to the client.
  CAF_CHECK(client->wait_for("message eight"));
  CAF_CHECK_EQUAL(client->count("message"), 1U);
  CAF_CHECK_EQUAL(ask_void(engine, stop_msg{}), caf::none);
  caf::anon_send_exit(server_of_keys, caf::exit_reason::user_shutdown);
}

CAF_TEST_FIXTURE_SCOPE_END()
