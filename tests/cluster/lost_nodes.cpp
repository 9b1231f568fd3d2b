// lost_nodes.cpp: nodes that die, or say nothing any more.

#define CAF_SUITE lost_nodes

#include "cluster/cluster_fixture.hpp"

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

// Short, but longer than a busy machine keeps a node waiting.
constexpr auto silence = 6s;

struct fixture : tests::cluster_fixture {
  fixture() : cluster_fixture(silence), there(tests::run_plain_node(silence)) {
    node = join(*there);
  }

  /// A client in a third process, with an engine over there.
  std::unique_ptr<tests::child_process> open_elsewhere() {
    auto result = std::make_unique<tests::child_process>(
      std::vector<std::string>{WSENGINE_CLUSTER_CLIENT, std::to_string(there->wait_for_port()),
                               "lone", server.url("/echo")});
    CAF_REQUIRE(!result->wait_for("open").empty());
    auto found = ask<engine_actor>(node, cluster::find_engine_msg{"lone"});
    CAF_REQUIRE(found);
    engine = *found;
    return result;
  }

  /// Checks that the engine takes its client for dead, closes its session, and is gone.
  void check_client_lost() {
    auto report = ask<stop_report>(engine, wait_stopped_msg{});
    CAF_REQUIRE(report);
    CAF_CHECK(is(report->reason, engine_errc::client_down)
              || report->reason == caf::exit_reason::user_shutdown);
    CAF_CHECK(server.wait_until([](const auto& x) {
      return x.open == 0 && !x.closes.empty() && x.closes.back().code == close_code::going_away;
    }));
    CAF_CHECK(eventually([&] {
      auto now = ask<cluster::node_report>(node, cluster::node_report_msg{});
      return now && now->engines == 0;
    }));
  }

  std::unique_ptr<tests::child_process> there;
  cluster::node_actor node;
  engine_actor engine;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(lost_nodes_tests, fixture)

CAF_TEST(a client that is killed on another node is a dead client) {
  auto client = open_elsewhere();
  client->signal(SIGKILL);
  check_client_lost();
}

CAF_TEST(a client whose process stands still is a dead client) {
  auto client = open_elsewhere();
  auto begin = std::chrono::steady_clock::now();
  client->signal(SIGSTOP);
  check_client_lost();
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  CAF_MESSAGE("found after " << took.count() << " s, with a silence of " << silence.count()
                             << " s");
}

CAF_TEST(who holds an engine learns that its node is killed) {
  auto client = std::make_shared<tests::probe>();
  engine = spawn_engine_on(node, "one", spawn_client(client), options_for("/echo"));
  CAF_REQUIRE(ask<session>(engine, start_msg{}));
  caf::scoped_actor self{sys};
  self->monitor(engine);
  there->signal(SIGKILL);
  self->receive([&](const caf::down_msg& x) { CAF_CHECK_EQUAL(x.source, engine.address()); });
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
}

CAF_TEST(who holds an engine learns that its node stands still) {
  auto client = std::make_shared<tests::probe>();
  engine = spawn_engine_on(node, "one", spawn_client(client), options_for("/echo"));
  CAF_REQUIRE(ask<session>(engine, start_msg{}));
  caf::scoped_actor self{sys};
  self->monitor(engine);
  there->signal(SIGSTOP);
  self->receive([&](const caf::down_msg& x) { CAF_CHECK_EQUAL(x.source, engine.address()); });
  // When it goes on, it finds that its client is lost, too.
  there->signal(SIGCONT);
  CAF_CHECK(server.wait_until([](const auto& x) {
    return !x.closes.empty() && x.closes.back().code == close_code::going_away;
  }));
}

CAF_TEST(a node that has come back is joined again) {
  there->signal(SIGSTOP);
  caf::scoped_actor self{sys};
  self->monitor(node);
  self->receive([&](const caf::down_msg& x) { CAF_CHECK_EQUAL(x.source, node.address()); });
  there->signal(SIGCONT);
  // It may take the new connection for a second one until it has seen the end of the old one.
  CAF_CHECK(eventually([&] {
    node = join(*there);
    auto answered = false;
    self->request(node, 1s, cluster::node_report_msg{})
      .receive([&](const cluster::node_report&) { answered = true; }, [](const caf::error&) {});
    return answered;
  }));
}

CAF_TEST_FIXTURE_SCOPE_END()
