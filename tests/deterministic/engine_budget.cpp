// engine_budget.cpp: what clients of one server share: how fast they dial, and when they leave it
// alone.

#define CAF_SUITE engine_budget

#include "deterministic/supervised_fixture.hpp"

#include <algorithm>
#include <limits>

namespace {

script refusing() {
  return script{}.refuse(make_error(dial_errc::connect_failed, "refused"));
}

struct fixture : supervised_fixture {
  fixture() { options.backoff.retry_first_connect = true; }

  ~fixture() override {
    for (auto& x : crowd)
      compat::send_exit(x, caf::exit_reason::kill);
    consume_messages();
  }

  /// Spawns engines for one client, and starts them.
  void start_crowd(std::size_t count) {
    if (!client)
      client = mock.spawn(sys);
    for (std::size_t i = 0; i < count; ++i) {
      auto result = spawn_engine(sys, network.make_connector(), options, client, hooks);
      CAF_REQUIRE(result);
      caf::anon_send(*result, start_msg{});
      crowd.push_back(std::move(*result));
    }
    consume_messages();
  }

  engine_status status_of(std::size_t index) {
    return ask<engine_status>(crowd.at(index), status_msg{})->get();
  }

  circuit_state circuit() { return status_of(0).circuit.state; }

  void stop_one(std::size_t index) {
    CAF_CHECK(ask<caf::unit_t>(crowd.at(index), stop_msg{})->succeeded());
  }

  /// Lets time pass in steps in which no more than one attempt falls due.
  void pass_slowly(timespan delay, timespan step) {
    for (timespan done{0}; done < delay; done += step)
      pass(step);
  }

  /// The most attempts beyond `rate` that there were in any time: with a budget, its burst.
  double most_at_once() {
    auto rate = options.budget.rate;
    auto least = std::numeric_limits<double>::max();
    auto most = 0.0;
    double index = 0;
    auto times = network.dial_times();
    std::sort(times.begin(), times.end());
    for (auto at : times) {
      auto beyond = index - rate * std::chrono::duration<double>(at).count();
      least = std::min(least, beyond);
      most = std::max(most, beyond - least + 1);
      ++index;
    }
    return most;
  }

