// session.cpp: session ids, and the way from a session to its engine.

#define CAF_SUITE session

#include "wsengine/session.hpp"

#include "stand_in.hpp"

#include "wsengine/config.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace wsengine;

CAF_TEST(session ids print as sixteen hexadecimal digits) {
  CAF_CHECK_EQUAL(to_string(session_id{0}), "0000000000000000");
  CAF_CHECK_EQUAL(to_string(session_id{0x0123456789ABCDEF}), "0123456789abcdef");
  CAF_CHECK_EQUAL(to_string(session_id{~std::uint64_t{0}}), "ffffffffffffffff");
}

CAF_TEST(session ids are never drawn twice on any thread) {
  constexpr std::size_t threads = 4;
  constexpr std::size_t each = 50'000;
  std::vector<std::vector<session_id>> drawn(threads);
  std::vector<std::thread> running;
  for (auto& ids : drawn)
    running.emplace_back([&ids] {
      for (std::size_t i = 0; i < each; ++i)
        ids.push_back(make_session_id());
    });
  for (auto& x : running)
    x.join();
  std::set<session_id> all;
  for (const auto& ids : drawn)
    all.insert(ids.begin(), ids.end());
  CAF_CHECK_EQUAL(all.size(), threads * each);
  CAF_CHECK(all.count(session_id{}) == 0);
}

CAF_TEST(neighbours look unlike each other) {
  auto previous = make_session_id();
  auto least = 64;
  for (int i = 0; i < 1000; ++i) {
    auto next = make_session_id();
    least = std::min(least, std::popcount(previous.value ^ next.value));
    previous = next;
  }
  // Of random numbers, one pair in 10^10 differs in fewer than 8 of 64 bits.
  CAF_CHECK_GREATER_OR_EQUAL(least, 8);
}

CAF_TEST(the supervisor of a session is its engine) {
  config cfg;
  caf::actor_system sys{cfg};
  auto supervisor = sys.spawn<stand_in>();
  session uut;
  CAF_CHECK(!engine_of(uut));
  uut.supervisor = supervisor;
  CAF_CHECK_EQUAL(caf::actor_cast<caf::actor>(engine_of(uut)), supervisor);
  caf::anon_send_exit(supervisor, caf::exit_reason::kill);
}

CAF_TEST(engines run in all states but two) {
  CAF_CHECK(!is_running(engine_state::idle));
  CAF_CHECK(!is_running(engine_state::stopped));
  for (auto state : {engine_state::dialing, engine_state::opening, engine_state::running,
                     engine_state::paused, engine_state::closing, engine_state::backoff})
    CAF_CHECK(is_running(state));
  CAF_CHECK_EQUAL(to_string(engine_state::dialing), "dialing");
  CAF_CHECK_EQUAL(to_string(engine_state{99}), "engine_state(99)");
}
