// pending_requests.hpp: the rule which caller gets which answer, and until when.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wsengine::rules {

/// The requests of one session that wait for their answers, at most one for each key. `Caller` is
/// whoever gets the answer. Knows no clock: its user says what time it is.
template <class Caller>
class pending_requests {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Adds a request. Returns a number that tells it from later ones with the same key; zero, and
  /// leaves `caller` alone, when one with that key waits already.
  std::uint64_t add(const std::string& key, Caller&& caller, time_point deadline) {
    auto [entry, is_new] = by_key_.try_emplace(key);
    if (!is_new)
      return 0;
    entry->second = {++last_number_, deadline, std::move(caller)};
    by_deadline_.emplace(std::pair{deadline, last_number_}, &entry->first);
    return last_number_;
  }

  /// Takes away the request with that key; nothing when there is none.
  std::optional<Caller> take(const std::string& key) {
    auto entry = by_key_.find(key);
    return entry == by_key_.end() ? std::nullopt : take_entry(entry);
  }

  /// The same, unless it is another than the one with that number.
  std::optional<Caller> take(const std::string& key, std::uint64_t number) {
    auto entry = by_key_.find(key);
    if (entry == by_key_.end() || entry->second.number != number)
      return std::nullopt;
    return take_entry(entry);
  }

  /// Takes away those whose deadline has come, the earliest first.
  std::vector<Caller> take_due(time_point now) {
    std::vector<Caller> result;
    while (!by_deadline_.empty() && by_deadline_.begin()->first.first <= now)
      result.push_back(*take_entry(by_key_.find(*by_deadline_.begin()->second)));
    return result;
  }

  /// Takes away all, those with the earliest deadline first.
  std::vector<Caller> take_all() { return take_due(time_point::max()); }

  /// The earliest deadline; nothing when no request waits.
  [[nodiscard]] std::optional<time_point> next_deadline() const {
    if (by_deadline_.empty())
      return std::nullopt;
    return by_deadline_.begin()->first.first;
  }

  [[nodiscard]] bool empty() const noexcept { return by_key_.empty(); }

  [[nodiscard]] std::size_t size() const noexcept { return by_key_.size(); }

private:
  struct entry {
    std::uint64_t number = 0;
    time_point deadline;
    Caller caller;
  };

  using map = std::unordered_map<std::string, entry>;

  std::optional<Caller> take_entry(typename map::iterator from) {
    std::optional<Caller> result{std::move(from->second.caller)};
    by_deadline_.erase({from->second.deadline, from->second.number});
    by_key_.erase(from);
    return result;
  }

  map by_key_;
  // The same by time; the keys are those of the map, which stay where they are.
  std::map<std::pair<time_point, std::uint64_t>, const std::string*> by_deadline_;
  std::uint64_t last_number_ = 0;
};

} // namespace wsengine::rules
