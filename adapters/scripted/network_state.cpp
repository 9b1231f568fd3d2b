// network_state.cpp: see network_state.hpp.

#include "network_state.hpp"

namespace wsengine::testing {

void network_state::add(script what) {
  std::lock_guard guard{mutex_};
  scripts_.push_back(std::move(what));
}

void network_state::set_fallback(script what) {
  std::lock_guard guard{mutex_};
  fallback_ = std::move(what);
}

std::pair<std::size_t, script> network_state::begin() {
  std::lock_guard guard{mutex_};
  connections_.emplace_back();
  auto index = connections_.size() - 1;
  if (scripts_.empty())
    return {index, fallback_};
  auto next = std::move(scripts_.front());
  scripts_.pop_front();
  return {index, std::move(next)};
}

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

} // namespace wsengine::testing
