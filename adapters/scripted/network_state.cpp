// network_state.cpp: see network_state.hpp.

#include "network_state.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::testing {

network_state::network_state(script fallback) {
  plans_[{}].fallback = std::move(fallback);
}

// -- scripts --------------------------------------------------------------------------------------

std::size_t network_state::begin() {
  std::lock_guard guard{mutex_};
  connections_.emplace_back();
  return connections_.size() - 1;
}

script network_state::take(std::size_t index, const std::string& url) {
  std::lock_guard guard{mutex_};
  auto found = plans_.find(url);
  if (found == plans_.end())
    found = plans_.find({});
  auto& [server, from] = *found;
  connections_.at(index).server = server;
  if (from.scripts.empty())
    return from.fallback;
  auto result = std::move(from.scripts.front());
  from.scripts.pop_front();
  return result;
}

network_state::plan& network_state::plan_of(const std::string& url) {
  auto [result, is_new] = plans_.try_emplace(url);
  if (is_new)
    result->second.fallback.accept();
  return result->second;
}

void network_state::add(const std::string& url, script what) {
  std::lock_guard guard{mutex_};
  plan_of(url).scripts.push_back(std::move(what));
}

void network_state::set_fallback(const std::string& url, script what) {
  std::lock_guard guard{mutex_};
  plan_of(url).fallback = std::move(what);
}

bool network_state::extend(const std::string& url, const script& more) {
  std::lock_guard guard{mutex_};
  auto& scripts = plan_of(url).scripts;
  if (scripts.empty())
    return false;
  scripts.back().append(more);
  return true;
}

optional<std::size_t> network_state::newest(const std::string& url) const {
  std::lock_guard guard{mutex_};
  for (auto i = connections_.size(); i > 0; --i)
    if (connections_[i - 1].server == url)
      return i - 1;
  return nothing;
}

std::size_t network_state::dialed(const std::string& url) const {
  std::lock_guard guard{mutex_};
  return static_cast<std::size_t>(std::count_if(connections_.begin(), connections_.end(),
                                                [&](const auto& x) { return x.server == url; }));
}

// -- actors and records ---------------------------------------------------------------------------

void network_state::set_actor(std::size_t index, caf::actor_addr actor) {
  std::lock_guard guard{mutex_};
  connections_.at(index).actor = std::move(actor);
}

caf::actor_addr network_state::actor(std::size_t index) const {
  std::lock_guard guard{mutex_};
  return connections_.at(index).actor;
}

std::vector<caf::actor_addr> network_state::all_actors() const {
  std::lock_guard guard{mutex_};
  std::vector<caf::actor_addr> result;
  for (const auto& x : connections_)
    result.push_back(x.actor);
  return result;
}

std::vector<scripted_record> network_state::records() const {
  std::lock_guard guard{mutex_};
  std::vector<scripted_record> result;
  for (const auto& x : connections_)
    result.push_back(x.record);
  return result;
}

scripted_record network_state::record(std::size_t index) const {
  std::lock_guard guard{mutex_};
  return connections_.at(index).record;
}

} // namespace wsengine::testing
