// life_cycle.cpp: the rules of an engine's life: the paths that matter one by one, and then every
// state that can be reached, under every policy.

#define CAF_SUITE life_cycle

#include "rules/life_cycle.hpp"

#include "pure/life_cycle_pairs.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

using namespace wsengine;
using rules::action;
using rules::event;
using rules::life_cycle;
using rules::life_cycle_policy;

namespace {

std::string names(const rules::actions& xs) {
  std::string result;
  for (auto x : xs)
    result += (result.empty() ? "" : " ") + to_string(x);
  return result;
}

struct fixture {
  life_cycle_policy policy;
  life_cycle uut{policy, true};

  std::string on(event what) { return names(uut.on(what)); }

  void become_running() {
    uut = life_cycle{policy, true};
    for (auto x : {event::start, event::dialed, event::opened})
      uut.on(x);
    CAF_REQUIRE_EQUAL(uut.state(), engine_state::running);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(path_tests, fixture)

CAF_TEST(a session opens) {
  CAF_CHECK_EQUAL(on(event::start), "dial");
  CAF_CHECK_EQUAL(on(event::start), "reject_started");
  CAF_CHECK_EQUAL(on(event::dialed), "call_on_open");
  CAF_CHECK_EQUAL(on(event::opened), "answer_start start_reading");
  CAF_CHECK_EQUAL(uut.state(), engine_state::running);
}

CAF_TEST(the end of a session is told once and then tried again) {
  become_running();
  CAF_CHECK_EQUAL(on(event::session_over), "limit_closing call_on_close");
  CAF_CHECK_EQUAL(on(event::session_over), "");
  CAF_CHECK_EQUAL(on(event::close_answered), "disconnect");
  CAF_CHECK_EQUAL(on(event::disconnected), "drop_session schedule_retry");
  CAF_CHECK_EQUAL(on(event::retry_due), "dial");
  CAF_CHECK_EQUAL(on(event::dialed), "call_on_open");
  CAF_CHECK_EQUAL(on(event::opened), "answer_start start_reading");
}

CAF_TEST(callbacks finish before on_close) {
  become_running();
  CAF_CHECK_EQUAL(on(event::signal_restart), "limit_closing quiesce");
  CAF_CHECK_EQUAL(on(event::quiesced), "call_on_close");
  CAF_CHECK_EQUAL(on(event::close_answered), "disconnect");
  CAF_CHECK_EQUAL(on(event::disconnected), "drop_session schedule_retry");
}

CAF_TEST(a failed first start stops unless it may be retried) {
  on(event::start);
  CAF_CHECK_EQUAL(on(event::dial_failed), "drop_session finish");
  CAF_CHECK_EQUAL(uut.current().cause, rules::stop_cause::start_failed);
  uut = life_cycle{{true, {}, {}}, true};
  on(event::start);
  CAF_CHECK_EQUAL(on(event::dial_failed), "drop_session report_failure");
  CAF_CHECK_EQUAL(on(event::attempts_exhausted), "finish");
  CAF_CHECK_EQUAL(uut.current().cause, rules::stop_cause::gave_up);
}

CAF_TEST(an error from on_open stops a start even when it may be retried) {
  uut = life_cycle{{true, {}, {}}, true};
  on(event::start);
  on(event::dialed);
  CAF_CHECK_EQUAL(on(event::open_refused), "limit_closing quiesce");
  CAF_CHECK_EQUAL(on(event::quiesced), "disconnect");
  CAF_CHECK_EQUAL(on(event::disconnected), "drop_session finish");
}

CAF_TEST(an error from on_open counts as a failed restart) {
  become_running();
  for (auto x : {event::session_over, event::close_answered, event::disconnected, event::retry_due,
                 event::dialed})
    uut.on(x);
  CAF_CHECK_EQUAL(on(event::open_refused), "limit_closing quiesce");
  CAF_CHECK_EQUAL(on(event::quiesced), "disconnect");
  CAF_CHECK_EQUAL(on(event::disconnected), "drop_session report_failure");
  CAF_CHECK_EQUAL(uut.state(), engine_state::backoff);
}

CAF_TEST(a client that accepted is told of the end when the session cannot be set up) {
  on(event::start);
  on(event::dialed);
  CAF_CHECK_EQUAL(on(event::setup_failed), "limit_closing quiesce");
  CAF_CHECK_EQUAL(on(event::quiesced), "call_on_close");
  CAF_CHECK_EQUAL(on(event::close_answered), "disconnect");
  CAF_CHECK_EQUAL(on(event::disconnected), "drop_session finish");
  CAF_CHECK_EQUAL(uut.current().cause, rules::stop_cause::start_failed);
  become_running();
  for (auto x : {event::session_over, event::close_answered, event::disconnected, event::retry_due,
                 event::dialed, event::setup_failed, event::quiesced, event::close_answered})
    uut.on(x);
  CAF_CHECK_EQUAL(on(event::disconnected), "drop_session report_failure");
}

CAF_TEST(stop waits for on_open and tells on_close) {
  on(event::start);
  on(event::dialed);
  CAF_CHECK_EQUAL(on(event::stop), "limit_closing");
  CAF_CHECK_EQUAL(on(event::opened), "answer_start limit_closing quiesce");
  CAF_CHECK_EQUAL(on(event::quiesced), "call_on_close");
  CAF_CHECK_EQUAL(on(event::close_answered), "disconnect");
  CAF_CHECK_EQUAL(on(event::disconnected), "drop_session finish");
}

CAF_TEST(a lease ends with its session) {
  become_running();
  CAF_CHECK_EQUAL(on(event::pause), "grant_lease");
  CAF_CHECK_EQUAL(on(event::pause), "reject_paused");
  CAF_CHECK_EQUAL(on(event::connection_lost), "revoke_lease start_reading");
  CAF_CHECK_EQUAL(uut.state(), engine_state::running);
  on(event::pause);
  CAF_CHECK_EQUAL(on(event::stop), "revoke_lease limit_closing quiesce");
}

CAF_TEST(a new client is introduced when no callback of the old one runs) {
  become_running();
  CAF_CHECK_EQUAL(on(event::client_set), "hold_for_client");
  CAF_CHECK_EQUAL(on(event::quiesced), "replace_handlers call_on_open");
  CAF_CHECK_EQUAL(on(event::opened), "start_reading");
  CAF_CHECK_EQUAL(uut.state(), engine_state::running);
}

CAF_TEST(a client waits for the answer or the death of the one that is asked) {
  policy.on_client_down = client_down_policy::keep;
  uut = life_cycle{policy, true};
  for (auto x : {event::start, event::dialed, event::client_set, event::client_down})
    uut.on(x);
  auto asking = uut;
  CAF_CHECK_EQUAL(on(event::client_set), "");
  CAF_CHECK_EQUAL(on(event::opened), "answer_start replace_handlers call_on_open");
  uut = asking;
  CAF_CHECK_EQUAL(on(event::client_set), "");
  CAF_CHECK_EQUAL(on(event::asked_down), "call_on_open");
  uut = asking;
  CAF_CHECK_EQUAL(on(event::asked_down), "");
  CAF_CHECK_EQUAL(on(event::client_set), "call_on_open");
  uut = asking;
  CAF_CHECK_EQUAL(on(event::open_timeout), "limit_closing quiesce");
}

CAF_TEST(without a client the session stays or ends as the policy says) {
  become_running();
  CAF_CHECK_EQUAL(on(event::client_down), "limit_closing quiesce");
  CAF_CHECK_EQUAL(on(event::quiesced), "disconnect");
  CAF_CHECK_EQUAL(on(event::disconnected), "drop_session finish");
  policy.on_client_down = client_down_policy::keep;
  become_running();
  CAF_CHECK_EQUAL(on(event::client_down), "hold_without_client");
  CAF_CHECK_EQUAL(on(event::client_set), "hold_for_client");
  CAF_CHECK_EQUAL(on(event::quiesced), "replace_handlers call_on_open");
}

CAF_TEST(a crashed handler is replaced or ends the session or the engine) {
  policy.on_handler_crash = handler_crash_policy::keep;
  become_running();
  CAF_CHECK_EQUAL(on(event::handler_crashed), "respawn_handler");
  policy.on_handler_crash = handler_crash_policy::restart;
  become_running();
  CAF_CHECK_EQUAL(on(event::handler_crashed), "limit_closing quiesce");
  CAF_CHECK_EQUAL(uut.current().next, rules::sequel::restart);
  policy.on_handler_crash = handler_crash_policy::stop;
  become_running();
  CAF_CHECK_EQUAL(on(event::handler_crashed), "limit_closing quiesce");
  CAF_CHECK_EQUAL(uut.current().next, rules::sequel::stop);
}

CAF_TEST(requests out of place are rejected by name) {
  CAF_CHECK_EQUAL(on(event::stop), "reject_not_running");
  CAF_CHECK_EQUAL(on(event::pause), "reject_not_running");
  uut = life_cycle{policy, false};
  CAF_CHECK_EQUAL(on(event::start), "reject_no_client");
}

CAF_TEST_FIXTURE_SCOPE_END()

// -- every state that can be reached --------------------------------------------------------------

namespace {

// What goes on around the machine, so that only events are tried that can happen.
struct surroundings {
  bool connection = false;
  bool dialing = false;
  bool asking_open = false;
  bool asking_close = false;
  bool quiescing = false;
  bool disconnecting = false;
  bool reading = false;
  bool leased = false;
  bool retry_armed = false;
  bool closing_armed = false;
  bool start_waits = false;
  bool stop_waits = false;
  bool told_open = false;
  bool told_close = false;
  bool ended = false;

  friend auto operator<=>(const surroundings&, const surroundings&) = default;
};

bool possible(event what, const surroundings& env, const life_cycle& machine) {
  auto& now = machine.current();
  switch (what) {
    case event::dialed:
    case event::dial_failed: return env.dialing;
    case event::opened:
    case event::open_refused:
    case event::setup_failed: return env.asking_open;
    case event::open_timeout: return env.dialing || env.asking_open;
    case event::connection_lost: return env.connection && !env.dialing;
    case event::session_over: return env.reading;
    case event::quiesced: return env.quiescing;
    case event::close_answered: return env.asking_close;
    case event::disconnected: return env.disconnecting;
    case event::closing_timeout: return env.closing_armed;
    case event::handler_crashed:
    case event::reader_crashed: return env.connection && !env.dialing;
    case event::client_down: return now.has_client;
    case event::asked_down: return env.asking_open && now.client_changed;
    case event::lease_over: return env.leased;
    case event::retry_due: return env.retry_armed;
    case event::attempts_exhausted: return false;
    default: return true;
  }
}

// Takes in that the event happened.
void happen(event what, surroundings& env, const rules::life_cycle_state& now) {
  switch (what) {
    case event::start: env.start_waits |= !is_running(now.state); break;
    case event::stop: env.stop_waits |= is_running(now.state); break;
    case event::dialed:
    case event::dial_failed: env.dialing = false; break;
    case event::opened:
    case event::setup_failed:
      env.asking_open = false;
      env.told_open = true;
      break;
    case event::open_refused:
      env.asking_open = false;
      env.told_open = false;
      break;
    case event::open_timeout: env.asking_open = false; break;
    case event::session_over: env.reading = false; break;
    case event::quiesced: env.quiescing = false; break;
    case event::close_answered: env.asking_close = false; break;
    case event::disconnected: env.disconnecting = false; break;
    case event::closing_timeout: env.closing_armed = false; break;
    case event::client_down:
      // Who is asked may be one that it has replaced.
      env.asking_open = env.asking_open && now.client_changed;
      env.asking_close = false;
      break;
    case event::asked_down: env.asking_open = false; break;
    case event::lease_over: env.leased = false; break;
    case event::retry_due: env.retry_armed = false; break;
    default: break;
  }
}

// Performs an action and checks that it may be performed.
void perform(action what, surroundings& env, const life_cycle& machine, bool& exhausted) {
  switch (what) {
    case action::dial:
      CAF_REQUIRE(!env.connection);
      env.connection = env.dialing = true;
      env.told_open = env.told_close = env.retry_armed = false;
      break;
    case action::call_on_open:
      CAF_REQUIRE(env.connection && !env.dialing && !env.reading && !env.told_close);
      CAF_REQUIRE(!env.asking_open);
      env.asking_open = true;
      break;
    case action::answer_start: env.start_waits = false; break;
    case action::start_reading:
      CAF_REQUIRE(env.connection && env.told_open && !env.told_close && !env.leased);
      env.reading = true;
      break;
    case action::hold_for_client:
      env.reading = false;
      env.quiescing = true;
      break;
    case action::hold_without_client: env.reading = false; break;
    case action::grant_lease:
      CAF_REQUIRE(!env.leased);
      env.reading = false;
      env.leased = true;
      break;
    case action::revoke_lease: env.leased = false; break;
    case action::replace_handlers:
    case action::respawn_handler: CAF_REQUIRE(env.connection); break;
    case action::limit_closing: env.closing_armed = true; break;
    case action::quiesce:
      CAF_REQUIRE(env.connection && !env.leased);
      // What a client still answers to on_open is not waited for.
      env.asking_open = false;
      env.reading = false;
      env.quiescing = true;
      break;
    case action::call_on_close:
      CAF_REQUIRE(env.told_open && !env.told_close && !env.reading && machine.current().has_client);
      env.told_close = env.asking_close = true;
      break;
    case action::disconnect:
      CAF_REQUIRE(env.connection && !env.disconnecting && !env.reading);
      env.disconnecting = true;
      break;
    case action::drop_session:
      CAF_REQUIRE(env.connection);
      env.connection = env.dialing = env.asking_open = env.asking_close = env.quiescing = false;
      env.disconnecting = env.reading = env.leased = env.closing_armed = false;
      break;
    case action::report_failure: exhausted = true; [[fallthrough]];
    case action::schedule_retry:
      CAF_REQUIRE(!env.connection);
      env.retry_armed = true;
      break;
    case action::finish:
      CAF_REQUIRE(!env.connection);
      CAF_REQUIRE_EQUAL(machine.state(), engine_state::stopped);
      env.start_waits = env.stop_waits = env.retry_armed = false;
      break;
    case action::terminate:
      CAF_REQUIRE(!env.connection && !env.start_waits && !env.stop_waits);
      env.ended = true;
      break;
    case action::reject_no_client: env.start_waits = false; break;
    default: break;
  }
}

using node = std::pair<rules::life_cycle_state, surroundings>;

node step(const life_cycle_policy& policy, const node& from, event what, bool& exhausted) {
  life_cycle machine{policy, from.first};
  auto env = from.second;
  happen(what, env, machine.current());
  exhausted = false;
  for (auto x : machine.on(what))
    perform(x, env, machine, exhausted);
  return {machine.current(), env};
}

void check(const node& what) {
  auto& [now, env] = what;
  auto rests = !is_running(now.state);
  // An engine at rest owns nothing; one that is not always waits for something that will come.
  if (rests)
    CAF_REQUIRE(!env.connection && !env.retry_armed && !env.leased && !env.stop_waits);
  if (now.state == engine_state::dialing)
    CAF_REQUIRE(env.dialing);
  if (now.state == engine_state::opening)
    CAF_REQUIRE(env.asking_open || env.quiescing || (!now.has_client && !now.client_changed));
  if (now.state == engine_state::running && now.has_client)
    CAF_REQUIRE(env.reading);
  if (now.state == engine_state::paused)
    CAF_REQUIRE(env.leased && !env.reading);
  if (now.state == engine_state::closing)
    CAF_REQUIRE(env.closing_armed && (env.quiescing || env.asking_close || env.disconnecting));
  if (now.state == engine_state::backoff)
    CAF_REQUIRE(env.retry_armed);
  if (env.stop_waits)
    CAF_REQUIRE(env.closing_armed);
}

// Stop must end everything even when nobody else ever answers anything.
void check_stop(const life_cycle_policy& policy, const node& from) {
  if (!is_running(from.first.state))
    return;
  bool ignored = false;
  auto after = step(policy, from, event::stop, ignored);
  if (after.first.state != engine_state::stopped) {
    CAF_REQUIRE(after.second.closing_armed);
    after = step(policy, after, event::closing_timeout, ignored);
  }
  CAF_REQUIRE_EQUAL(after.first.state, engine_state::stopped);
  CAF_REQUIRE(!after.second.connection);
}

std::size_t explore(const life_cycle_policy& policy, bool has_client,
                    std::set<engine_state>& visited, tests::pair_table& pairs) {
  node first{life_cycle{policy, has_client}.current(), {}};
  std::set<node> seen{first};
  std::deque<node> todo{first};
  auto add = [&](const node& x) {
    if (!x.second.ended && seen.insert(x).second)
      todo.push_back(x);
  };
  while (!todo.empty()) {
    auto from = todo.front();
    todo.pop_front();
    visited.insert(from.first.state);
    check(from);
    check_stop(policy, from);
    for (std::size_t i = 0; i < rules::event_count; ++i) {
      auto what = static_cast<event>(i);
      life_cycle machine{policy, from.first};
      auto can_happen = possible(what, from.second, machine);
      pairs.note(from.first, what, can_happen, machine.handles(what));
      if (!can_happen)
        continue;
      bool may_give_up = false;
      auto to = step(policy, from, what, may_give_up);
      if (may_give_up) {
        bool ignored = false;
        auto given_up = to;
        given_up.second.retry_armed = false;
        pairs.note(to.first, event::attempts_exhausted, true,
                   life_cycle{policy, to.first}.handles(event::attempts_exhausted));
        add(step(policy, given_up, event::attempts_exhausted, ignored));
      }
      add(to);
    }
  }
  return seen.size();
}

// Explores everything under every policy; returns the number of states.
std::size_t explore_all(std::set<engine_state>& visited, tests::pair_table& pairs) {
  std::size_t total = 0;
  for (bool retry : {false, true})
    for (auto crash :
         {handler_crash_policy::keep, handler_crash_policy::restart, handler_crash_policy::stop})
      for (auto down : {client_down_policy::stop, client_down_policy::keep})
        for (bool has_client : {false, true})
          total += explore({retry, crash, down}, has_client, visited, pairs);
  return total;
}

// Tells which pairs of `those` are not among `these`.
void check_has_all(const std::vector<std::string>& these, const std::vector<std::string>& those,
                   const char* problem) {
  for (const auto& x : those)
    if (std::find(these.begin(), these.end(), x) == these.end())
      CAF_ERROR(problem << x);
}

} // namespace

CAF_TEST(every state that can be reached keeps the rules under every policy) {
  std::set<engine_state> visited;
  tests::pair_table pairs;
  auto total = explore_all(visited, pairs);
  CAF_MESSAGE("states explored: " << total);
  CAF_CHECK_EQUAL(visited.size(), 8U);
  CAF_CHECK(total > 1000);
}

CAF_TEST(what is not handled has a reason) {
  std::set<engine_state> visited;
  tests::pair_table pairs;
  explore_all(visited, pairs);
  auto never = tests::pairs_of(tests::never_happening());
  check_has_all(never, pairs.never_happen(), "never happens, without a reason: ");
  check_has_all(pairs.never_happen(), never, "happens, though a reason says that it does not: ");
  auto dropped = tests::pairs_of(tests::rightly_dropped());
  check_has_all(dropped, pairs.are_dropped(), "is dropped, without a reason: ");
  check_has_all(pairs.are_dropped(), dropped, "is handled, though a reason says it is dropped: ");
  CAF_CHECK(!never.empty());
}
