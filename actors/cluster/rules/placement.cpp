// placement.cpp: see placement.hpp.

#include "cluster/rules/placement.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace wsengine::rules {

std::uint64_t affinity(std::string_view node, std::string_view key) noexcept {
  // FNV-1a over both with their lengths apart, then the finalizer of splitmix64, which makes every
  // bit depend on every byte.
  std::uint64_t result = 0xCBF29CE484222325U;
  auto mix = [&result](std::string_view text) {
    for (auto c : text)
      result = (result ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
    result = (result ^ text.size()) * 0x100000001B3U;
  };
  mix(node);
  mix(key);
  result = (result ^ (result >> 30U)) * 0xBF58476D1CE4E5B9U;
  result = (result ^ (result >> 27U)) * 0x94D049BB133111EBU;
  return result ^ (result >> 31U);
}

std::size_t most_per_node(std::size_t keys, std::size_t nodes, double slack) noexcept {
  auto share = static_cast<double>(keys) / static_cast<double>(nodes);
  // No rounding error may take the room that an even share needs.
  auto even = (keys + nodes - 1) / nodes;
  return std::max(even, static_cast<std::size_t>(std::ceil(share * slack)));
}

namespace {

// The nodes with the keys that they have so far.
class board {
public:
  board(const std::vector<std::string>& nodes, std::size_t most) : most_(most) {
    for (const auto& x : nodes)
      keys_of_[x];
  }

  [[nodiscard]] bool has(const std::string& node) const { return keys_of_.count(node) > 0; }

  [[nodiscard]] bool has_room(const std::string& node) const {
    return keys_of_.at(node).size() < most_;
  }

  void put(const std::string& node, const std::string& key) { keys_of_[node].insert(key); }

  void take(const std::string& node, const std::string& key) { keys_of_[node].erase(key); }

  // The node with room that a key fits best.
  [[nodiscard]] const std::string& best(const std::string& key) const {
    const std::string* result = nullptr;
    std::uint64_t most = 0;
    for (const auto& [node, keys] : keys_of_)
      if (auto fit = affinity(node, key); keys.size() < most_ && (!result || fit > most)) {
        result = &node;
        most = fit;
      }
    // There is room for all: the bound is no less than an even share.
    return *result;
  }

  // Takes from nodes that have too many the keys that fit them worst.
  std::vector<std::string> shed() {
    std::vector<std::string> result;
    for (auto& [node, keys] : keys_of_) {
      if (keys.size() <= most_)
        continue;
      std::vector<std::pair<std::uint64_t, std::string>> ranked;
      for (const auto& key : keys)
        ranked.emplace_back(affinity(node, key), key);
      std::sort(ranked.begin(), ranked.end());
      ranked.resize(keys.size() - most_);
      for (auto& [fit, key] : ranked) {
        keys.erase(key);
        result.push_back(std::move(key));
      }
    }
    return result;
  }

  [[nodiscard]] placement result() const {
    placement result;
    for (const auto& [node, keys] : keys_of_)
      for (const auto& key : keys)
        result.emplace(key, node);
    return result;
  }

private:
  std::size_t most_;
  std::map<std::string, std::set<std::string>> keys_of_;
};

} // namespace

placement place(std::vector<std::string> keys, const std::vector<std::string>& nodes, double slack,
                const placement& before) {
  if (nodes.empty())
    return {};
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::set<std::string> fresh{nodes.begin(), nodes.end()};
  board all{nodes, most_per_node(keys.size(), fresh.size(), slack)};
  std::vector<std::string> homeless;
  std::vector<std::pair<std::string, std::string>> settled;
  for (auto& key : keys) {
    auto was = before.find(key);
    if (was == before.end() || !all.has(was->second)) {
      homeless.push_back(key);
    } else {
      all.put(was->second, key);
      fresh.erase(was->second);
      settled.emplace_back(key, was->second);
    }
  }
  // Those that have a home move to a new node first, so that it gets what fits it.
  for (const auto& [key, node] : settled)
    for (const auto& next : fresh)
      if (all.has_room(next) && affinity(next, key) > affinity(node, key)
          && all.best(key) == next) {
        all.take(node, key);
        all.put(next, key);
        break;
      }
  for (auto& key : all.shed())
    homeless.push_back(std::move(key));
  std::sort(homeless.begin(), homeless.end());
  for (const auto& key : homeless)
    all.put(all.best(key), key);
  return all.result();
}

} // namespace wsengine::rules
