// dispatch.cpp: see dispatch.hpp.

#include "rules/dispatch.hpp"

#include "faults.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace wsengine::rules {

namespace {

void append(std::vector<data_message>& to, std::vector<data_message> what) {
  if (to.empty())
    to = std::move(what);
  else
    to.insert(to.end(), std::make_move_iterator(what.begin()), std::make_move_iterator(what.end()));
}

} // namespace

dispatch::dispatch(std::size_t handlers, key_function key)
  : key_(std::move(key)),
    running_keys_(handlers) {}

load dispatch::push_back(std::vector<data_message> messages) {
  auto result = load_of(messages);
  held_ += result;
  if (keeps_order())
    append(ordered_, std::move(messages));
  else
    for (auto& message : messages)
      waiting_.push_back(make_entry(std::move(message)));
  return result;
}

void dispatch::push_front(std::vector<data_message> messages) {
  if (internal::broken_by(internal::fault::give_back_last)) {
    push_back(std::move(messages));
    return;
  }
  held_ += load_of(messages);
  if (keeps_order()) {
    append(messages, std::exchange(ordered_, {}));
    ordered_ = std::move(messages);
    return;
  }
  for (auto i = messages.rbegin(); i != messages.rend(); ++i)
    waiting_.push_front(make_entry(std::move(*i)));
}

std::vector<data_message> dispatch::next(std::size_t index, std::size_t max) {
  if (keeps_order())
    return take_ordered(max);
  auto i =
    std::find_if(waiting_.begin(), waiting_.end(), [this](const entry& x) { return !runs(x.key); });
  if (i == waiting_.end())
    return {};
  std::vector<data_message> result;
  result.push_back(std::move(i->message));
  running_keys_[index] = std::move(i->key);
  waiting_.erase(i);
  held_ -= load_of(result);
  return result;
}

std::vector<data_message> dispatch::take_ordered(std::size_t max) {
  if (ordered_.size() <= max)
    return take_all();
  auto end = ordered_.begin() + static_cast<std::ptrdiff_t>(max);
  std::vector<data_message> result{std::make_move_iterator(ordered_.begin()),
                                   std::make_move_iterator(end)};
  ordered_.erase(ordered_.begin(), end);
  held_ -= load_of(result);
  return result;
}

void dispatch::done(std::size_t index) {
  running_keys_[index].clear();
}

std::vector<data_message> dispatch::take_all() {
  held_ = {};
  if (keeps_order())
    return std::exchange(ordered_, {});
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
