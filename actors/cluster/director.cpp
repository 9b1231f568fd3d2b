// director.cpp: see director.hpp.

#include "cluster/director.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <random>
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
  if (ready_ || !(roster_.version < what.roster)) {
    admit(what, whose);
    return whose;
  }
  request(what.member, options_.lease, get_roster_msg{})
    .then(
      [this, what, whose](roster_msg& roster) {
        if (!ready_ && roster_.version < roster.version)
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
  if (ready_ && x.roster != roster_.version)
    send(what.member, roster_.copy());
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
  auto entry = roster_.entries.find(key);
  auto post = board_.posts().find(key);
  if (entry == roster_.entries.end() || post == board_.posts().end()
      || post->second.phase != specification_state::finished
      || std::exchange(entry->second.finished, true))
    return;
  if (ready_)
    tell_all({entry->second}, {}, {});
}

// -- the roster -----------------------------------------------------------------------------------

// Takes over what a member knows from the director before.
void director::learn(roster_msg& what) {
  auto old = std::exchange(roster_.entries, {});
  roster_.replace(what);
  for (const auto& [key, x] : roster_.entries) {
    old.erase(key);
    board_.add(key, x.finished);
  }
  for (const auto& [key, x] : old)
    board_.remove(key);
}

// Tells every member what is new in the roster; `whose` is answered when each knows or is lost.
void director::tell_all(std::vector<roster_entry> entries, std::vector<std::string> removed,
                        promise whose) {
  ++roster_.version.changes;
  auto missing = std::make_shared<std::size_t>(contacts_.size());
  auto told = [missing, whose]() mutable {
    if (--*missing == 0 && whose.pending())
      whose.deliver(caf::unit);
  };
  roster_change_msg what{roster_.version, std::move(entries), std::move(removed)};
  for (const auto& [name, x] : contacts_)
    request(x.handle, options_.lease, what)
      .then([told]() mutable { told(); }, [told](const caf::error&) mutable { told(); });
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
  auto found = std::exchange(roster_.version, {roster_.version.term + 1, 0, any(random)});
  for (const auto& [name, x] : contacts_)
    if (x.roster == found)
      send(x.handle, roster_change_msg{roster_.version, {}, {}});
    else
      send(x.handle, roster_.copy());
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
