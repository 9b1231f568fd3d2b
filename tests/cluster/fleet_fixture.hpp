// fleet_fixture.hpp: a director and the members of its fleet, in virtual time.

#pragma once

#include "cluster/cluster_config.hpp"
#include "deterministic/asking_fixture.hpp"

#include "wsengine/cluster/fleet.hpp"
#include "wsengine/testing/scripted_connection.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wsengine::tests {

using namespace cluster;
using namespace testing;
using namespace std::chrono_literals;

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
inline director_finder_actor::behavior_type finder(const std::shared_ptr<director_actor>& where) {
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

/// Machines that may join, and a director that may die; time passes when the test says so.
struct fleet_fixture : asking_fixture {
  fleet_fixture() : asking_fixture(std::make_unique<cluster_config>()) {
    options.is_first = true;
    options.starts_per_second = 1e6;
    options.start_burst = 1'000'000;
  }

  ~fleet_fixture() override {
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

} // namespace wsengine::tests
