// fleet_board.hpp: the rules by which a director has specifications run on the nodes of its fleet.

#pragma once

#include "cluster/rules/node_lease.hpp"
#include "cluster/rules/placement.hpp"
#include "rules/token_bucket.hpp"

#include "wsengine/cluster/fleet.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::rules {

/// What a board goes by.
struct board_terms {
  lease_terms lease;
  /// By how much a node may have more than its even share; at least 1.
  double slack = 1.25;
  /// How many sessions are started per second in the long run, and at once after a time without.
  double starts_per_second = 100;
  std::uint32_t start_burst = 10;
  /// How many sessions at a time are on their way from the same node to others.
  std::uint32_t moves_at_once = 1;
  /// How long a specification that failed waits; twice as long each time, up to the second one.
  std::chrono::nanoseconds retry_after = std::chrono::seconds(1);
  std::chrono::nanoseconds retry_cap = std::chrono::seconds(60);
};

/// Where a key is in its life.
using post_phase = cluster::specification_state;

/// Something that a node is to do.
struct board_order {
  enum class kind : std::uint8_t { start, stop };

  kind what;
  /// Names the order in its outcome.
  std::uint64_t ticket;
  std::string node;
  /// A node whose lease has another epoch must not do it.
  std::uint64_t epoch;
  std::string key;
};

/// Knows which key may be live on which node, and says what to do next. Its one promise: no key is
/// started on a node as long as it may be live on another one.
///
/// Knows no clock and sends nothing: its user says what time it is, carries the orders out that
/// `due` returns, and calls it again at `wake_at`.
class fleet_board {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// What is known of a key.
  struct post {
    post_phase phase = post_phase::waiting;
    /// Where it may be live; empty when nowhere.
    std::string node;
    /// The order of which the outcome is awaited.
    std::uint64_t ticket = 0;
    /// The node that it is leaving for another one.
    std::string from;
    bool removed = false;
    std::uint32_t failures = 0;
    time_point retry_at = time_point::min();
    time_point live_since = time_point::min();
    /// Why it last ended or could not be started.
    std::string last_error;
  };

  /// What is known of a node.
  struct member {
    /// Tells processes apart that have had the same name.
    std::string id;
    bool connected = true;
    bool draining = false;
    lease_landlord landlord;
    std::set<std::string> keys;
    std::uint32_t moves = 0;
  };

  /// Starts nothing before `quiet_until`: until then leases may hold that somebody else has
  /// granted.
  fleet_board(const board_terms& terms, time_point quiet_until);

  // -- specifications -----------------------------------------------------------------------------

  /// There is one more key. One that was removed and is not gone yet is back. `finished` when its
  /// client has ended it before.
  void add(const std::string& key, bool finished = false);

  /// The key is to run no more. It is known until it is stopped.
  void remove(const std::string& key);

  [[nodiscard]] const std::map<std::string, post>& posts() const noexcept { return posts_; }

  // -- nodes --------------------------------------------------------------------------------------

  /// A node has come, or come back, and says which keys run there and what its last epoch was.
  /// Grants it a lease and returns the epoch. None when the name belongs to another process that
  /// may have sessions live.
  std::optional<std::uint64_t> arrive(const std::string& node, const std::string& id,
                                      std::uint64_t last_epoch,
                                      const std::vector<std::string>& running, time_point now);

  /// Grants the lease again. When false, the node has lost it and must arrive anew.
  bool renew(const std::string& node, const std::string& id, std::uint64_t epoch, time_point now);

  /// The node cannot be reached any more. Its keys stay its own until its lease is over.
  void gone(const std::string& node, const std::string& id);

  /// The node has ended all of its sessions, and comes no more.
  void left(const std::string& node, const std::string& id);

  /// The node is to have no keys any more, or may have some again. False when there is no such
  /// node.
  bool drain(const std::string& node, bool draining);

  /// Whether a node that drains has got rid of all keys, or there is none to take them.
  [[nodiscard]] bool is_drained(const std::string& node) const;

  /// Whether there is a node that may have keys.
  [[nodiscard]] bool has_home() const;

  /// The key is to run on that node from now on. False when there is no such key, or no such node
  /// that may have keys.
  bool move(const std::string& key, const std::string& node);

  [[nodiscard]] const std::map<std::string, member>& members() const noexcept { return members_; }

  // -- outcomes -----------------------------------------------------------------------------------

  /// A start has opened a session.
  void started(const std::string& key, std::uint64_t ticket, time_point now);

  /// A start was in vain: nothing runs there.
  void failed(const std::string& key, std::uint64_t ticket, const std::string& why, time_point now);

  /// A stop is done: nothing runs there any more.
  void stopped(const std::string& key, std::uint64_t ticket);

  /// The client of a key has ended it, as its node tells when it comes back.
  void finished(const std::string& key);

  /// What was live on the node has ended by itself, because its client wanted it to (`finished`) or
  /// for another reason.
  void ended(const std::string& node, std::uint64_t epoch, const std::string& key, bool finished,
             const std::string& why, time_point now);

  // -- what to do ---------------------------------------------------------------------------------

  /// What is to be done now. Each order is returned once.
  [[nodiscard]] std::vector<board_order> due(time_point now);

  /// When `due` has something new without another call before; `max` when never.
  [[nodiscard]] time_point wake_at() const noexcept { return wake_at_; }

private:
  using post_entry = std::pair<const std::string, post>;

  void end_leases(time_point now);
  void forget(const std::string& node);
  void find_homes();
  void stop_some(std::vector<board_order>& into);
  [[nodiscard]] bool must_wait_to_stop(const post_entry& x) const;
  [[nodiscard]] bool is_misplaced(const post_entry& x) const;
  void start_some(time_point now, std::vector<board_order>& into);

  board_order order(board_order::kind what, post_entry& whose);
  post_entry* awaiting(const std::string& key, std::uint64_t ticket);
  void adopt(const std::string& node, member& by, const std::string& key);
  void vacate(post_entry& whose);
  void end_move(post& what);
  void failed_once(post& what, const std::string& why, time_point now);
  void enqueue(const post_entry& x);
  void dequeue(const post_entry& x);
  void wake_by(time_point when);

  board_terms terms_;
  time_point quiet_until_;
  token_bucket starts_;
  std::map<std::string, post> posts_;
  std::map<std::string, member> members_;
  placement homes_;
  bool homes_are_old_ = false;
  // Keys that wait; those that move come first, whose first is false.
  std::set<std::pair<bool, std::string>> waiting_;
  // Keys that may be in the wrong place.
  std::set<std::string> misplaced_;
  // Nodes and keys that run there though they are live elsewhere.
  std::set<std::pair<std::string, std::string>> strays_;
  std::uint64_t last_ticket_ = 0;
  time_point wake_at_ = time_point::max();
};

} // namespace wsengine::rules
