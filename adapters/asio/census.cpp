// census.cpp: see census.hpp.

#include "census.hpp"

#include <caf/exit_reason.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace wsengine::io {

namespace {

// The actor as a handle; null when nobody holds it any more. A member's memory is valid because an
// actor removes itself before it is destroyed.
caf::strong_actor_ptr upgrade(caf::actor_control_block* who) {
  return caf::intrusive_ptr_upgrade_weak(who) ? caf::strong_actor_ptr{who, false}
                                              : caf::strong_actor_ptr{};
}

void send_exit(const std::vector<caf::strong_actor_ptr>& all, const caf::error& reason) {
  for (const auto& who : all)
    compat::enqueue(who, nullptr, caf::make_message(caf::exit_msg{who->address(), reason}));
}

} // namespace

// -- members --------------------------------------------------------------------------------------

void census::add(caf::actor_control_block* who) {
  std::lock_guard guard{mutex_};
  members_.emplace(who, role::other);
}

void census::remove(caf::actor_control_block* who) {
  std::lock_guard guard{mutex_};
  auto i = members_.find(who);
  if (i == members_.end())
    return;
  auto last_engine = i->second == role::engine && --engines_ == 0;
  members_.erase(i);
  if (last_engine || members_.empty())
    changed_.notify_all();
}

void census::mark_engine(caf::actor_control_block* who) {
  std::lock_guard guard{mutex_};
  auto i = members_.find(who);
  if (i == members_.end() || i->second == role::engine)
    return;
  i->second = role::engine;
  ++engines_;
}

std::size_t census::size() const {
  std::lock_guard guard{mutex_};
  return members_.size();
}

// -- the end --------------------------------------------------------------------------------------

void census::stop_engines(const caf::error& reason) {
  std::vector<caf::strong_actor_ptr> engines;
  {
    std::lock_guard guard{mutex_};
    for (auto& [who, what] : members_)
      if (what == role::engine)
        if (auto handle = upgrade(who))
          engines.push_back(std::move(handle));
  }
  // Not under the lock: a message to an actor that is gone may end another one at once.
  send_exit(engines, reason);
}

void census::kill_all() {
  std::vector<caf::strong_actor_ptr> all;
  {
    std::lock_guard guard{mutex_};
    for (auto& [who, what] : members_)
      if (auto handle = upgrade(who))
        all.push_back(std::move(handle));
  }
  send_exit(all, caf::make_error(caf::exit_reason::kill));
}

bool census::wait_for_engines(timespan bound) {
  std::unique_lock guard{mutex_};
  return changed_.wait_until(guard, std::chrono::steady_clock::now() + bound,
                             [this] { return engines_ == 0; });
}

bool census::wait_for_all(timespan bound) {
  std::unique_lock guard{mutex_};
  return changed_.wait_until(guard, std::chrono::steady_clock::now() + bound,
                             [this] { return members_.empty(); });
}

} // namespace wsengine::io
