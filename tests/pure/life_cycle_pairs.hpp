// life_cycle_pairs.hpp: which events the machine does not handle where, and why that is right.

#pragma once

#include "rules/life_cycle.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::tests {

// -- what was seen --------------------------------------------------------------------------------

/// What became of one event in one state, under every policy and in all surroundings.
struct pair_record {
  bool happened = false;
  bool dropped = false;
};

/// Where an engine is: its state; for closing, how far that has come.
inline std::string place_of(const rules::life_cycle_state& now) {
  auto result = to_string(now.state);
  if (now.state != engine_state::closing)
    return result;
  switch (now.step) {
    case rules::closing_step::none: return result;
    case rules::closing_step::quiescing: return result + "/quiescing";
    case rules::closing_step::on_close: return result + "/on_close";
    case rules::closing_step::disconnecting: return result + "/disconnecting";
  }
  return result;
}

/// All pairs that were looked at.
class pair_table {
public:
  void note(const rules::life_cycle_state& now, rules::event what, bool possible, bool handled) {
    auto& record = pairs_[{place_of(now), to_string(what)}];
    record.happened = record.happened || possible;
    record.dropped = record.dropped || (possible && !handled);
  }

  /// The pairs that need a reason, as in "idle: dialed".
  [[nodiscard]] std::vector<std::string> never_happen() const {
    return select([](const pair_record& x) { return !x.happened; });
  }

  [[nodiscard]] std::vector<std::string> are_dropped() const {
    return select([](const pair_record& x) { return x.dropped; });
  }

private:
  template <class Predicate>
  [[nodiscard]] std::vector<std::string> select(Predicate predicate) const {
    std::vector<std::string> result;
    for (const auto& [key, record] : pairs_)
      if (predicate(record))
        result.push_back(key.first + ": " + key.second);
    return result;
  }

  std::map<std::pair<std::string, std::string>, pair_record> pairs_;
};

// -- what is justified ----------------------------------------------------------------------------

/// An event that needs no handling in some places, and the reason.
struct justified {
  rules::event what;
  std::vector<std::string> places;
  const char* reason;
};

/// Events that cannot happen there: nothing is under way that could end so.
const std::vector<justified>& never_happening();

/// Events that may happen there and mean nothing.
const std::vector<justified>& rightly_dropped();

/// The pairs of a table, in order.
std::vector<std::string> pairs_of(const std::vector<justified>& table);

} // namespace wsengine::tests
