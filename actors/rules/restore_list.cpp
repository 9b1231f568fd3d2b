// restore_list.cpp: see restore_list.hpp.

#include "rules/restore_list.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::rules {

namespace {

auto by_name(std::vector<setup_message>& all, const std::string& name) {
  return std::find_if(all.begin(), all.end(), [&](const auto& x) { return x.name == name; });
}

} // namespace

restore_list::restore_list(std::vector<setup_message> first) : all_(std::move(first)) {}

// -- the registry ---------------------------------------------------------------------------------

void restore_list::put(setup_message what) {
  auto found = by_name(all_, what.name);
  if (found == all_.end())
    found = all_.insert(all_.end(), std::move(what));
  else
    found->message = std::move(what.message);
  if (!active_)
    return;
  auto due = due_at_.find(found->name);
  if (due != due_at_.end() && due->second != on_its_way_) {
    // Not sent yet: it keeps its turn.
    due_[due->second].second = found->message;
    return;
  }
  due_at_[found->name] = ++last_;
  due_[last_] = {found->name, found->message};
}

bool restore_list::remove(const std::string& name, std::optional<data_message> farewell) {
  auto found = by_name(all_, name);
  if (found == all_.end())
    return false;
  all_.erase(found);
  auto due = due_at_.find(name);
  auto was_sent = active_ && (due == due_at_.end() || due->second == on_its_way_);
  if (due != due_at_.end()) {
    // What is on its way cannot be called back.
    if (due->second != on_its_way_)
      due_.erase(due->second);
    due_at_.erase(due);
  }
  if (was_sent && farewell)
    due_[++last_] = {name, std::move(*farewell)};
  return true;
}

// -- sessions -------------------------------------------------------------------------------------

void restore_list::session_opened() {
  session_ended();
  active_ = true;
  for (const auto& x : all_) {
    due_at_[x.name] = ++last_;
    due_[last_] = {x.name, x.message};
  }
}

void restore_list::session_ended() {
  active_ = false;
  on_its_way_ = 0;
  due_.clear();
  due_at_.clear();
}

std::optional<restore_list::dispatch> restore_list::next() {
  if (on_its_way_ != 0 || due_.empty())
    return {};
  const auto& [id, what] = *due_.begin();
  on_its_way_ = id;
  return dispatch{id, what.first, what.second};
}

void restore_list::written(std::uint64_t id) {
  if (id != on_its_way_)
    return;
  on_its_way_ = 0;
  auto found = due_.find(id);
  auto due = due_at_.find(found->second.first);
  if (due != due_at_.end() && due->second == id)
    due_at_.erase(due);
  due_.erase(found);
}

void restore_list::not_now(std::uint64_t id) {
  if (id == on_its_way_)
    on_its_way_ = 0;
}

} // namespace wsengine::rules
