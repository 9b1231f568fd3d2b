// fleet_losses.cpp: nodes and directors that are lost, in virtual time.

#define CAF_SUITE fleet_losses

#include "cluster/fleet_fixture.hpp"

#include <string>

using namespace wsengine;
using namespace wsengine::cluster;
using namespace wsengine::testing;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(fleet_losses_tests, tests::fleet_fixture)

CAF_TEST(sessions of a dead node are live elsewhere once its lease is over) {
  direct();
  join("m");
  join("n");
  add({"a", "b", "c", "d"});
  kill("m");
  auto left = alive();
  CAF_CHECK(left < 4);
  pass(10s);
  CAF_CHECK_EQUAL(alive(), left);
  pass(1100ms);
  CAF_CHECK_EQUAL(alive(), 4U);
  CAF_CHECK_EQUAL(status().nodes.size(), 1U);
}

CAF_TEST(a node without a director ends its sessions before its lease is over) {
  direct();
  join("n");
  add({"a"});
  end_director();
  pass(6s);
  CAF_CHECK_EQUAL(alive(), 1U);
  pass(4s);
  CAF_CHECK_EQUAL(alive(), 0U);
}

CAF_TEST(a new director learns from the nodes what there is) {
  direct();
  join("m");
  join("n");
  add({"a", "b", "c", "d"});
  ask<caf::unit_t>(director, remove_specifications_msg{{"d"}});
  auto before = places();
  auto dialed = connections();
  end_director();
  pass(2s);
  options.is_first = false;
  direct();
  watch(2s, 3);
  // Nothing was closed, moved or opened.
  CAF_CHECK_EQUAL(places(), before);
  CAF_CHECK_EQUAL(connections(), dialed);
  CAF_CHECK(status().quiet_left > 0s);
  auto added = add({"e"});
  CAF_CHECK(added->pending());
  pass(10s);
  CAF_CHECK(added->succeeded());
  CAF_CHECK_EQUAL(alive(), 4U);
  CAF_CHECK(status().quiet_left == 0s);
}

CAF_TEST(a new director starts what was on a node that is gone) {
  direct();
  join("m");
  join("n");
  add({"a", "b", "c", "d"});
  end_director();
  kill("m");
  options.is_first = false;
  direct();
  watch(12s, 4);
  CAF_CHECK_EQUAL(alive(), 4U);
  CAF_CHECK_EQUAL(status().sessions.size(), 4U);
}

CAF_TEST(a roster from an earlier director is out of date) {
  direct();
  join("m");
  join("n");
  add({"a", "b"});
  // n cannot reach the director any more.
  *machines["n"].sees = nullptr;
  end_director();
  options.is_first = false;
  auto made = spawn_director(sys, options);
  director = *made;
  *machines["m"].sees = director;
  pass(13s);
  CAF_REQUIRE(ask<caf::unit_t>(director, remove_specifications_msg{{"a"}})->succeeded());
  *machines["n"].sees = director;
  watch(5s, 1);
  CAF_CHECK_EQUAL(status().sessions.size(), 1U);
  CAF_CHECK_EQUAL(status().nodes.size(), 2U);
  // And n has the new one now.
  end_director();
  kill("m");
  direct();
  pass(13s);
  auto now = status();
  CAF_REQUIRE_EQUAL(now.sessions.size(), 1U);
  CAF_CHECK_EQUAL(now.sessions[0].key, "b");
}

CAF_TEST(a draining node is one for the next director as well) {
  direct();
  join("m");
  join("n");
  add({"a", "b"});
  CAF_REQUIRE(ask<caf::unit_t>(director, drain_node_msg{"m"})->succeeded());
  // It is told with its next lease.
  pass(4s);
  end_director();
  options.is_first = false;
  direct();
  pass(13s);
  for (const auto& x : status().nodes)
    CAF_CHECK_EQUAL(x.draining, x.name == "m");
  CAF_CHECK_EQUAL(machines["n"].network.alive(), 2U);
}

CAF_TEST(two nodes of the same name are not taken for one) {
  direct();
  join("n");
  add({"a"});
  auto first = machines.extract("n");
  join("n");
  pass(5s);
  CAF_CHECK_EQUAL(status().nodes.size(), 1U);
  CAF_CHECK_EQUAL(machines["n"].network.alive(), 0U);
  first.key() = "the first n";
  machines.insert(std::move(first));
  kill("the first n");
  watch(15s, 1);
  CAF_CHECK_EQUAL(machines["n"].network.alive(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()
