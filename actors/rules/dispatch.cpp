// dispatch.cpp: see dispatch.hpp.

#include "rules/dispatch.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::rules {

dispatch::dispatch(std::size_t handlers, key_function key)
  : key_(std::move(key)),
    running_keys_(handlers) {
  // One handler keeps the order of everything; keys would add nothing.
  if (handlers == 1)
    key_ = nullptr;
}

void dispatch::push_back(std::vector<data_message> messages) {
  for (auto& message : messages)
    waiting_.push_back(make_entry(std::move(message)));
}

void dispatch::push_front(std::vector<data_message> messages) {
  for (auto i = messages.rbegin(); i != messages.rend(); ++i)
    waiting_.push_front(make_entry(std::move(*i)));
}

std::vector<data_message> dispatch::next(std::size_t index) {
  if (running_keys_.size() == 1)
    return take_all();
  auto i =
    std::find_if(waiting_.begin(), waiting_.end(), [this](const entry& x) { return !runs(x.key); });
  if (i == waiting_.end())
    return {};
  std::vector<data_message> result;
  result.push_back(std::move(i->message));
  running_keys_[index] = std::move(i->key);
  waiting_.erase(i);
  return result;
}

void dispatch::done(std::size_t index) {
  running_keys_[index].clear();
}

std::vector<data_message> dispatch::take_all() {
  std::vector<data_message> result;
  result.reserve(waiting_.size());
  for (auto& x : waiting_)
    result.push_back(std::move(x.message));
  waiting_.clear();
  return result;
}

dispatch::entry dispatch::make_entry(data_message message) const {
  auto key = key_ ? key_(message) : std::string{};
  return {std::move(message), std::move(key)};
}

bool dispatch::runs(const std::string& key) const {
  return !key.empty()
         && std::find(running_keys_.begin(), running_keys_.end(), key) != running_keys_.end();
}

} // namespace wsengine::rules
