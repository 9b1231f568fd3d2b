// fleet.cpp: a director and the members of its fleet, in virtual time.

#define CAF_SUITE fleet

#include "wsengine/cluster/fleet.hpp"

#include "deterministic/asking_fixture.hpp"

#include "wsengine/testing/scripted_connection.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace wsengine;
using namespace wsengine::cluster;
using namespace wsengine::testing;
using namespace std::chrono_literals;

namespace {

/// Ends its engine when it is told to.
class obedient : public callbacks {
public:
  void on_message(session_context& context, message_kind, const payload& data) override {
    if (data.text() == "exit")
      context.exit();
  }
};

/// Has much to say.
class talking : public callbacks {
public:
  caf::result<void> on_open(session_context& context, const handshake_response&, bool) override {
    for (const auto* x : {"one", "two", "three"})
      context.post(text(x));
    return caf::unit;
  }

  void on_message(session_context&, message_kind, const payload&) override {}
};

/// Finds the director that the test wants to be found.
director_finder_actor::behavior_type finder(const std::shared_ptr<director_actor>& where) {
  return {
    [where](const find_director_msg&) -> caf::result<director_actor> {
      if (*where)
        return *where;
      return make_error(cluster_errc::join_failed, "nobody is there");
    },
  };
}

/// A node that is a member.
struct machine {
  scripted_network network;
  node_actor node;
  std::shared_ptr<director_actor> sees = std::make_shared<director_actor>();
  director_finder_actor finder;
  member_actor member;
};

struct fixture : asking_fixture {
  fixture() {
    options.is_first = true;
    options.starts_per_second = 1e6;
    options.start_burst = 1'000'000;
  }

  ~fixture() override {
    for (auto& [name, x] : machines)
      kill(name);
    end_director();
  }

  void direct() {
    auto made = spawn_director(sys, options);
    CAF_REQUIRE(made);
    director = *made;
    for (auto& [name, x] : machines)
      *x.sees = director;
    consume_messages();
  }

  void end_director() {
    caf::anon_send_exit(director, caf::exit_reason::kill);
    director = nullptr;
    for (auto& [name, x] : machines)
      *x.sees = nullptr;
    consume_messages();
  }

  machine& join(const std::string& name) {
    auto& x = machines[name];
    node_options how;
    how.name = name;
    how.connect = [&x] { return x.network.make_connector(); };
    how.client_types["obedient"] = [](caf::actor_system&, const std::string&) {
      return local_client{{}, std::make_shared<obedient>(), placement::scheduler};
    };
    how.client_types["talking"] = [](caf::actor_system&, const std::string&) {
      return local_client{{}, std::make_shared<talking>(), placement::scheduler};
    };
    x.node = spawn_node(sys, how);
    *x.sees = director;
    x.finder = sys.spawn(finder, x.sees);
    x.member = spawn_member(sys, {name, x.node, x.finder, 1s, 3s});
    consume_messages();
    return x;
  }

  /// The end of a process: all at once, nobody says goodbye.
  void kill(const std::string& name) {
    auto& x = machines.at(name);
    caf::anon_send_exit(x.member, caf::exit_reason::kill);
    caf::anon_send_exit(x.node, caf::exit_reason::kill);
    caf::anon_send_exit(x.finder, caf::exit_reason::kill);
    consume_messages();
  }

  static specification spec(const std::string& key) {
    specification result;
    result.key = key;
    result.options.request.url = "ws://example.org/" + key;
    result.client_type = "obedient";
    return result;
  }

  auto add(const std::vector<std::string>& keys) {
    add_specifications_msg what;
    for (const auto& x : keys)
      what.what.push_back(spec(x));
    return ask<caf::unit_t>(director, std::move(what));
  }

  fleet_status status() { return ask<fleet_status>(director, fleet_status_msg{})->get(); }

  /// Where each key is.
  std::map<std::string, std::string> places() {
    std::map<std::string, std::string> result;
    for (const auto& x : status().sessions)
      result[x.key] = x.node;
    return result;
  }

  specification_state state_of(const std::string& key) {
    for (const auto& x : status().sessions)
      if (x.key == key)
        return x.state;
    CAF_FAIL("there is no " << key);
  }

  /// How many sessions there are on all machines.
  std::size_t alive() {
    std::size_t result = 0;
    for (auto& [name, x] : machines)
      result += x.network.alive();
    return result;
  }

  /// How many sessions there ever were.
  std::size_t connections() {
    std::size_t result = 0;
    for (auto& [name, x] : machines)
      result += x.network.size();
    return result;
  }

  /// Lets time pass in steps, for who is only woken when a long time is over has lost its lease.
  void pass(timespan total) {
    for (timespan step; total > 0s; total -= step) {
      step = std::min<timespan>(total, 250ms);
      asking_fixture::pass(step);
    }
  }

  /// The same, and looks after each step that there are never more sessions than keys.
  void watch(timespan total, std::size_t most) {
    for (timespan now{0}; now < total; now += 250ms) {
      pass(250ms);
      CAF_REQUIRE(alive() <= most);
    }
  }

  director_options options;
  director_actor director;
  std::map<std::string, machine> machines;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(fleet_tests, fixture)

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
