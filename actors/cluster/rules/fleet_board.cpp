// fleet_board.cpp: see fleet_board.hpp.

#include "cluster/rules/fleet_board.hpp"

#include <algorithm>

namespace wsengine::rules {

fleet_board::fleet_board(const board_terms& terms, time_point quiet_until)
  : terms_(terms),
    quiet_until_(quiet_until),
    starts_(terms.starts_per_second, terms.start_burst) {}

// -- specifications -------------------------------------------------------------------------------

void fleet_board::add(const std::string& key, bool finished) {
  auto [entry, is_new] = posts_.try_emplace(key);
  auto& x = entry->second;
  if (is_new) {
    x.phase = finished ? post_phase::finished : post_phase::waiting;
    enqueue(*entry);
    homes_are_old_ = true;
  } else if (std::exchange(x.removed, false)) {
    homes_are_old_ = true;
  }
}

void fleet_board::remove(const std::string& key) {
  auto found = posts_.find(key);
  if (found == posts_.end())
    return;
  found->second.removed = true;
  homes_.erase(key);
  homes_are_old_ = true;
  if (found->second.node.empty())
    vacate(*found);
  else
    misplaced_.insert(key);
}

// -- nodes ----------------------------------------------------------------------------------------

std::optional<std::uint64_t> fleet_board::arrive(const std::string& node, const std::string& id,
                                                 std::uint64_t last_epoch,
                                                 const std::vector<std::string>& running,
                                                 time_point now) {
  end_leases(now);
  auto [entry, is_new] =
    members_.try_emplace(node, member{id, true, false, lease_landlord{terms_.lease}, {}, 0});
  auto& x = entry->second;
  if (x.id != id)
    return std::nullopt;
  // A new landlord grants a new epoch: what was ordered under the old one must not be done any
  // more. Its lease is over later than that of the old one.
  x.landlord = lease_landlord{terms_.lease, std::max(last_epoch, x.landlord.epoch())};
  auto epoch = x.landlord.grant(now);
  x.connected = true;
  homes_are_old_ |= is_new;
  auto before = x.keys;
  for (const auto& key : running)
    if (before.erase(key) == 0)
      adopt(node, x, key);
  for (const auto& key : before)
    vacate(*posts_.find(key));
  for (const auto& key : x.keys) {
    auto& mine = posts_.find(key)->second;
    // Whatever it was told before is void.
    end_move(mine);
    mine.phase = post_phase::live;
    mine.live_since = now;
    mine.ticket = 0;
    misplaced_.insert(key);
  }
  return epoch;
}

// A key runs on a node from which we did not know it.
void fleet_board::adopt(const std::string& node, member& by, const std::string& key) {
  auto [entry, is_new] = posts_.try_emplace(key);
  auto& x = entry->second;
  if (!x.node.empty()) {
    strays_.emplace(node, key);
    return;
  }
  // Nobody wants it: it is here to be stopped.
  x.removed |= is_new;
  dequeue(*entry);
  x.node = node;
  by.keys.insert(key);
  if (!x.removed)
    homes_[key] = node;
}

bool fleet_board::renew(const std::string& node, const std::string& id, std::uint64_t epoch,
                        time_point now) {
  auto found = members_.find(node);
  if (found == members_.end())
    return false;
  auto& x = found->second;
  if (x.id != id || !x.connected || x.landlord.epoch() != epoch || x.landlord.is_free(now))
    return false;
  x.landlord.grant(now);
  return true;
}

void fleet_board::gone(const std::string& node, const std::string& id) {
  auto found = members_.find(node);
  if (found != members_.end() && found->second.id == id)
    found->second.connected = false;
}

void fleet_board::left(const std::string& node, const std::string& id) {
  auto found = members_.find(node);
  if (found != members_.end() && found->second.id == id)
    forget(node);
}

bool fleet_board::drain(const std::string& node, bool draining) {
  auto found = members_.find(node);
  if (found == members_.end())
    return false;
  auto& x = found->second;
  if (std::exchange(x.draining, draining) == draining)
    return true;
  homes_are_old_ = true;
  misplaced_.insert(x.keys.begin(), x.keys.end());
  return true;
}

bool fleet_board::is_drained(const std::string& node) const {
  auto found = members_.find(node);
  return found == members_.end() || found->second.keys.empty();
}

bool fleet_board::has_home() const {
  return std::any_of(members_.begin(), members_.end(),
                     [](const auto& x) { return !x.second.draining; });
}

bool fleet_board::move(const std::string& key, const std::string& node) {
  auto found = posts_.find(key);
  auto target = members_.find(node);
  if (found == posts_.end() || found->second.removed || target == members_.end()
      || target->second.draining)
    return false;
  auto& x = found->second;
  homes_[key] = node;
  x.failures = 0;
  x.retry_at = time_point::min();
  if (x.phase == post_phase::finished) {
    x.phase = post_phase::waiting;
    enqueue(*found);
  }
  if (!x.node.empty())
    misplaced_.insert(key);
  return true;
}

// -- outcomes -------------------------------------------------------------------------------------

void fleet_board::started(const std::string& key, std::uint64_t ticket, time_point now) {
  auto* found = awaiting(key, ticket);
  if (!found || found->second.phase != post_phase::starting)
    return;
  found->second.phase = post_phase::live;
  found->second.live_since = now;
  end_move(found->second);
}

void fleet_board::failed(const std::string& key, std::uint64_t ticket, const std::string& why,
                         time_point now) {
  auto* found = awaiting(key, ticket);
  if (!found || found->second.phase != post_phase::starting)
    return;
  end_move(found->second);
  failed_once(found->second, why, now);
  vacate(*found);
}

void fleet_board::stopped(const std::string& key, std::uint64_t ticket) {
  auto* found = awaiting(key, ticket);
  if (found && found->second.phase == post_phase::stopping)
    vacate(*found);
}

void fleet_board::ended(const std::string& node, std::uint64_t epoch, const std::string& key,
                        bool finished, const std::string& why, time_point now) {
  auto found = posts_.find(key);
  auto whose = members_.find(node);
  if (found == posts_.end() || found->second.node != node || whose == members_.end()
      || whose->second.landlord.epoch() != epoch || found->second.phase != post_phase::live)
    return;
  auto& x = found->second;
  if (now - x.live_since >= terms_.retry_cap)
    x.failures = 0;
  failed_once(x, why, now);
  if (finished) {
    x.phase = post_phase::finished;
    homes_are_old_ = true;
  }
  vacate(*found);
}

void fleet_board::finished(const std::string& key) {
  auto found = posts_.find(key);
  if (found == posts_.end() || found->second.phase != post_phase::waiting)
    return;
  dequeue(*found);
  end_move(found->second);
  found->second.phase = post_phase::finished;
  homes_are_old_ = true;
}

void fleet_board::failed_once(post& what, const std::string& why, time_point now) {
  auto delay = std::min(terms_.retry_cap, terms_.retry_after * (1U << what.failures));
  what.failures = std::min(what.failures + 1, 20U);
  what.retry_at = now + delay;
  what.last_error = why;
}

fleet_board::post_entry* fleet_board::awaiting(const std::string& key, std::uint64_t ticket) {
  auto found = posts_.find(key);
  return found == posts_.end() || found->second.ticket != ticket ? nullptr : &*found;
}

// The key is live nowhere any more.
void fleet_board::vacate(post_entry& whose) {
  auto& [key, x] = whose;
  if (auto found = members_.find(x.node); found != members_.end())
    found->second.keys.erase(key);
  x.node.clear();
  x.ticket = 0;
  misplaced_.erase(key);
  dequeue(whose);
  if (x.removed) {
    end_move(x);
    auto name = key;
    posts_.erase(name);
    return;
  }
  if (x.phase != post_phase::finished)
    x.phase = post_phase::waiting;
  enqueue(whose);
}

void fleet_board::end_move(post& what) {
  auto found = members_.find(std::exchange(what.from, {}));
  if (found != members_.end() && found->second.moves > 0)
    --found->second.moves;
}

void fleet_board::enqueue(const post_entry& x) {
  if (x.second.phase == post_phase::waiting)
    waiting_.emplace(x.second.from.empty(), x.first);
}

void fleet_board::dequeue(const post_entry& x) {
  waiting_.erase({false, x.first});
  waiting_.erase({true, x.first});
}

// -- what to do -----------------------------------------------------------------------------------

std::vector<board_order> fleet_board::due(time_point now) {
  wake_at_ = time_point::max();
  std::vector<board_order> result;
  end_leases(now);
  if (now < quiet_until_) {
    wake_by(quiet_until_);
    return result;
  }
  if (std::exchange(homes_are_old_, false))
    find_homes();
  stop_some(result);
  start_some(now, result);
  return result;
}

void fleet_board::wake_by(time_point when) {
  wake_at_ = std::min(wake_at_, when);
}

void fleet_board::end_leases(time_point now) {
  std::vector<std::string> free;
  for (const auto& [name, x] : members_)
    if (x.landlord.is_free(now))
      free.push_back(name);
    else
      wake_by(x.landlord.free_at());
  for (const auto& x : free)
    forget(x);
}

void fleet_board::forget(const std::string& node) {
  auto found = members_.extract(node);
  for (const auto& key : found.mapped().keys)
    vacate(*posts_.find(key));
  std::erase_if(strays_, [&](const auto& x) { return x.first == node; });
  homes_are_old_ = true;
}

void fleet_board::find_homes() {
  std::vector<std::string> keys;
  for (const auto& [key, x] : posts_)
    if (!x.removed && x.phase != post_phase::finished)
      keys.push_back(key);
  std::vector<std::string> nodes;
  for (const auto& [name, x] : members_)
    if (!x.draining)
      nodes.push_back(name);
  homes_ = place(std::move(keys), nodes, terms_.slack, homes_);
  for (const auto& x : posts_)
    if (is_misplaced(x))
      misplaced_.insert(x.first);
}

bool fleet_board::is_misplaced(const post_entry& x) const {
  if (x.second.node.empty() || x.second.phase == post_phase::stopping)
    return false;
  if (x.second.removed)
    return true;
  // Without a better place it stays where it is.
  auto home = homes_.find(x.first);
  return home != homes_.end() && home->second != x.second.node;
}

bool fleet_board::must_wait_to_stop(const post_entry& x) const {
  const auto& where = members_.at(x.second.node);
  if (!where.connected)
    return true;
  if (x.second.removed)
    return false;
  auto home = members_.find(homes_.at(x.first));
  return where.moves >= terms_.moves_at_once || home == members_.end() || !home->second.connected;
}

void fleet_board::stop_some(std::vector<board_order>& into) {
  std::erase_if(strays_, [&](const auto& x) {
    const auto& where = members_.at(x.first);
    if (where.connected)
      into.push_back(
        {board_order::kind::stop, ++last_ticket_, x.first, where.landlord.epoch(), x.second});
    return where.connected;
  });
  std::erase_if(misplaced_, [&](const std::string& key) {
    auto found = posts_.find(key);
    if (found == posts_.end() || !is_misplaced(*found))
      return true;
    if (must_wait_to_stop(*found))
      return false;
    auto& x = found->second;
    end_move(x);
    if (!x.removed) {
      x.from = x.node;
      ++members_.at(x.node).moves;
    }
    x.phase = post_phase::stopping;
    into.push_back(order(board_order::kind::stop, *found));
    return true;
  });
}

void fleet_board::start_some(time_point now, std::vector<board_order>& into) {
  for (auto i = waiting_.begin(); i != waiting_.end();) {
    auto found = posts_.find(i->second);
    auto& x = found->second;
    auto home = homes_.find(found->first);
    auto where = home == homes_.end() ? members_.end() : members_.find(home->second);
    if (x.retry_at > now) {
      wake_by(x.retry_at);
      ++i;
    } else if (where == members_.end() || !where->second.connected) {
      ++i;
    } else if (!starts_.take(now)) {
      wake_by(starts_.when(now));
      return;
    } else {
      i = waiting_.erase(i);
      x.phase = post_phase::starting;
      x.node = home->second;
      where->second.keys.insert(found->first);
      into.push_back(order(board_order::kind::start, *found));
    }
  }
}

board_order fleet_board::order(board_order::kind what, post_entry& whose) {
  auto& [key, x] = whose;
  x.ticket = ++last_ticket_;
  return {what, x.ticket, x.node, members_.at(x.node).landlord.epoch(), key};
}

} // namespace wsengine::rules
