// placement.hpp: the rule which node a specification belongs to.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine::rules {

/// How well a key fits a node: the same number everywhere and always.
[[nodiscard]] std::uint64_t affinity(std::string_view node, std::string_view key) noexcept;

/// The most keys that a node may have: `slack` times its even share, rounded up. `slack` is at
/// least 1, and there is at least one node.
[[nodiscard]] std::size_t most_per_node(std::size_t keys, std::size_t nodes, double slack) noexcept;

/// Which node each key belongs to.
using placement = std::map<std::string, std::string>;

/// Places keys by rendezvous hashing with bounded load: a key goes to the node that it fits best
/// among those with room. `before` is where keys are, and keys stay where they are but for three
/// causes: their node is gone; it has more than it may; or a node without any keys fits them better
/// and has room. So a leave moves the keys of the node that left and no others, and a join moves
/// keys only to the node that joined, or off a node beyond its bound.
///
/// The result depends on nothing but the arguments, and not on the order of the nodes or keys.
/// Without nodes it is empty. `slack` is at least 1.
[[nodiscard]] placement place(std::vector<std::string> keys, const std::vector<std::string>& nodes,
                              double slack, const placement& before = {});

} // namespace wsengine::rules
