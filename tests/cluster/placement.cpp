// placement.cpp: where specifications go, and how few move.

#define CAF_SUITE placement

#include "cluster/rules/placement.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <random>

using namespace wsengine::rules;

namespace {

using strings = std::vector<std::string>;

strings names(const std::string& prefix, std::size_t count) {
  strings result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(prefix + std::to_string(i));
  return result;
}

std::size_t count_on(const placement& where, const std::string& node) {
  return static_cast<std::size_t>(
    std::count_if(where.begin(), where.end(), [&](const auto& x) { return x.second == node; }));
}

std::size_t moves(const placement& from, const placement& to) {
  std::size_t result = 0;
  for (const auto& [key, node] : to)
    if (auto was = from.find(key); was != from.end() && was->second != node)
      ++result;
  return result;
}

/// Every key is somewhere, and no node has too many.
void check_bound(const placement& where, const strings& keys, const strings& nodes, double slack) {
  CAF_CHECK_EQUAL(where.size(), keys.size());
  for (const auto& [key, node] : where)
    CAF_CHECK(std::find(nodes.begin(), nodes.end(), node) != nodes.end());
  for (const auto& node : nodes)
    CAF_CHECK(count_on(where, node) <= most_per_node(keys.size(), nodes.size(), slack));
}

} // namespace

CAF_TEST(affinity is the same everywhere) {
  CAF_CHECK(affinity("a", "bc") != affinity("ab", "c"));
  CAF_CHECK(affinity("a", "b") != affinity("b", "a"));
  CAF_CHECK_EQUAL(affinity("node", "key"), affinity("node", "key"));
}

CAF_TEST(the bound is no less than an even share) {
  CAF_CHECK_EQUAL(most_per_node(10, 3, 1.0), 4U);
  CAF_CHECK_EQUAL(most_per_node(9, 3, 1.0), 3U);
  CAF_CHECK_EQUAL(most_per_node(100, 4, 1.25), 32U);
  CAF_CHECK_EQUAL(most_per_node(0, 4, 1.25), 0U);
}

CAF_TEST(without nodes nothing is placed) {
  CAF_CHECK(place(names("k", 3), {}, 1.25).empty());
  CAF_CHECK(place({}, names("n", 3), 1.25).empty());
}

CAF_TEST(loads are bounded) {
  auto keys = names("k", 1000);
  for (std::size_t count : {1U, 2U, 3U, 7U, 50U})
    for (auto slack : {1.0, 1.1, 1.25, 2.0})
      check_bound(place(keys, names("n", count), slack), keys, names("n", count), slack);
}

CAF_TEST(order does not matter) {
  auto keys = names("k", 300);
  auto nodes = names("n", 5);
  auto expected = place(keys, nodes, 1.25);
  std::mt19937 random{1};
  std::shuffle(keys.begin(), keys.end(), random);
  std::shuffle(nodes.begin(), nodes.end(), random);
  CAF_CHECK(place(keys, nodes, 1.25) == expected);
  CAF_CHECK(place(keys, nodes, 1.25, expected) == expected);
}

CAF_TEST(a leave moves the keys of the node that left and no others) {
  auto keys = names("k", 1000);
  auto nodes = names("n", 5);
  auto before = place(keys, nodes, 1.25);
  for (std::size_t gone = 0; gone < 5; ++gone) {
    auto rest = nodes;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(gone));
    auto after = place(keys, rest, 1.25, before);
    check_bound(after, keys, rest, 1.25);
    CAF_CHECK_EQUAL(moves(before, after), count_on(before, nodes[gone]));
  }
}

CAF_TEST(a join moves keys to the node that joined and hardly any others) {
  auto keys = names("k", 1000);
  auto before = place(keys, names("n", 4), 1.25);
  auto nodes = names("n", 5);
  auto after = place(keys, nodes, 1.25, before);
  check_bound(after, keys, nodes, 1.25);
  auto gained = count_on(after, "n4");
  // An even share is 200.
  CAF_CHECK(gained >= 150 && gained <= 250);
  auto moved = moves(before, after);
  CAF_MESSAGE(moved << " of 1000 keys moved, " << gained << " of them to the new node");
  CAF_CHECK(moved <= gained + 50);
}

CAF_TEST(new keys move no others) {
  auto keys = names("k", 100);
  auto nodes = names("n", 4);
  auto before = place(keys, nodes, 1.25);
  auto more = names("k", 200);
  auto after = place(more, nodes, 1.25, before);
  check_bound(after, more, nodes, 1.25);
  CAF_CHECK_EQUAL(moves(before, after), 0U);
}

CAF_TEST(any history keeps the bound) {
  std::mt19937 random{7};
  auto keys = names("k", 200);
  auto all = names("n", 8);
  placement where;
  for (int round = 0; round < 200; ++round) {
    strings nodes;
    for (const auto& x : all)
      if (random() % 3 != 0)
        nodes.push_back(x);
    auto next = place(keys, nodes, 1.2, where);
    if (nodes.empty()) {
      CAF_CHECK(next.empty());
      continue;
    }
    check_bound(next, keys, nodes, 1.2);
    where = next;
  }
}
