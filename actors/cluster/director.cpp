// director.cpp: see director.hpp.

#include "cluster/director.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace wsengine::internal {

using namespace cluster;

namespace {

using time_point = rules::fleet_board::time_point;

rules::board_terms terms_of(const director_options& from) {
  rules::board_terms result;
  result.lease = {from.lease, from.drift, from.fencing};
  result.slack = from.slack;
  result.starts_per_second = from.starts_per_second;
  result.start_burst = from.start_burst;
  result.moves_at_once = from.moves_at_once;
  result.retry_after = from.retry_after;
  result.retry_cap = from.retry_cap;
  return result;
}

// When leases that somebody else has granted before `now` are over, and what ran under them.
time_point quiet_end(const director_options& from, time_point now) {
  if (from.is_first)
    return now;
  rules::lease_landlord other{terms_of(from).lease};
  other.grant(now);
  return other.free_at();
}

// Whether a member has said that, and not CAF that the member cannot say anything.
bool is_answer(const caf::error& cause) {
  return compat::belongs_to<cluster_errc>(cause) || is(cause, engine_errc::exited);
}

specification_state state_of(rules::post_phase phase) {
  switch (phase) {
    case rules::post_phase::waiting: return specification_state::waiting;
    case rules::post_phase::starting: return specification_state::starting;
    case rules::post_phase::live: return specification_state::live;
    case rules::post_phase::stopping: return specification_state::stopping;
    case rules::post_phase::finished: return specification_state::finished;
  }
  return specification_state::waiting;
}

} // namespace

// -- the actor ------------------------------------------------------------------------------------

director::director(caf::actor_config& cfg, const director_options& options)
  : director_self::base(cfg),
    options_(options),
    quiet_until_(quiet_end(options, now())),
    board_(terms_of(options), quiet_until_) {
  set_down_handler([this](const caf::down_msg& what) { handle_down(what); });
  set_error_handler([](const caf::error&) {});
}

director::behavior_type director::make_behavior() {
  act();
  return {
    [this](add_specifications_msg& what) {
      return once_ready([this, what = std::move(what.what)](promise whose) mutable {
        add(what, std::move(whose));
      });
    },
    [this](remove_specifications_msg& what) {
      return once_ready(
        [this, keys = std::move(what.keys)](promise whose) { remove(keys, std::move(whose)); });
    },
    [this](drain_node_msg& what) {
      return once_ready(
        [this, node = std::move(what.node)](promise whose) { drain(node, std::move(whose)); });
    },
    [this](admit_node_msg& what) {
      return once_ready(
        [this, node = std::move(what.node)](promise whose) { readmit(node, std::move(whose)); });
    },
    [this](move_specification_msg& what) {
      return once_ready([this, what = std::move(what)](promise whose) {
        move(what.key, what.node, std::move(whose));
      });
    },
    [this](const fleet_status_msg&) { return status(); },
    [this](const enroll_msg& what) { return enroll(what); },
    [this](const renew_lease_msg& what) { return renew(what); },
    [this](const key_ended_msg& what) { ended(what); },
    [this](const leaving_msg& what) { return leave(what); },
    [this](const left_msg& what) {
      board_.left(what.who.node, what.who.process);
      act();
    },
    [this](const look_again&) {
      next_look_ = time_point::max();
      act();
    },
  };
}

void director::on_exit() {
  auto lost = make_error(cluster_errc::node_lost, "the director has ended");
  for (auto& x : std::exchange(awaited_, {}))
    x.whose.deliver(lost);
  for (auto& [what, whose] : std::exchange(later_, {}))
    whose.deliver(lost);
  contacts_.clear();
}

// What needs to know where everything is waits until that is sure.
caf::result<void> director::once_ready(std::function<void(promise)> what) {
  auto whose = make_response_promise();
  if (ready_)
    what(whose);
  else
    later_.emplace_back(std::move(what), whose);
  return whose;
}

// -- members --------------------------------------------------------------------------------------

caf::result<lease_grant> director::enroll(const enroll_msg& what) {
  auto whose = make_response_promise();
  // Once a director has its own roster, that of a node that was away is out of date.
  if (ready_ || !(version_ < what.roster)) {
    admit(what, whose);
    return whose;
  }
  request(what.member, options_.lease, get_roster_msg{})
    .then(
      [this, what, whose](roster_msg& roster) {
        if (!ready_ && version_ < roster.version)
          learn(roster);
        admit(what, whose);
      },
      [whose](caf::error& cause) mutable { whose.deliver(std::move(cause)); });
  return whose;
}

