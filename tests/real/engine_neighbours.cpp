// engine_neighbours.cpp: clients that are actors on the I/O thread of their engine, over real
// sockets.

#define CAF_SUITE engine_neighbours

#include "real/engine_fixture.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

using namespace wsengine;

namespace {

// What a client has seen.
class record {
public:
  std::size_t add(std::string_view what) {
    std::lock_guard guard{mutex_};
    lines_.emplace_back(what);
    return lines_.size();
  }

  std::vector<std::string> lines() {
    std::lock_guard guard{mutex_};
    return lines_;
  }

private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

std::vector<std::string> numbers(std::size_t count) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(std::to_string(i));
  return result;
}

// Sends numbers, which come back, and leaves after some of them, as it is told to.
template <class Interface>
class neighbour : public Interface::base {
public:
  neighbour(caf::actor_config& cfg, std::size_t sent, std::size_t wanted,
            std::shared_ptr<record> seen)
    : Interface::base(cfg),
      sent_(sent),
      wanted_(wanted),
      seen_(std::move(seen)) {}

  typename Interface::behavior_type make_behavior() override {
    auto opened = [this](const on_open& what) {
      which_ = what.which;
      message_batch all;
      for (auto& x : numbers(sent_))
        all.messages.push_back(text(std::move(x)));
      post(which_, std::move(all));
    };
    auto received = [this](const on_message& what) { take(what.data); };
    auto failed = [](const on_read_error&) {};
    auto closed = [](const on_close&) { return close_details{}; };
    auto not_closed = [](const on_close_error&) {};
    auto not_opened = [](const on_restart_error&) {};
    if constexpr (std::is_same_v<Interface, batch_client_actor>)
      return {
        opened, received, failed, closed, not_closed, not_opened, [this](const on_messages& what) {
          for (const auto& x : what.batch.messages)
            take(x.data);
        }};
    else
      return {opened, received, failed, closed, not_closed, not_opened};
  }

  void on_exit() override { which_ = {}; }

private:
  void take(const payload& what) {
    if (seen_->add(what.text()) == wanted_)
      wsengine::exit(which_);
  }

  std::size_t sent_;
  std::size_t wanted_;
  std::shared_ptr<record> seen_;
  session which_;
};

struct fixture : tests::engine_fixture {
  // What a client has seen when its engine has stopped.
  template <class Interface>
  std::vector<std::string> play(std::size_t sent, std::size_t wanted) {
    auto seen = std::make_shared<record>();
    auto connect = tests::adapter_connector(*io);
    Interface whom = io->spawn<neighbour<Interface>>(*connect.unit, sent, wanted, seen);
    auto spawned = spawn_engine(sys, std::move(connect), options, whom);
    if (!spawned)
      CAF_FAIL(describe(spawned.error()));
    engine = *spawned;
    CAF_REQUIRE_EQUAL(start(), caf::none);
    auto end = ask<stop_report>(wait_stopped_msg{});
    CAF_REQUIRE(end);
    CAF_CHECK(is(end->reason, engine_errc::exited));
    return seen->lines();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_neighbours_tests, fixture)

CAF_TEST(all messages come one by one and in their order) {
  CAF_CHECK_EQUAL(play<client_actor>(3000, 3000), numbers(3000));
}

CAF_TEST(all batches come in their order) {
  CAF_CHECK_EQUAL(play<batch_client_actor>(3000, 3000), numbers(3000));
}

CAF_TEST(a client that leaves in the middle hears of no message more) {
  CAF_CHECK_EQUAL(play<client_actor>(1000, 10), numbers(10));
}

CAF_TEST_FIXTURE_SCOPE_END()
