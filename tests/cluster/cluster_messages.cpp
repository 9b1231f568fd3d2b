// cluster_messages.cpp: every message between nodes survives the way and prints readably.

#define CAF_SUITE cluster_messages

#include "stand_in.hpp"

#include "wsengine/cluster/node_actor.hpp"
#include "wsengine/cluster/register_types.hpp"
#include "wsengine/cluster/transport.hpp"
#include "wsengine/config.hpp"

#include <caf/deep_to_string.hpp>
#include <caf/test/dsl.hpp>

#include <set>
#include <string>
#include <type_traits>
#include <typeindex>

using namespace wsengine;
using namespace wsengine::cluster;
using namespace std::chrono_literals;

namespace {

struct test_config : config {
  test_config() { cluster::register_types(*this); }
};

struct fixture : test_coordinator_fixture<test_config> {
  fixture() : peer(sys.spawn<stand_in>()) {}

  ~fixture() override { caf::anon_send_exit(peer, caf::exit_reason::kill); }

  /// See serialization.cpp among the pure suites.
  template <class T>
  void check_one(const T& value) {
    checked.insert(std::type_index(typeid(T)));
    auto bytes = serialize(value);
    CAF_CHECK(serialize(roundtrip(value)) == bytes);
    auto text = caf::deep_to_string(value);
    CAF_CHECK(text.find("unprintable") == std::string::npos);
    if constexpr (!std::is_empty_v<T>)
      CAF_CHECK(serialize(T{}) != bytes);
    auto message = roundtrip(caf::make_message(value));
    CAF_REQUIRE(message.template match_elements<T>());
    CAF_CHECK(serialize(message.template get_as<T>(0)) == bytes);
  }

  template <class Handle>
  Handle handle() const {
    return caf::actor_cast<Handle>(peer);
  }

  caf::actor peer;
  std::set<std::type_index> checked;
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
  for (const auto& [type, name] : cfg.type_names_by_rtti)
    if (name.starts_with("wsengine::cluster::") && checked.count(type) == 0)
      CAF_FAIL("not checked: " << name);
}

CAF_TEST_FIXTURE_SCOPE_END()
