// cluster_messages.cpp: every message between nodes survives the way and prints readably.

#define CAF_SUITE cluster_messages

#include "cluster/cluster_config.hpp"
#include "roundtrip_fixture.hpp"
#include "stand_in.hpp"

#include "wsengine/cluster/fleet.hpp"
#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/cluster/transport.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <chrono>

using namespace wsengine;
using namespace wsengine::cluster;
using namespace std::chrono_literals;

namespace {

struct fixture : tests::roundtrip_fixture<tests::cluster_config> {
  fixture() : peer(sys.spawn<stand_in>()) {}

  ~fixture() override { caf::anon_send_exit(peer, caf::exit_reason::kill); }

  template <class Handle>
  Handle handle() const {
    return caf::actor_cast<Handle>(peer);
  }

  void check_operators() {
    check_one(spec);
    check_one(add_specifications_msg{{spec}});
    check_one(remove_specifications_msg{{"k"}});
    check_one(drain_node_msg{"n"});
    check_one(admit_node_msg{"n"});
    check_one(move_specification_msg{"k", "n"});
    check_one(fleet_status_msg{});
    fleet_node node{"n", true, true, 3, 4s, 0.5, 6};
    check_one(node);
    fleet_session where{"k", "ws://h/", "n", specification_state::live, engine_state::running,
                        2,   "why"};
    check_one(where);
    check_one(fleet_status{1s, {node}, {where}});
    check_one(handle<director_actor>());
    check_one(find_director_msg{});
    check_one(handle<director_finder_actor>());
  }

  void check_roster() {
    roster_version version{2, 3, 4};
    check_one(version);
    roster_entry entry{spec, true};
    check_one(entry);
    check_one(roster_msg{version, {entry}});
    check_one(roster_change_msg{version, {entry}, {"gone"}});
    check_one(get_roster_msg{});
    check_one(start_key_msg{4, "k"});
    check_one(stop_key_msg{4, "k"});
    check_one(member_session{"k", engine_state::running});
    check_one(member_sessions_msg{});
    check_one(leave_fleet_msg{});
    check_one(handle<member_actor>());
  }

  void check_leases() {
    member_identity who{"n", "p"};
    check_one(who);
    check_one(node_vitals{0.5, 6});
    check_one(enroll_msg{who, handle<member_actor>(), 4, true, {2, 3, 4}, {"k"}, {"f"}, {0.5, 6}});
    check_one(renew_lease_msg{who, 4, {0.5, 6}});
    check_one(lease_grant{4, 10s, 0.01, 1s, true});
    check_one(key_ended_msg{who, 4, "k", true, "why"});
    check_one(leaving_msg{who});
    check_one(left_msg{who});
  }

  specification spec{"k", {}, "quiet"};
  caf::actor peer;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cluster_messages_tests, fixture)

CAF_TEST(every type between nodes survives a round trip) {
  check_one(transport_options{"::1", 1, "c", "k", "a", true, 2s, 5s});
  check_one(make_connection_msg{});
  check_one(handle<connection_source_actor>());
  client_choice client{handle<client_actor>(), handle<batch_client_actor>(), "quiet"};
  check_one(client);
  engine_options options;
  options.request.url = "ws://example.org/";
  check_one(spawn_engine_msg{"one", options, client});
  check_one(find_engine_msg{"one"});
  check_one(drop_engine_msg{"one"});
  check_one(drain_msg{});
  check_one(node_report_msg{});
  check_one(node_report{"a", 1, 0.5, 2, true});
  check_one(handle<node_actor>());
  check_operators();
  check_roster();
  check_leases();
  // Whoever registers a type adds it above.
  check_complete("wsengine::cluster::");
}

CAF_TEST_FIXTURE_SCOPE_END()
