// fleet.cpp: what operators and members ask of a director, in virtual time.

#define CAF_SUITE fleet

#include "cluster/fleet_fixture.hpp"

#include <set>
#include <string>
#include <vector>

using namespace wsengine;
using namespace wsengine::cluster;
using namespace wsengine::testing;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(fleet_tests, tests::fleet_fixture)

CAF_TEST(bad options are named) {
  options.lease = 0s;
  options.slack = 0.5;
  auto made = spawn_director(sys, options);
  CAF_REQUIRE(!made);
  CAF_CHECK(is(made.error(), cluster_errc::invalid_options));
  CAF_CHECK(text_of(made.error()).find("lease: must be positive") != std::string::npos);
  CAF_CHECK(text_of(made.error()).find("slack: must be from 1") != std::string::npos);
}

CAF_TEST(every specification is live on one node) {
  direct();
  join("m");
  join("n");
  CAF_CHECK(add({"a", "b", "c", "d"})->succeeded());
  CAF_CHECK_EQUAL(alive(), 4U);
  std::set<std::string> nodes;
  for (const auto& x : status().sessions) {
    CAF_CHECK(x.state == specification_state::live);
    CAF_CHECK(x.engine && *x.engine == engine_state::running);
    CAF_CHECK_EQUAL(x.url, "ws://example.org/" + x.key);
    nodes.insert(x.node);
  }
  CAF_CHECK_EQUAL(nodes.size(), 2U);
}

CAF_TEST(what cannot be added is refused as a whole) {
  direct();
  CAF_CHECK(add({"a"})->failed(cluster_errc::no_nodes));
  join("n");
  CAF_CHECK(add({"a", ""})->failed(cluster_errc::invalid_options));
  CAF_CHECK(add({"a", "a"})->failed(cluster_errc::key_taken));
  CAF_CHECK(status().sessions.empty());
  CAF_CHECK(add({"a"})->succeeded());
  CAF_CHECK(add({"a"})->failed(cluster_errc::key_taken));
}

CAF_TEST(a removed specification is stopped) {
  direct();
  join("n");
  add({"a", "b"});
  CAF_CHECK(ask<caf::unit_t>(director, remove_specifications_msg{{"a", "x"}})
              ->failed(cluster_errc::no_such_key));
  CAF_CHECK_EQUAL(alive(), 2U);
  CAF_CHECK(ask<caf::unit_t>(director, remove_specifications_msg{{"a"}})->succeeded());
  CAF_CHECK_EQUAL(alive(), 1U);
  CAF_CHECK(add({"a"})->succeeded());
  CAF_CHECK_EQUAL(alive(), 2U);
}

CAF_TEST(a node that drains hands its sessions over) {
  direct();
  join("m");
  join("n");
  add({"a", "b", "c", "d"});
  auto drained = ask<caf::unit_t>(director, drain_node_msg{"m"});
  watch(1s, 4);
  CAF_CHECK(drained->succeeded());
  CAF_CHECK_EQUAL(machines["m"].network.alive(), 0U);
  CAF_CHECK_EQUAL(alive(), 4U);
  CAF_CHECK(ask<caf::unit_t>(director, drain_node_msg{"x"})->failed(cluster_errc::no_such_node));
  CAF_CHECK(ask<caf::unit_t>(director, admit_node_msg{"m"})->succeeded());
  CAF_CHECK(ask<caf::unit_t>(director, move_specification_msg{"a", "m"})->succeeded());
  watch(1s, 4);
  CAF_CHECK(places()["a"] == "m");
  CAF_CHECK_EQUAL(alive(), 4U);
}

CAF_TEST(a session moves when its close handshake is done) {
  direct();
  auto& m = join("m");
  join("n");
  CAF_REQUIRE(add({"a"})->succeeded());
  auto from = places()["a"];
  auto to = from == "m" ? "n" : "m";
  static_cast<void>(m);
  CAF_CHECK(ask<caf::unit_t>(director, move_specification_msg{"a", to})->succeeded());
  watch(1s, 1);
  CAF_CHECK(places()["a"] == to);
  CAF_CHECK_EQUAL(machines[from].network.record(0).closes.size(), 1U);
}

