// member.cpp: see member.hpp.

#include "cluster/member.hpp"

#include "cluster/vital_signs.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace wsengine::internal {

using namespace cluster;

member::member(caf::actor_config& cfg, member_options options)
  : member_self::base(cfg),
    options_(std::move(options)),
    who_{options_.name, to_string(address())} {
  set_down_handler([this](const caf::down_msg& what) { handle_down(what); });
  set_error_handler([](const caf::error&) {});
}

member::behavior_type member::make_behavior() {
  seek();
  return {
    [this](const get_roster_msg&) { return roster_.copy(); },
    [this](roster_msg& what) { roster_.replace(what); },
    [this](roster_change_msg& what) { roster_.update(what); },
    [this](const start_key_msg& what) { return start(what); },
    [this](const stop_key_msg& what) { return stop(what); },
    [this](const member_sessions_msg&) { return sessions(); },
    [this](const leave_fleet_msg&) { return leave(); },
    [this](const seek_again&) { seek(); },
    [this](const renewal_due& what) {
      if (what.epoch == epoch_)
        renew();
    },
    [this](const lease_check&) { check_lease(); },
  };
}

void member::on_exit() {
  auto ended = make_error(cluster_errc::node_lost, "the member has ended");
  for (auto& [key, x] : std::exchange(runs_, {})) {
    compat::send_exit(x.engine, caf::exit_reason::user_shutdown);
    if (x.started.pending())
      x.started.deliver(ended);
    for (auto& who : x.stoppers)
      who.deliver(ended);
  }
  for (auto& x : std::exchange(leavers_, {}))
    x.deliver(ended);
  options_ = {};
  director_ = nullptr;
}

// -- the director ---------------------------------------------------------------------------------

void member::seek() {
  if (director_ || is_ending_)
    return;
  request(options_.finder, caf::infinite, find_director_msg{})
    .then(
      [this](const director_actor& found) {
        if (director_ || is_ending_)
          return;
        director_ = found;
        monitor(director_);
        enroll();
      },
      [this](const caf::error&) { seek_later(); });
}

void member::seek_later() {
  delayed_send(this, options_.retry, seek_again{});
}

void member::enroll() {
  // Orders that are under way are older than what we tell now, and must not be obeyed.
  epoch_ = 0;
  endings_.clear();
  auto asked = now();
  enroll_msg what;
  what.who = who_;
  what.member = caf::actor_cast<member_actor>(ctrl());
  what.last_epoch = last_epoch_;
  what.draining = draining_;
  what.roster = roster_.version;
  what.vitals = {load_per_processor(), resident_bytes()};
  for (const auto& [key, x] : runs_)
    what.running.push_back(key);
  what.finished.assign(finished_.begin(), finished_.end());
  auto attempt = ++attempt_;
  request(director_, options_.patience, std::move(what))
    .then(
      [this, asked, attempt](const lease_grant& grant) {
        if (attempt == attempt_)
          enrolled(asked, grant);
      },
      [this, attempt](const caf::error&) {
        if (attempt == attempt_)
          lose_director();
      });
}

void member::enrolled(time_point asked, const lease_grant& what) {
  epoch_ = what.epoch;
  last_epoch_ = what.epoch;
  lease_ = rules::lease_tenant{{what.length, what.drift, what.fencing}};
  granted(asked, what);
  for (const auto& [key, cause] : std::exchange(endings_, {}))
    tell_ended(key, cause);
  for (const auto& key : std::set<std::string>{finished_})
    tell_ended(key, engine_errc::exited);
}

void member::granted(time_point asked, const lease_grant& what) {
  lease_.granted(asked, what.epoch);
  draining_ = what.draining;
  auto until = lease_.ends_at();
  delayed_send(this, std::max(timespan::zero(), timespan{until - now()}), lease_check{});
  // Twice in vain, and there is still time to find the director anew.
  delayed_send(this, std::max(timespan::zero(), timespan{asked + (until - asked) / 3 - now()}),
               renewal_due{epoch_});
}

