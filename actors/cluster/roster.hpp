// roster.hpp: all specifications of a fleet, as its director and every member have them.

#pragma once

#include "wsengine/cluster/fleet.hpp"

#include <map>
#include <string>
#include <utility>

namespace wsengine::internal {

/// The specifications by their keys, and which version that is.
struct roster {
  cluster::roster_version version;
  std::map<std::string, cluster::roster_entry> entries;

  /// Takes over all of another one.
  void replace(cluster::roster_msg& what) {
    version = what.version;
    entries.clear();
    for (auto& x : what.entries) {
      auto key = x.what.key;
      entries.emplace(std::move(key), std::move(x));
    }
  }

  /// Takes over what has changed.
  void update(cluster::roster_change_msg& what) {
    version = what.version;
    for (const auto& key : what.removed)
      entries.erase(key);
    for (auto& x : what.entries) {
      auto key = x.what.key;
      entries.insert_or_assign(std::move(key), std::move(x));
    }
  }

  /// All of it, for somebody who has it not.
  [[nodiscard]] cluster::roster_msg copy() const {
    cluster::roster_msg result{version, {}};
    result.entries.reserve(entries.size());
    for (const auto& [key, x] : entries)
      result.entries.push_back(x);
    return result;
  }
};

} // namespace wsengine::internal
