// node.cpp: the actor that has engines run, in virtual time.

#define CAF_SUITE node

#include "cluster/cluster_config.hpp"
#include "deterministic/asking_fixture.hpp"

#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/testing/client_mock.hpp"
#include "wsengine/testing/scripted_connection.hpp"

#include <memory>
#include <stdexcept>
#include <string>

using namespace wsengine;
using namespace wsengine::testing;
using namespace std::chrono_literals;

namespace {

class silent : public callbacks {
public:
  void on_message(session_context&, message_kind, const payload&) override {}
};

struct fixture : asking_fixture {
  fixture() : asking_fixture(std::make_unique<tests::cluster_config>()) {
    cluster::node_options how;
    how.name = "here";
    how.connect = [this] { return network.make_connector(); };
    how.client_types["object"] = [](caf::actor_system&, const std::string&) {
      return cluster::local_client{{}, std::make_shared<silent>(), placement::scheduler};
    };
    how.client_types["bad"] = [](caf::actor_system&,
                                 const std::string&) -> caf::expected<cluster::local_client> {
      throw std::runtime_error("out of clients");
    };
    uut = cluster::spawn_node(sys, how);
    options.request.url = "ws://example.org/";
    consume_messages();
  }

  ~fixture() override {
    caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
    consume_messages();
  }

  auto spawn(const std::string& name, cluster::client_choice client) {
    return ask<engine_actor>(uut, cluster::spawn_engine_msg{name, options, std::move(client)});
  }

  engine_actor open(const std::string& name) {
    auto result = spawn(name, {{}, {}, "object"})->get();
    CAF_REQUIRE(ask<session>(result, start_msg{})->succeeded());
    return result;
  }

  auto drop(const std::string& name) {
    return ask<caf::unit_t>(uut, cluster::drop_engine_msg{name});
  }

  auto find(const std::string& name) {
    return ask<engine_actor>(uut, cluster::find_engine_msg{name});
  }

  cluster::node_report report() {
    return ask<cluster::node_report>(uut, cluster::node_report_msg{})->get();
  }

  scripted_network network;
  client_mock mock;
  engine_options options;
  cluster::node_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(node_tests, fixture)

CAF_TEST(an engine needs a name of its own and one client) {
  CAF_CHECK(spawn("", {{}, {}, "object"})->failed(cluster_errc::invalid_options));
  CAF_CHECK(spawn("a", {})->failed(cluster_errc::no_such_client));
  CAF_CHECK(spawn("a", {mock.spawn(sys), {}, "object"})->failed(cluster_errc::no_such_client));
  CAF_CHECK(spawn("a", {{}, {}, "other"})->failed(cluster_errc::no_such_client));
  auto bad = spawn("a", {{}, {}, "bad"});
  CAF_CHECK(bad->failed(cluster_errc::no_such_client));
  CAF_CHECK_EQUAL(text_of(bad->cause()), "bad: out of clients");
  CAF_CHECK(spawn("a", {{}, {}, "object"})->succeeded());
  CAF_CHECK(spawn("a", {{}, {}, "object"})->failed(cluster_errc::name_taken));
  CAF_CHECK_EQUAL(report().engines, 1U);
}

CAF_TEST(options are looked at by the node) {
  options.handlers = 0;
  CAF_CHECK(spawn("a", {{}, {}, "object"})->failed(engine_errc::invalid_options));
  CAF_CHECK_EQUAL(report().engines, 0U);
}

CAF_TEST(a dropped engine has closed its session and is gone) {
  auto engine = open("a");
  CAF_CHECK_EQUAL(find("a")->get(), engine);
  CAF_CHECK(drop("a")->succeeded());
  CAF_CHECK_EQUAL(network.record(0).closes.size(), 1U);
  CAF_CHECK_EQUAL(report().engines, 0U);
  CAF_CHECK(find("a")->failed(cluster_errc::no_such_engine));
  CAF_CHECK(drop("a")->failed(cluster_errc::no_such_engine));
  CAF_CHECK(spawn("a", {{}, {}, "object"})->succeeded());
}

CAF_TEST(an engine that was never started is dropped) {
  CAF_REQUIRE(spawn("a", {{}, {}, "object"})->succeeded());
  CAF_CHECK(drop("a")->succeeded());
  CAF_CHECK_EQUAL(report().engines, 0U);
}

CAF_TEST(an engine goes with its client) {
  auto client = mock.spawn(sys);
  CAF_REQUIRE(spawn("a", {client, {}, ""})->succeeded());
  caf::anon_send_exit(client, caf::exit_reason::kill);
  consume_messages();
  CAF_CHECK_EQUAL(report().engines, 0U);
}

CAF_TEST(an engine that keeps its session waits for another client) {
  options.on_client_down = client_down_policy::keep;
  auto client = mock.spawn(sys);
  auto engine = spawn("a", {client, {}, ""})->get();
  CAF_REQUIRE(ask<session>(engine, start_msg{})->succeeded());
  caf::anon_send_exit(client, caf::exit_reason::kill);
  consume_messages();
  CAF_CHECK_EQUAL(report().engines, 1U);
  CAF_CHECK_EQUAL(network.alive(), 1U);
}

CAF_TEST(a node that drains closes all sessions and takes no more) {
  open("a");
  open("b");
  CAF_REQUIRE(spawn("idle", {{}, {}, "object"})->succeeded());
  CAF_CHECK(ask<caf::unit_t>(uut, cluster::drain_msg{})->succeeded());
  CAF_CHECK_EQUAL(network.alive(), 0U);
  CAF_CHECK(report().draining);
  CAF_CHECK(spawn("c", {{}, {}, "object"})->failed(cluster_errc::draining));
  CAF_CHECK(ask<caf::unit_t>(uut, cluster::drain_msg{})->succeeded());
}

CAF_TEST(who drains waits for the close handshake) {
  network.add(script{}.accept().stall_close());
  open("a");
  auto drained = ask<caf::unit_t>(uut, cluster::drain_msg{});
  CAF_CHECK(drained->pending());
  pass(60s);
  CAF_CHECK(drained->succeeded());
}

CAF_TEST(engines end with their node) {
  open("a");
  caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
  consume_messages();
  CAF_CHECK_EQUAL(network.alive(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()