void member::renew() {
  auto asked = now();
  auto attempt = attempt_;
  request(director_, options_.patience,
          renew_lease_msg{who_, epoch_, {load_per_processor(), resident_bytes()}})
    .then(
      [this, asked, attempt](const lease_grant& grant) {
        if (attempt == attempt_ && grant.epoch == epoch_)
          granted(asked, grant);
      },
      [this, attempt](const caf::error& cause) {
        if (attempt != attempt_)
          return;
        if (is(cause, cluster_errc::not_leased))
          fence();
        lose_director();
      });
}

void member::lose_director() {
  if (director_)
    demonitor(director_.address());
  director_ = nullptr;
  epoch_ = 0;
  ++attempt_;
  if (is_leaving_)
    end_all();
  else
    seek_later();
}

void member::handle_down(const caf::down_msg& what) {
  if (director_ && director_.address() == what.source) {
    lose_director();
    return;
  }
  auto found = std::find_if(runs_.begin(), runs_.end(), [&](const auto& x) {
    return x.second.engine && x.second.engine.address() == what.source;
  });
  if (found == runs_.end())
    return;
  auto dead = runs_.extract(found);
  if (!dead.mapped().cause)
    dead.mapped().cause = what.reason;
  buried(dead.key(), std::move(dead.mapped()));
}

// -- the lease ------------------------------------------------------------------------------------

member::time_point member::now() const {
  return clock().now();
}

bool member::obeys(std::uint64_t epoch) const {
  return epoch_ != 0 && epoch == epoch_ && lease_.holds(now());
}

void member::check_lease() {
  if (lease_.holds(now()))
    return;
  fence();
  if (epoch_ != 0)
    lose_director();
}

// Somebody else may have our sessions soon.
void member::fence() {
  for (auto& [key, x] : runs_) {
    x.is_fenced = true;
    compat::send_exit(x.engine, caf::exit_reason::user_shutdown);
  }
}

// -- engines --------------------------------------------------------------------------------------

caf::result<void> member::start(const start_key_msg& what) {
  if (!obeys(what.epoch))
    return make_error(cluster_errc::not_leased, "the node has another lease");
  if (is_ending_)
    return make_error(cluster_errc::draining, "the node is about to leave");
  auto entry = roster_.entries.find(what.key);
  if (entry == roster_.entries.end())
    return make_error(cluster_errc::no_such_key, "'" + what.key + "' is not in the roster");
  auto [mine, is_new] = runs_.try_emplace(what.key);
  if (!is_new)
    return make_error(cluster_errc::name_taken, "'" + what.key + "' is still ending here");
  finished_.erase(what.key);
  auto& x = mine->second;
  x.number = ++last_run_;
  x.started = make_response_promise();
  const auto& spec = entry->second.what;
  auto number = x.number;
  request(options_.node, caf::infinite,
          spawn_engine_msg{spec.key, spec.options, {{}, {}, spec.client_type}})
    .then(
      [this, key = spec.key, number](const engine_actor& engine) { spawned(key, number, engine); },
      [this, key = spec.key, number](caf::error& cause) {
        if (!find(key, number))
          return;
        auto failed = runs_.extract(key);
        failed.mapped().cause = std::move(cause);
        buried(key, std::move(failed.mapped()));
      });
  return x.started;
}

member::run* member::find(const std::string& key, std::uint64_t number) {
  auto found = runs_.find(key);
  return found == runs_.end() || found->second.number != number ? nullptr : &found->second;
}

void member::spawned(const std::string& key, std::uint64_t number, const engine_actor& engine) {
  auto* found = find(key, number);
  if (!found) {
    compat::send_exit(engine, caf::exit_reason::user_shutdown);
    return;
  }
  found->engine = engine;
  monitor(engine);
  if (found->is_fenced) {
    compat::send_exit(engine, caf::exit_reason::user_shutdown);
    return;
  }
  if (found->is_ending) {
    drop(key, *found);
    return;
  }
  request(engine, caf::infinite, start_msg{})
    .then([this, key, number](const session&) { opened(key, number); },
          [this, key, number](caf::error& cause) { end(key, number, std::move(cause)); });
}

void member::opened(const std::string& key, std::uint64_t number) {
  auto* found = find(key, number);
  if (!found)
    return;
  found->started.deliver(caf::unit);
  request(found->engine, caf::infinite, wait_stopped_msg{})
    .then([this, key, number](stop_report& how) { end(key, number, std::move(how.reason)); },
          [](const caf::error&) {
            // It is dead, which `handle_down` is told, too.
          });
}