void director::admit(const enroll_msg& what, promise whose) {
  const auto& who = what.who;
  auto epoch = board_.arrive(who.node, who.process, what.last_epoch, what.running, now());
  if (!epoch) {
    whose.deliver(make_error(cluster_errc::name_taken,
                             "another node '" + who.node + "' may still have sessions"));
    return;
  }
  if (what.draining)
    board_.drain(who.node, true);
  for (const auto& key : what.finished) {
    board_.finished(key);
    note_finished(key);
  }
  auto& x = contacts_[who.node];
  if (x.handle != what.member) {
    x = contact{who.process, what.member, {}, {}};
    monitor(what.member);
  }
  x.roster = what.roster;
  x.vitals = what.vitals;
  // One that was away for a moment need not be told all again.
  if (ready_ && x.roster != version_)
    send(what.member, copy_roster());
  whose.deliver(grant_for(who.node, *epoch));
  act();
}

lease_grant director::grant_for(const std::string& node, std::uint64_t epoch) const {
  auto found = board_.members().find(node);
  return {epoch, options_.lease, options_.drift, options_.fencing,
          found != board_.members().end() && found->second.draining};
}

caf::result<lease_grant> director::renew(const renew_lease_msg& what) {
  if (!board_.renew(what.who.node, what.who.process, what.epoch, now()))
    return make_error(cluster_errc::not_leased, "the lease is over");
  if (auto found = contacts_.find(what.who.node); found != contacts_.end())
    found->second.vitals = what.vitals;
  return grant_for(what.who.node, what.epoch);
}

caf::result<void> director::leave(const leaving_msg& what) {
  auto whose = make_response_promise();
  const auto& node = what.who.node;
  board_.drain(node, true);
  awaited_.push_back(
    {[this, node] { return board_.is_drained(node) || !board_.has_home(); }, whose});
  act();
  return whose;
}

void director::handle_down(const caf::down_msg& what) {
  auto found = std::find_if(contacts_.begin(), contacts_.end(), [&](const auto& x) {
    return x.second.handle.address() == what.source;
  });
  if (found == contacts_.end())
    return;
  board_.gone(found->first, found->second.process);
  contacts_.erase(found);
  act();
}

void director::ended(const key_ended_msg& what) {
  board_.ended(what.who.node, what.epoch, what.key, what.finished, what.why, now());
  note_finished(what.key);
  act();
}

// Lets all members know if a client has ended that, so that no other director begins it again.
void director::note_finished(const std::string& key) {
  auto entry = roster_.find(key);
  auto post = board_.posts().find(key);
  if (entry == roster_.end() || post == board_.posts().end()
      || post->second.phase != rules::post_phase::finished
      || std::exchange(entry->second.finished, true))
    return;
  if (ready_)
    tell_all({entry->second}, {}, {});
}

// -- the roster -----------------------------------------------------------------------------------

// Takes over what a member knows from the director before.
void director::learn(roster_msg& what) {
  version_ = what.version;
  auto old = std::exchange(roster_, {});
  for (auto& x : what.entries) {
    auto key = x.what.key;
    old.erase(key);
    board_.add(key, x.finished);
    roster_.emplace(std::move(key), std::move(x));
  }
  for (const auto& [key, x] : old)
    board_.remove(key);
}

roster_msg director::copy_roster() const {
  roster_msg result{version_, {}};
  result.entries.reserve(roster_.size());
  for (const auto& [key, x] : roster_)
    result.entries.push_back(x);
  return result;
}

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
    auto& entry = roster_[x.key];
    entry.what = std::move(x);
    entries.push_back(entry);
    board_.add(entry.what.key);
  }
  tell_all(std::move(entries), {}, whose);
  act();
}