CAF_TEST(what was queued is written before a session moves) {
  direct();
  auto& m = join("m");
  m.network.add(script{}.accept().stall_writes().after(2s).take_writes());
  auto what = spec("a");
  what.client_type = "talking";
  CAF_REQUIRE(ask<caf::unit_t>(director, add_specifications_msg{{what}})->succeeded());
  auto& n = join("n");
  auto drained = ask<caf::unit_t>(director, drain_node_msg{"m"});
  pass(1s);
  CAF_CHECK(drained->pending());
  CAF_CHECK_EQUAL(n.network.size(), 0U);
  pass(2s);
  CAF_CHECK(drained->succeeded());
  auto record = m.network.record(0);
  CAF_CHECK_EQUAL(record.written.size(), 3U);
  CAF_CHECK_EQUAL(record.closes.size(), 1U);
  CAF_CHECK_EQUAL(n.network.alive(), 1U);
}

CAF_TEST(a member that leaves hands its sessions over) {
  direct();
  join("m");
  join("n");
  add({"a", "b", "c", "d"});
  CAF_CHECK(ask<caf::unit_t>(machines["m"].member, leave_fleet_msg{})->succeeded());
  CAF_CHECK_EQUAL(machines["n"].network.alive(), 4U);
  CAF_CHECK_EQUAL(status().nodes.size(), 1U);
}

CAF_TEST(the last member that leaves stops its sessions) {
  direct();
  join("n");
  add({"a", "b"});
  CAF_CHECK(ask<caf::unit_t>(machines["n"].member, leave_fleet_msg{})->succeeded());
  CAF_CHECK_EQUAL(alive(), 0U);
  for (const auto& x : status().sessions)
    CAF_CHECK(x.state == specification_state::waiting);
  // Nobody has to wait for its lease.
  join("o");
  CAF_CHECK_EQUAL(alive(), 2U);
}

CAF_TEST(a member without a director may leave) {
  join("n");
  CAF_CHECK(ask<caf::unit_t>(machines["n"].member, leave_fleet_msg{})->succeeded());
}

CAF_TEST(what its client has ended stays away) {
  direct();
  auto& n = join("n");
  n.network.add(script{}.accept().after(1s).send(text("exit")));
  add({"a"});
  CAF_REQUIRE_EQUAL(alive(), 1U);
  pass(1s);
  pass(100s);
  CAF_CHECK_EQUAL(alive(), 0U);
  CAF_CHECK(state_of("a") == specification_state::finished);
  // The next director knows, too.
  end_director();
  options.is_first = false;
  direct();
  pass(13s);
  CAF_CHECK(state_of("a") == specification_state::finished);
  CAF_CHECK_EQUAL(alive(), 0U);
  CAF_CHECK(ask<caf::unit_t>(director, move_specification_msg{"a", "n"})->succeeded());
  CAF_CHECK_EQUAL(alive(), 1U);
}

CAF_TEST(what cannot connect is tried again) {
  direct();
  auto& n = join("n");
  n.network.add(script{}.refuse(dial_errc::connect_failed));
  add({"a"});
  CAF_CHECK_EQUAL(alive(), 0U);
  auto now = status();
  CAF_REQUIRE_EQUAL(now.sessions.size(), 1U);
  CAF_CHECK_EQUAL(now.sessions[0].failures, 1U);
  CAF_CHECK(!now.sessions[0].last_error.empty());
  pass(1s);
  CAF_CHECK_EQUAL(alive(), 1U);
  CAF_CHECK(state_of("a") == specification_state::live);
}

CAF_TEST(a fleet starts as fast as its budget allows) {
  options.starts_per_second = 10;
  options.start_burst = 5;
  direct();
  join("m");
  join("n");
  std::vector<std::string> keys;
  for (auto i = 0; i < 50; ++i)
    keys.push_back("k" + std::to_string(i));
  add(keys);
  CAF_CHECK_EQUAL(alive(), 5U);
  for (auto i = 1; i <= 45; ++i) {
    pass(100ms);
    CAF_CHECK_EQUAL(alive(), 5U + i);
  }
}

CAF_TEST(ten thousand specifications start as fast as the budget allows) {
  options.starts_per_second = 1000;
  options.start_burst = 100;
  direct();
  join("m");
  join("n");
  std::vector<std::string> keys;
  for (auto i = 0; i < 10'000; ++i)
    keys.push_back("k" + std::to_string(i));
  CAF_REQUIRE(add(keys)->succeeded());
  for (std::size_t expected = 100; expected < 10'000; expected += 100) {
    CAF_REQUIRE(alive() == expected);
    pass(100ms);
  }
  CAF_CHECK_EQUAL(alive(), 10'000U);
}

CAF_TEST_FIXTURE_SCOPE_END()