// It has stopped by itself.
void member::end(const std::string& key, std::uint64_t number, caf::error cause) {
  auto* found = find(key, number);
  if (!found || found->is_ending || found->is_fenced)
    return;
  found->cause = std::move(cause);
  drop(key, *found);
}

caf::result<void> member::stop(const stop_key_msg& what) {
  if (!obeys(what.epoch))
    return make_error(cluster_errc::not_leased, "the node has another lease");
  auto found = runs_.find(what.key);
  if (found == runs_.end())
    return caf::unit;
  auto& x = found->second;
  auto whose = x.stoppers.emplace_back(make_response_promise());
  if (!x.is_ending)
    drop(what.key, x);
  return whose;
}

// Closes its session properly. It is over when its engine is dead.
void member::drop(const std::string& key, run& what) {
  what.is_ending = true;
  if (what.engine)
    request(options_.node, caf::infinite, drop_engine_msg{key})
      .then([] {}, [](const caf::error&) {});
}

// The director must know that we say it, and not CAF of us.
caf::error member::why_not_started(const run& what) {
  if (what.is_fenced)
    return make_error(cluster_errc::not_leased, "the lease is over");
  if (is(what.cause, engine_errc::exited))
    return what.cause;
  return make_error(cluster_errc::start_failed, describe(what.cause));
}

// Nothing of it is left.
void member::buried(const std::string& key, run what) {
  auto was_stopped = !what.stoppers.empty() || is_ending_;
  if (what.started.pending()) {
    what.started.deliver(why_not_started(what));
  } else if (!was_stopped) {
    tell_ended(key, what.cause);
  }
  for (auto& x : what.stoppers)
    x.deliver(caf::unit);
  look_whether_left();
}

void member::tell_ended(const std::string& key, const caf::error& cause) {
  auto finished = is(cause, engine_errc::exited);
  if (finished)
    finished_.insert(key);
  if (epoch_ == 0) {
    endings_[key] = cause;
    return;
  }
  request(director_, caf::infinite, key_ended_msg{who_, epoch_, key, finished, describe(cause)})
    .then([this, key] { finished_.erase(key); }, [](const caf::error&) {});
}

caf::result<std::vector<member_session>> member::sessions() {
  struct survey {
    std::vector<member_session> result;
    std::size_t missing = 1;
    promise whose;
  };
  auto what = std::make_shared<survey>();
  what->whose = make_response_promise();
  auto counted = [what] {
    if (--what->missing == 0)
      what->whose.deliver(std::move(what->result));
  };
  for (const auto& [name, x] : runs_)
    if (x.engine) {
      ++what->missing;
      request(x.engine, std::chrono::seconds(1), status_msg{})
        .then(
          [what, counted, key = name](const engine_status& how) {
            what->result.push_back({key, how.state});
            counted();
          },
          [counted](const caf::error&) { counted(); });
    }
  auto whose = what->whose;
  counted();
  return whose;
}

// -- leaving --------------------------------------------------------------------------------------

caf::result<void> member::leave() {
  auto whose = leavers_.emplace_back(make_response_promise());
  if (std::exchange(is_leaving_, true)) {
    look_whether_left();
  } else if (epoch_ == 0) {
    end_all();
  } else {
    request(director_, caf::infinite, leaving_msg{who_})
      .then([this] { end_all(); }, [this](const caf::error&) { end_all(); });
  }
  return whose;
}

// Stops what could not be moved elsewhere.
void member::end_all() {
  if (std::exchange(is_ending_, true))
    return;
  for (auto& [key, x] : runs_)
    if (!x.is_ending && !x.is_fenced)
      drop(key, x);
  look_whether_left();
}

void member::look_whether_left() {
  if (!is_ending_ || !runs_.empty())
    return;
  if (director_)
    send(director_, left_msg{who_});
  for (auto& x : std::exchange(leavers_, {}))
    x.deliver(caf::unit);
}

} // namespace wsengine::internal

namespace wsengine::cluster {

member_actor spawn_member(caf::actor_system& system, member_options options) {
  return caf::actor_cast<member_actor>(system.spawn<internal::member>(std::move(options)));
}

} // namespace wsengine::cluster
