// remote_flow.cpp: a server that floods an engine whose client, on another node, is slow.

#define CAF_SUITE remote_flow

#include "cluster/cluster_fixture.hpp"
#include "real/resident_memory.hpp"

#include <caf/response_promise.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <atomic>

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

// What a client on another node counts, for the test to see.
struct tally {
  std::atomic<std::uint64_t> messages{0};
  std::atomic<std::uint64_t> calls{0};
};

// Answers a callback only when it is told to.
class reluctant_client : public caf::event_based_actor {
public:
  reluctant_client(caf::actor_config& cfg, std::shared_ptr<tally> counts)
    : caf::event_based_actor(cfg),
      counts_(std::move(counts)) {}

  caf::behavior make_behavior() override {
    return {
      [](const on_open&) {},
      [this](const on_messages& what) -> caf::result<void> {
        counts_->messages += what.batch.messages.size();
        ++counts_->calls;
        return held_ = make_response_promise();
      },
      [](const on_message&) {},
      [](const on_read_error&) {},
      [](const on_close&) { return close_details{}; },
      [](const on_close_error&) {},
      [](const on_restart_error&) {},
      [this](caf::ok_atom) { std::exchange(held_, {}).deliver(caf::unit); },
    };
  }

  // A promise holds the actor that has made it.
  void on_exit() override { held_ = {}; }

private:
  std::shared_ptr<tally> counts_;
  caf::response_promise held_;
};

struct fixture : tests::cluster_fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(remote_flow_tests, fixture)

CAF_TEST(a slow client on another node holds the server back) {
  auto there = tests::run_plain_node();
  auto node = join(*there);
  auto counts = std::make_shared<tally>();
  auto client = sys.spawn<reluctant_client>(counts);
  auto options = options_for("/flood?n=1000000&size=16384");
  auto before = there->resident_bytes();
  auto engine = ask<engine_actor>(
    node, cluster::spawn_engine_msg{
            "flooded", options, {{}, caf::actor_cast<batch_client_actor>(client), {}}});
  CAF_REQUIRE(engine);
  CAF_REQUIRE(ask<session>(*engine, start_msg{}));
  constexpr std::uint64_t calls = 200;
  std::uint64_t most = 0;
  for (std::uint64_t i = 1; i <= calls; ++i) {
    CAF_REQUIRE(eventually([&] { return counts->calls == i; }));
    most = std::max(most, there->resident_bytes());
    caf::anon_send(client, caf::ok_atom_v);
  }
  // A client that takes nothing is sent nothing: what the server could send lies in the system.
  CAF_REQUIRE(eventually([&] { return counts->calls == calls + 1; }));
  auto sent = server.counters().sent;
  auto taken = counts->messages.load();
  CAF_MESSAGE("taken " << taken << " messages of 16 KiB; the server has sent " << sent
                       << "; the node grew by " << (most - before) / 1024 << " KiB");
  CAF_CHECK(taken > calls);
  // What is read ahead, and what waits for the client: some hundred KiB each, and the system's
  // buffers. The flood is 16 GiB.
  if (tests::memory_is_freed)
    CAF_CHECK(most - before < (24U << 20U));
  CAF_CHECK((sent - taken) * 16384 < (64U << 20U));
  caf::anon_send_exit(client, caf::exit_reason::user_shutdown);
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
}

CAF_TEST(sessions of clients on other nodes leave nothing behind) {
  auto there = tests::run_plain_node();
  auto node = join(*there);
  auto client = std::make_shared<tests::probe>();
  auto options = options_for("/accept-close");
  options.backoff.base = 1ms;
  options.backoff.cap = 1ms;
  auto engine = spawn_engine_on(node, "restless", spawn_client(client), options);
  caf::anon_send(engine, start_msg{});
  CAF_REQUIRE(client->wait_for("close", 200));
  auto before = there->resident_bytes();
  CAF_REQUIRE(client->wait_for("close", 1200));
  auto after = there->resident_bytes();
  CAF_MESSAGE("a thousand sessions left " << (after > before ? after - before : 0) / 1024
                                          << " KiB");
  // A connection that stays takes more than 6 KiB.
  if (tests::memory_is_freed)
    CAF_CHECK(after < before + (3U << 20U));
  CAF_CHECK_EQUAL(ask_void(node, cluster::drop_engine_msg{"restless"}), caf::none);
}

CAF_TEST_FIXTURE_SCOPE_END()