void director::remove(const std::vector<std::string>& keys, promise whose) {
  for (const auto& x : keys)
    if (roster_.count(x) == 0) {
      whose.deliver(make_error(cluster_errc::no_such_key, "there is no specification '" + x + "'"));
      return;
    }
  for (const auto& x : keys) {
    roster_.erase(x);
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

// Tells every member what is new in the roster; `whose` is answered when each knows or is lost.
void director::tell_all(std::vector<roster_entry> entries, std::vector<std::string> removed,
                        promise whose) {
  ++version_.changes;
  auto missing = std::make_shared<std::size_t>(contacts_.size());
  auto told = [missing, whose]() mutable {
    if (--*missing == 0 && whose.pending())
      whose.deliver(caf::unit);
  };
  roster_change_msg what{version_, std::move(entries), std::move(removed)};
  for (const auto& [name, x] : contacts_)
    request(x.handle, options_.lease, what)
      .then([told]() mutable { told(); }, [told](const caf::error&) mutable { told(); });
}

// -- what operators want --------------------------------------------------------------------------

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
  auto entry = roster_.find(key);
  if (entry == roster_.end()) {
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
    auto entry = roster_.find(key);
    result.sessions.push_back(
      {key,
       entry == roster_.end() ? std::string{} : entry->second.what.options.request.url,
       x.node,
       state_of(x.phase),
       {},
       x.failures,
       x.last_error});
  }
  return result;
}

// -- doing ----------------------------------------------------------------------------------------

time_point director::now() const {
  return home_system().clock().now();
}

void director::act() {
  auto time = now();
  auto begins = !ready_ && time >= quiet_until_;
  if (begins)
    begin();
  for (const auto& x : board_.due(time))
    carry_out(x);
  answer_awaited();
  wake_at(board_.wake_at());
  // Each of them acts by itself, and so must come behind the orders from before.
  if (begins)
    for (auto& [what, whose] : std::exchange(later_, {}))
      what(std::move(whose));
}

// Makes the roster that it has found its own. Members have to know what they are told to start.
void director::begin() {
  ready_ = true;
  std::random_device random;
  std::uniform_int_distribution<std::uint64_t> any;
  auto found = std::exchange(version_, {version_.term + 1, 0, any(random)});
  for (const auto& [name, x] : contacts_)
    if (x.roster == found)
      send(x.handle, roster_change_msg{version_, {}, {}});
    else
      send(x.handle, copy_roster());
}

void director::carry_out(const rules::board_order& what) {
  auto found = contacts_.find(what.node);
  if (found == contacts_.end())
    return;
  const auto& to = found->second.handle;
  if (what.what == rules::board_order::kind::start) {
    request(to, caf::infinite, start_key_msg{what.epoch, what.key})
      .then(
        [this, what] {
          board_.started(what.key, what.ticket, now());
          act();
        },
        [this, what](const caf::error& cause) { start_failed(what, cause); });
    return;
  }
  request(to, caf::infinite, stop_key_msg{what.epoch, what.key})
    .then(
      [this, what] {
        board_.stopped(what.key, what.ticket);
        act();
      },
      // The node is lost, or has another lease by now: the board will hear what became of it.
      [](const caf::error&) {});
}

void director::start_failed(const rules::board_order& what, const caf::error& cause) {
  // Nobody knows what became of it on a node that is lost.
  if (!is_answer(cause))
    return;
  board_.failed(what.key, what.ticket, describe(cause), now());
  if (is(cause, engine_errc::exited)) {
    board_.finished(what.key);
    note_finished(what.key);
  }
  act();
}

void director::answer_awaited() {
  // Those who are answered may ask for more at once.
  auto waiting = std::exchange(awaited_, {});
  for (auto& x : waiting)
    if (x.is_done())
      x.whose.deliver(caf::unit);
    else
      awaited_.push_back(std::move(x));
}

void director::wake_at(time_point when) {
  if (when == time_point::max() || when >= next_look_)
    return;
  next_look_ = when;
  delayed_send(this, std::max(timespan::zero(), timespan{when - now()}), look_again{});
}

} // namespace wsengine::internal

// -- the public side ------------------------------------------------------------------------------

namespace wsengine::cluster {

caf::expected<director_actor> spawn_director(caf::actor_system& system,
                                             const director_options& options) {
  if (auto problems = validate(options); !problems.empty())
    return make_error(cluster_errc::invalid_options, text_of(to_error(problems)));
  return caf::actor_cast<director_actor>(system.spawn<internal::director>(options));
}

} // namespace wsengine::cluster
