// director_operators.cpp: what operators ask of a director.

#include "cluster/director.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace wsengine::internal {

using namespace cluster;

// -- specifications -------------------------------------------------------------------------------

void director::add(std::vector<specification>& what, promise whose) {
  std::set<std::string> fresh;
  for (const auto& x : what) {
    if (auto problems = validate(x); !problems.empty()) {
      whose.deliver(make_error(cluster_errc::invalid_options,
                               "'" + x.key + "': " + text_of(to_error(problems))));
      return;
    }
    // One that is being removed is not gone before it is stopped.
    if (board_.posts().count(x.key) > 0 || !fresh.insert(x.key).second) {
      whose.deliver(
        make_error(cluster_errc::key_taken, "there is a specification '" + x.key + "' already"));
      return;
    }
  }
  if (contacts_.empty()) {
    whose.deliver(make_error(cluster_errc::no_nodes, "no node has joined the fleet"));
    return;
  }
  std::vector<roster_entry> entries;
  for (auto& x : what) {
    auto& entry = roster_.entries[x.key];
    entry.what = std::move(x);
    entries.push_back(entry);
    board_.add(entry.what.key);
  }
  tell_all(std::move(entries), {}, whose);
  act();
}

void director::remove(const std::vector<std::string>& keys, promise whose) {
  for (const auto& x : keys)
    if (roster_.entries.count(x) == 0) {
      whose.deliver(make_error(cluster_errc::no_such_key, "there is no specification '" + x + "'"));
      return;
    }
  for (const auto& x : keys) {
    roster_.entries.erase(x);
    board_.remove(x);
  }
  tell_all({}, keys, {});
  awaited_.push_back({[this, keys] {
                        return std::none_of(keys.begin(), keys.end(), [this](const auto& x) {
                          return board_.posts().count(x) > 0;
                        });
                      },
                      whose});
  act();
}

// -- nodes and places -----------------------------------------------------------------------------

namespace {

caf::error no_such_node(const std::string& name) {
  return make_error(cluster_errc::no_such_node, "there is no node '" + name + "'");
}

} // namespace

void director::drain(const std::string& node, promise whose) {
  if (!board_.drain(node, true)) {
    whose.deliver(no_such_node(node));
    return;
  }
  awaited_.push_back({[this, node] { return board_.is_drained(node); }, whose});
  act();
}

void director::readmit(const std::string& node, promise whose) {
  if (!board_.drain(node, false)) {
    whose.deliver(no_such_node(node));
    return;
  }
  whose.deliver(caf::unit);
  act();
}

void director::move(const std::string& key, const std::string& node, promise whose) {
  auto entry = roster_.entries.find(key);
  if (entry == roster_.entries.end()) {
    whose.deliver(make_error(cluster_errc::no_such_key, "there is no specification '" + key + "'"));
    return;
  }
  if (!board_.move(key, node)) {
    whose.deliver(make_error(cluster_errc::no_such_node,
                             "there is no node '" + node + "' that may have sessions"));
    return;
  }
  if (std::exchange(entry->second.finished, false))
    tell_all({entry->second}, {}, {});
  whose.deliver(caf::unit);
  act();
}

// -- status ---------------------------------------------------------------------------------------

caf::result<fleet_status> director::status() {
  auto what = std::make_shared<survey>();
  what->result = report();
  what->missing = contacts_.size();
  what->whose = make_response_promise();
  auto whose = what->whose;
  auto counted = [what] {
    if (--what->missing == 0)
      finish(what);
  };
  for (const auto& [name, x] : contacts_)
    request(x.handle, std::chrono::seconds(1), member_sessions_msg{})
      .then(
        [what, counted](const std::vector<member_session>& sessions) {
          for (const auto& x : sessions)
            what->engines.emplace(x.key, x.state);
          counted();
        },
        [counted](const caf::error&) { counted(); });
  if (contacts_.empty())
    finish(what);
  return whose;
}

void director::finish(const std::shared_ptr<survey>& what) {
  for (auto& x : what->result.sessions)
    if (auto found = what->engines.find(x.key); found != what->engines.end())
      x.engine = found->second;
  what->whose.deliver(std::move(what->result));
}

fleet_status director::report() const {
  fleet_status result;
  auto time = now();
  result.quiet_left = std::max(timespan::zero(), timespan{quiet_until_ - time});
  for (const auto& [name, x] : board_.members()) {
    fleet_node node{name,
                    x.connected,
                    x.draining,
                    x.keys.size(),
                    std::max(timespan::zero(), timespan{x.landlord.free_at() - time}),
                    0,
                    0};
    if (auto found = contacts_.find(name); found != contacts_.end()) {
      node.load = found->second.vitals.load;
      node.resident_bytes = found->second.vitals.resident_bytes;
    }
    result.nodes.push_back(std::move(node));
  }
  for (const auto& [key, x] : board_.posts()) {
    auto entry = roster_.entries.find(key);
    result.sessions.push_back(
      {key,
       entry == roster_.entries.end() ? std::string{} : entry->second.what.options.request.url,
       x.node,
       x.phase,
       {},
       x.failures,
       x.last_error});
  }
  return result;
}

} // namespace wsengine::internal
