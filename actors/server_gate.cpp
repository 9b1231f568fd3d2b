// server_gate.cpp: see server_gate.hpp.

#include "server_gate.hpp"

#include "internal_messages.hpp"
#include "vocabulary/ascii.hpp"

#include "wsengine/url.hpp"

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace wsengine::internal {

// -- server_gate ----------------------------------------------------------------------------------

void server_gate::configure(const reconnect_budget_options& budget,
                            const circuit_options& circuit) {
  std::unique_lock guard{mutex_};
  turns_.configure(budget, circuit);
  auto first = head();
  guard.unlock();
  // It may have to wait for another time.
  call(first);
}

server_gate::ticket server_gate::join(caf::actor_addr who) {
  std::lock_guard guard{mutex_};
  auto result = turns_.join();
  owners_.emplace(result, std::move(who));
  return result;
}

server_gate::verdict server_gate::ask(ticket who, time_point now) {
  std::unique_lock guard{mutex_};
  auto result = turns_.ask(who, now);
  if (result.what != verdict::kind::go)
    return result;
  owners_.erase(who);
  auto next = head();
  guard.unlock();
  call(next);
  return result;
}

void server_gate::leave(ticket who) {
  std::unique_lock guard{mutex_};
  auto was_first = turns_.head() == who;
  turns_.leave(who);
  owners_.erase(who);
  auto next = was_first ? head() : caf::actor_addr{};
  guard.unlock();
  call(next);
}

void server_gate::attempt_ended(outcome how, bool is_trial, time_point now) {
  std::unique_lock guard{mutex_};
  auto& breaker = turns_.breaker();
  auto state = [&] { return std::pair{breaker.state(now), breaker.lets_through(now)}; };
  auto before = state();
  switch (how) {
    case outcome::succeeded: breaker.succeeded(); break;
    case outcome::failed: breaker.failed(now, is_trial); break;
    case outcome::abandoned: breaker.abandoned(is_trial); break;
  }
  auto first = state() == before ? caf::actor_addr{} : head();
  guard.unlock();
  call(first);
}

server_gate::time_point server_gate::expected(ticket who, time_point now) const {
  std::lock_guard guard{mutex_};
  return turns_.expected(who, now);
}

bool server_gate::lets_through(time_point now) const {
  std::lock_guard guard{mutex_};
  return turns_.breaker().lets_through(now);
}

circuit_status server_gate::status(time_point now, timestamp wall) const {
  std::lock_guard guard{mutex_};
  const auto& breaker = turns_.breaker();
  circuit_status result;
  result.state = breaker.state(now);
  result.failures = breaker.failures();
  if (result.state == circuit_state::open) {
    result.next_trial_in = timespan{breaker.open_until() - now};
    result.next_trial_at = wall + *result.next_trial_in;
  }
  return result;
}

caf::actor_addr server_gate::head() const {
  auto first = turns_.head();
  return first ? owners_.at(*first) : caf::actor_addr{};
}

void server_gate::call(const caf::actor_addr& whom) const {
  // One that is gone is leaving, and will call the next.
  if (auto engine = caf::actor_cast<caf::actor>(whom))
    caf::anon_send(engine, turn_due{});
}

// -- gates ----------------------------------------------------------------------------------------

namespace {

// All gates of the process. An actor system may be at the place of one that is gone, but then the
// engines of that are gone, too, and with them its gates.
struct gate_list {
  std::mutex mutex;
  std::map<std::pair<const caf::actor_system*, std::string>, std::weak_ptr<server_gate>> gates;
};

gate_list& all_gates() {
  static gate_list result;
  return result;
}

std::string group_of(const std::string& text, const engine_options& options) {
  if (!options.budget.group.empty())
    return "group " + options.budget.group;
  if (!options.connection.unix_socket.empty())
    return "socket " + options.connection.unix_socket;
  auto url = parse_url(text);
  if (!url)
    return {};
  // The names of hosts have no case.
  std::transform(url->host.begin(), url->host.end(), url->host.begin(), ascii::lower);
  return "server " + url->host + ":" + std::to_string(url->port);
}

} // namespace

std::shared_ptr<server_gate> gate_for(caf::actor_system& system, const std::string& url,
                                      const engine_options& options) {
  if (options.budget.rate <= 0 && options.circuit.threshold == 0)
    return nullptr;
  auto& list = all_gates();
  std::shared_ptr<server_gate> result;
  {
    std::lock_guard guard{list.mutex};
    std::erase_if(list.gates, [](const auto& x) { return x.second.expired(); });
    auto& entry = list.gates[{&system, group_of(url, options)}];
    result = entry.lock();
    if (!result) {
      result = std::make_shared<server_gate>(options.budget, options.circuit);
      entry = result;
      return result;
    }
  }
  result->configure(options.budget, options.circuit);
  return result;
}

} // namespace wsengine::internal
