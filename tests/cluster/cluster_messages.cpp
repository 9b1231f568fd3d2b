// cluster_messages.cpp: every message between nodes survives the way and prints readably.

#define CAF_SUITE cluster_messages

#include "roundtrip_fixture.hpp"
#include "stand_in.hpp"

#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/cluster/register_types.hpp"
#include "wsengine/cluster/transport.hpp"
#include "wsengine/config.hpp"

#include <caf/test/dsl.hpp>

#include <chrono>

using namespace wsengine;
using namespace wsengine::cluster;
using namespace std::chrono_literals;

namespace {

struct test_config : config {
  test_config() { cluster::register_types(*this); }
};

struct fixture : tests::roundtrip_fixture<test_config> {
  fixture() : peer(sys.spawn<stand_in>()) {}

  ~fixture() override { caf::anon_send_exit(peer, caf::exit_reason::kill); }

  template <class Handle>
  Handle handle() const {
    return caf::actor_cast<Handle>(peer);
  }

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
  // Whoever registers a type adds it above.
  check_complete("wsengine::cluster::");
}

CAF_TEST_FIXTURE_SCOPE_END()