  std::vector<engine_actor> crowd;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_budget_tests, fixture)

// -- the budget -----------------------------------------------------------------------------------

CAF_TEST(a thousand clients of a dead server keep to the budget and all come back) {
  constexpr std::size_t many = 1000;
  options.budget = {200, 50, ""};
  network.fallback(refusing());
  start_crowd(many);
  CAF_CHECK_EQUAL(network.size(), 50U);
  pass_slowly(5s, 5ms);
  // All of the budget is used, and no more.
  CAF_CHECK_EQUAL(network.size(), 1050U);
  CAF_CHECK_EQUAL(network.opened(), 0U);
  network.fallback(script{}.accept());
  pass_slowly(8s, 5ms);
  CAF_CHECK_EQUAL(network.opened(), many);
  CAF_CHECK_LESS(most_at_once(), 50.001);
  CAF_CHECK(std::all_of(crowd.begin(), crowd.end(), [this](auto& x) {
    return ask<engine_status>(x, status_msg{})->get().state == engine_state::running;
  }));
}

CAF_TEST(who comes first goes first) {
  options.budget = {1, 1, ""};
  start_crowd(4);
  for (std::size_t i = 0; i < 4; ++i) {
    CAF_CHECK_EQUAL(network.opened(), i + 1);
    CAF_CHECK_EQUAL(status_of(i).state, engine_state::running);
    pass(1s);
  }
}

CAF_TEST(an engine waits in backoff and says for how long) {
  options.budget = {0.1, 2, ""};
  start_crowd(2);
  network.play(0, script{}.drop());
  network.play(1, script{}.drop());
  consume_messages();
  CAF_CHECK(!status_of(0).waits_for_turn);
  pass(1s);
  for (std::size_t i : {0, 1}) {
    auto status = status_of(i);
    CAF_CHECK_EQUAL(status.state, engine_state::backoff);
    CAF_CHECK(status.waits_for_turn);
    CAF_CHECK_EQUAL(status.next_retry_in, timespan{i == 0 ? 9s : 19s});
  }
  pass(9s);
  CAF_CHECK_EQUAL(network.opened(), 3U);
  CAF_CHECK_EQUAL(status_of(0).state, engine_state::running);
  CAF_CHECK(!status_of(0).waits_for_turn);
  pass(10s);
  CAF_CHECK_EQUAL(network.opened(), 4U);
}

CAF_TEST(who stops leaves its place to the next) {
  options.budget = {0.1, 1, ""};
  start_crowd(4);
  CAF_CHECK_EQUAL(status_of(1).state, engine_state::dialing);
  CAF_CHECK(status_of(1).waits_for_turn);
  stop_one(1);
  stop_one(2);
  CAF_CHECK_EQUAL(status_of(2).state, engine_state::stopped);
  pass(10s);
  CAF_CHECK_EQUAL(status_of(3).state, engine_state::running);
  CAF_CHECK_EQUAL(network.size(), 2U);
}

CAF_TEST(engines that die leave their places too) {
  options.budget = {0.1, 1, ""};
  start_crowd(5);
  kill(caf::actor_cast<caf::actor>(crowd[1]));
  kill(caf::actor_cast<caf::actor>(crowd[3]));
  pass(10s);
  CAF_CHECK_EQUAL(status_of(2).state, engine_state::running);
  kill(caf::actor_cast<caf::actor>(crowd[2]));
  pass(10s);
  CAF_CHECK_EQUAL(status_of(4).state, engine_state::running);
}

CAF_TEST(a restart does not jump the queue) {
  options.budget = {0.1, 1, ""};
  start_crowd(2);
  CAF_CHECK_EQUAL(network.opened(), 1U);
  network.play(0, script{}.drop());
  consume_messages();
  CAF_CHECK_EQUAL(status_of(0).state, engine_state::backoff);
  compat::send_exit(crowd[0], session_signal::restart);
  consume_messages();
  CAF_CHECK_EQUAL(network.size(), 1U);
  pass(10s);
  CAF_CHECK_EQUAL(status_of(1).state, engine_state::running);
  CAF_CHECK_EQUAL(status_of(0).state, engine_state::dialing);
  pass(10s);
  CAF_CHECK_EQUAL(status_of(0).state, engine_state::running);
}

CAF_TEST(host and port or the name of the group say who shares) {
  options.budget = {0.1, 1, ""};
  for (auto url : {"ws://example.org/feed", "ws://EXAMPLE.org:80/other", "ws://example.org:81/",
                   "wss://example.org/", "ws://example.net/"}) {
    options.request.url = url;
    start_crowd(1);
  }
  CAF_CHECK_EQUAL(network.opened(), 4U);
  options.budget.group = "all";
  for (auto url : {"ws://a/", "ws://b/"}) {
    options.request.url = url;
    start_crowd(1);
  }
  CAF_CHECK_EQUAL(network.opened(), 5U);
}

CAF_TEST(an attempt with several URLs is one turn) {
  options.budget = {0.1, 1, ""};
  options.more_urls = {"ws://b/", "ws://c/"};
  network.fallback(refusing());
  start_crowd(1);
  CAF_CHECK_EQUAL(network.size(), 3U);
  pass(5s);
  CAF_CHECK_EQUAL(network.size(), 3U);
  pass(5s);
  CAF_CHECK_EQUAL(network.size(), 6U);
}

CAF_TEST(without a budget nobody waits) {
  start_crowd(100);
  CAF_CHECK_EQUAL(network.opened(), 100U);
  CAF_CHECK(!status_of(0).waits_for_turn);
}

// -- the circuit ----------------------------------------------------------------------------------

CAF_TEST(after failures in a row one engine tries for all) {
  options.circuit = {5, 30s};
  network.fallback(refusing());
  start_crowd(10);
  // All had begun before the fifth failure was known, and nobody else tries now.
  CAF_CHECK_EQUAL(network.size(), 10U);
  auto status = status_of(3).circuit;
  CAF_CHECK_EQUAL(status.state, circuit_state::open);
  CAF_CHECK_EQUAL(status.failures, 10U);
  CAF_CHECK_EQUAL(status.next_trial_in, timespan{30s});
  pass(29s);
  CAF_CHECK_EQUAL(network.size(), 10U);
  CAF_CHECK_EQUAL(status_of(3).circuit.next_trial_in, timespan{1s});
  pass(1s);
  CAF_CHECK_EQUAL(network.size(), 11U);
  CAF_CHECK_EQUAL(circuit(), circuit_state::open);
  network.fallback(script{}.after(1s).accept());
  pass(30s);
  CAF_CHECK_EQUAL(network.size(), 12U);
  CAF_CHECK_EQUAL(circuit(), circuit_state::half_open);
  pass(1s);
  CAF_CHECK_EQUAL(circuit(), circuit_state::closed);
  pass(10s);
  pass(1s);
  CAF_CHECK_EQUAL(network.opened(), 10U);
  CAF_CHECK_EQUAL(status_of(3).circuit.failures, 0U);
}

CAF_TEST(a start while the circuit is open fails at once) {
  options.backoff.retry_first_connect = false;
  options.circuit = {1, 30s};
  network.add(refusing());
  spawn();
  CAF_CHECK(start()->failed(dial_errc::connect_failed));
  auto refused = start();
  CAF_CHECK(refused->failed(engine_errc::circuit_open));
  CAF_CHECK_EQUAL(text_of(refused->cause()),
                  "after 1 failed attempts the server is left alone for 30s");
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  CAF_CHECK_EQUAL(network.size(), 1U);
  pass(30s);
  CAF_CHECK(start()->succeeded());
  CAF_CHECK_EQUAL(status().circuit.state, circuit_state::closed);
}

CAF_TEST(a trial that is given up is made by the next) {
  options.circuit = {2, 30s};
  network.add(refusing()).add(refusing());
  start_crowd(2);
  CAF_CHECK_EQUAL(circuit(), circuit_state::open);
  network.fallback(script{}.stall());
  pass(30s);
  CAF_CHECK_EQUAL(network.size(), 3U);
  CAF_CHECK_EQUAL(circuit(), circuit_state::half_open);
  network.fallback(script{}.accept());
  auto trying = status_of(0).state == engine_state::dialing ? 0U : 1U;
  stop_one(trying);
  CAF_CHECK_EQUAL(network.size(), 4U);
  CAF_CHECK_EQUAL(status_of(1 - trying).state, engine_state::running);
}

CAF_TEST(a server that refuses our credentials is not dead) {
  options.circuit = {1, 30s};
  network.add(script{}.refuse(make_refused_error({401, "", "", {}})));
  start_crowd(1);
  CAF_CHECK_EQUAL(circuit(), circuit_state::closed);
  network.add(script{}.refuse(make_refused_error({503, "", "", {}})));
  pass(1s);
  CAF_CHECK_EQUAL(circuit(), circuit_state::open);
}

CAF_TEST(budget and circuit work together) {
  options.budget = {10, 2, ""};
  options.circuit = {20, 30s};
  network.fallback(refusing());
  start_crowd(100);
  pass_slowly(29s, 100ms);
  // Twenty attempts, then nothing.
  CAF_CHECK_EQUAL(network.size(), 20U);
  network.fallback(script{}.accept());
  pass_slowly(60s, 100ms);
  CAF_CHECK_EQUAL(network.opened(), 100U);
  CAF_CHECK_LESS(most_at_once(), 2.001);
}

CAF_TEST_FIXTURE_SCOPE_END()
