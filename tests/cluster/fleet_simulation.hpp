// fleet_simulation.hpp: nodes, a director and the network between them, as the rules of a fleet see
// them: with lost connections, slow networks, dead processes and clocks that drift.

#pragma once

#include "cluster/rules/fleet_board.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::tests {

using namespace rules;
using namespace std::chrono_literals;

using duration = std::chrono::nanoseconds;
using time_point = fleet_board::time_point;

constexpr auto tick = 50ms;
constexpr auto patience = 3s;

// How the rules are broken on purpose, to see that it is noticed.
enum class flaw {
  none,
  // A new director begins at once.
  no_quiet_time,
  // A node goes on without a lease.
  no_fencing,
  // A node obeys whatever the epoch of an order is.
  no_epochs,
};

inline board_terms terms() {
  board_terms result;
  result.lease = {10s, 0.02, 1s};
  result.starts_per_second = 50;
  result.start_burst = 5;
  return result;
}

struct letter {
  enum class kind { enroll, grant, refusal, renew, renewed, start, stop, started, stopped, ended };

  kind what;
  time_point asked{};
  std::uint64_t epoch = 0;
  std::uint64_t ticket = 0;
  std::string key{};
  std::vector<std::string> keys{};
};

/// What a TCP connection does: keeps the order, and either delivers or breaks.
class wire {
public:
  bool is_up = true;

  void send(letter what, duration at) {
    // Nothing overtakes.
    last_ = std::max(last_, at);
    on_its_way_.emplace_back(last_, std::move(what));
  }

  std::optional<letter> receive(duration now) {
    if (!is_up || on_its_way_.empty() || on_its_way_.front().first > now)
      return std::nullopt;
    auto result = std::move(on_its_way_.front().second);
    on_its_way_.pop_front();
    return result;
  }

  void clear() { on_its_way_.clear(); }

private:
  duration last_{0};
  std::deque<std::pair<duration, letter>> on_its_way_;
};

struct session {
  std::optional<duration> dies_at;
  std::uint64_t stop_ticket = 0;
  bool stop_is_awaited = false;
};

/// A node, as `member` of the library does it.
struct node {
  std::string name;
  std::string id;
  double rate = 1;
  duration offset{0};
  bool alive = true;
  bool connected = false;
  // When it notices that its connection is lost.
  std::optional<duration> notices_at;
  std::uint64_t epoch = 0;
  std::uint64_t last_epoch = 0;
  lease_tenant lease{terms().lease};
  // When the next question is due, and until when the last one may be unanswered.
  std::optional<duration> renew_at;
  std::optional<duration> waits_until;
  time_point asked{};
  std::map<std::string, session> sessions;
  wire to_director;
  wire from_director;

  [[nodiscard]] time_point clock(duration now) const {
    return time_point{
      offset + duration{static_cast<duration::rep>(static_cast<double>(now.count()) * rate)}};
  }
};

class fleet_simulation {
public:
  fleet_simulation(unsigned seed, flaw how) : random_(seed), flaw_(how) {
    for (auto name : {"l", "m", "n"}) {
      auto& x = nodes_.emplace_back();
      x.name = name;
      reboot(x);
    }
    for (auto i = 0; i < 12; ++i)
      keys_.push_back("k" + std::to_string(i));
    start_director(0s);
  }

  /// Returns what went wrong; empty when nothing did.
  std::string run() {
    for (; now_ < 240s; now_ += tick) {
      if (now_ < 150s)
        maybe_fault();
      else if (now_ == 150s)
        mend_all();
      for (auto& x : nodes_)
        step(x);
      step_director();
      if (auto twice = live_twice(); !twice.empty())
        return twice;
    }
    return not_live_once();
  }

private:
  // -- faults -------------------------------------------------------------------------------------

  std::uint64_t draw(std::uint64_t below) { return random_() % below; }

  duration draw_time(duration below) {
    return duration{static_cast<duration::rep>(draw(static_cast<std::uint64_t>(below.count())))};
  }

  void maybe_fault() {
    if (draw(60) != 0)
      return;
    auto& x = nodes_[draw(nodes_.size())];
    switch (draw(8)) {
      case 0: reboot(x); break;
      case 1:
        x.alive = false;
        x.sessions.clear();
        cut(x);
        break;
      case 2: cut(x); break;
      case 3: x.to_director.is_up = !x.to_director.is_up; break;
      case 4: x.from_director.is_up = !x.from_director.is_up; break;
      case 5: slow_ = draw_time(6s); break;
      case 6:
        kill_director();
        start_director(draw_time(8s));
        break;
      default:
        if (board_)
          operate(x);
        break;
    }
  }

  void operate(const node& x) {
    if (draw(2) == 0)
      board_->drain(x.name, draw(2) == 0);
    else
      board_->move(keys_[draw(keys_.size())], x.name);
  }

  // Another process of the same name.
  void reboot(node& x) {
    auto name = x.name;
    cut(x);
    x = node{};
    x.name = name;
    x.id = name + std::to_string(++processes_);
    x.rate = 1 - terms().lease.drift * static_cast<double>(draw(1000)) / 1000;
    x.offset = duration{std::chrono::seconds(draw(100000))};
  }

  // Both sides notice some time later.
  void cut(node& x) {
    x.to_director.clear();
    x.from_director.clear();
    if (!std::exchange(x.connected, false))
      return;
    x.notices_at = now_ + draw_time(4s);
    if (board_)
      lost_[x.id] = {now_ + draw_time(4s), x.name};
  }

  void mend_all() {
    slow_ = 0s;
    for (auto& x : nodes_) {
      x.to_director.is_up = x.from_director.is_up = true;
      if (!x.alive)
        reboot(x);
      if (board_)
        board_->drain(x.name, false);
    }
  }

  // -- the director -------------------------------------------------------------------------------

  void start_director(duration later) { director_at_ = now_ + later; }

  void kill_director() {
    board_.reset();
    lost_.clear();
    for (auto& x : nodes_)
      cut(x);
  }

  void step_director() {
    if (!board_ && now_ >= director_at_) {
      lease_landlord other{terms().lease};
      other.grant(time_point{now_});
      auto begin = now_ == 0s || flaw_ == flaw::no_quiet_time ? time_point{now_} : other.free_at();
      board_ = std::make_unique<fleet_board>(terms(), begin);
      for (const auto& x : keys_)
        board_->add(x);
    }
    if (!board_)
      return;
    std::erase_if(lost_, [&](const auto& x) {
      if (now_ < x.second.first)
        return false;
      board_->gone(x.second.second, x.first);
      return true;
    });
    for (auto& x : nodes_)
      while (auto what = x.to_director.receive(now_))
        direct(x, *what);
    for (const auto& order : board_->due(time_point{now_}))
      for (auto& x : nodes_)
        if (x.name == order.node && x.connected)
          reply(x,
                {order.what == board_order::kind::start ? letter::kind::start : letter::kind::stop,
                 {},
                 order.epoch,
                 order.ticket,
                 order.key});
  }

  void direct(node& from, const letter& what) {
    time_point time{now_};
    switch (what.what) {
      case letter::kind::enroll: {
        // The connection of before is lost for the director, too.
        lost_.erase(from.id);
        auto epoch = board_->arrive(from.name, from.id, what.epoch, what.keys, time);
        if (epoch)
          reply(from, {letter::kind::grant, what.asked, *epoch});
        else
          reply(from, {letter::kind::refusal, what.asked});
        break;
      }
      case letter::kind::renew:
        if (board_->renew(from.name, from.id, what.epoch, time))
          reply(from, {letter::kind::renewed, what.asked, what.epoch});
        else
          reply(from, {letter::kind::refusal, what.asked});
        break;
      case letter::kind::started: board_->started(what.key, what.ticket, time); break;
      case letter::kind::stopped: board_->stopped(what.key, what.ticket); break;
      case letter::kind::refusal: board_->failed(what.key, what.ticket, "refused", time); break;
      case letter::kind::ended:
        board_->ended(from.name, what.epoch, what.key, false, "ended", time);
        break;
      default: CAF_FAIL("no letter for a director");
    }
  }

  void reply(node& to, letter what) {
    if (to.connected)
      to.from_director.send(std::move(what), now_ + 1ms + draw_time(slow_ + 100ms));
  }

  // -- a node -------------------------------------------------------------------------------------

  void step(node& x) {
    if (!x.alive)
      return;
    if (x.notices_at && now_ >= *x.notices_at)
      lose_director(x);
    if (!x.notices_at && board_ && x.epoch == 0 && !x.waits_until && draw(10) == 0)
      connect(x);
    while (auto what = x.from_director.receive(now_))
      obey(x, *what);
    // Without an answer it begins anew, over the same connection if there still is one.
    if (x.waits_until && now_ > *x.waits_until)
      be_nobodys(x);
    if (x.renew_at && now_ >= *x.renew_at)
      ask(x, letter::kind::renew);
    if (!x.lease.holds(x.clock(now_)) && flaw_ != flaw::no_fencing)
      fence(x);
    for (auto i = x.sessions.begin(); i != x.sessions.end();)
      i = bury(x, i);
    if (now_ < 150s && draw(2000) == 0 && !x.sessions.empty()
        && !x.sessions.begin()->second.dies_at)
      x.sessions.begin()->second.dies_at = now_;
  }

  std::map<std::string, session>::iterator bury(node& x,
                                                std::map<std::string, session>::iterator i) {
    auto& [key, mine] = *i;
    if (!mine.dies_at || now_ < *mine.dies_at)
      return std::next(i);
    if (mine.stop_is_awaited)
      tell(x, {letter::kind::stopped, {}, 0, mine.stop_ticket, key});
    else if (x.epoch != 0)
      tell(x, {letter::kind::ended, {}, x.epoch, 0, key});
    else
      endings_[x.id].push_back(key);
    return x.sessions.erase(i);
  }

  void lose_director(node& x) {
    cut(x);
    x.notices_at.reset();
    be_nobodys(x);
  }

  static void be_nobodys(node& x) {
    x.epoch = 0;
    x.renew_at.reset();
    x.waits_until.reset();
  }

  void connect(node& x) {
    if (!x.connected && !(x.to_director.is_up && x.from_director.is_up))
      return;
    x.connected = true;
    x.epoch = 0;
    endings_[x.id].clear();
    ask(x, letter::kind::enroll);
  }

  void ask(node& x, letter::kind what) {
    letter question{what, x.clock(now_)};
    x.asked = question.asked;
    x.renew_at.reset();
    x.waits_until = now_ + patience;
    if (what == letter::kind::enroll) {
      question.epoch = x.last_epoch;
      for (const auto& [key, mine] : x.sessions)
        question.keys.push_back(key);
    } else {
      question.epoch = x.epoch;
    }
    tell(x, std::move(question));
  }

  void tell(node& x, letter what) {
    if (x.connected)
      x.to_director.send(std::move(what), now_ + 1ms + draw_time(slow_ + 100ms));
  }

  void obey(node& x, const letter& what) {
    auto is_answer = what.asked == x.asked && x.waits_until;
    switch (what.what) {
      case letter::kind::grant:
        if (!is_answer)
          break;
        x.epoch = x.last_epoch = what.epoch;
        x.lease = lease_tenant{terms().lease};
        leased(x, what);
        for (const auto& key : std::exchange(endings_[x.id], {}))
          tell(x, {letter::kind::ended, {}, x.epoch, 0, key});
        break;
      case letter::kind::renewed:
        if (is_answer)
          leased(x, what);
        break;
      case letter::kind::refusal:
        if (!is_answer)
          break;
        if (x.epoch != 0 && flaw_ != flaw::no_fencing)
          fence(x);
        be_nobodys(x);
        break;
      case letter::kind::start: start(x, what); break;
      case letter::kind::stop: stop(x, what); break;
      default: CAF_FAIL("no letter for a node");
    }
  }

  void leased(node& x, const letter& what) {
    x.lease.granted(what.asked, what.epoch);
    x.waits_until.reset();
    x.renew_at = now_ + 3s;
  }

  bool obeys(const node& x, const letter& what) {
    if (flaw_ == flaw::no_epochs)
      return true;
    return x.epoch != 0 && x.epoch == what.epoch && x.lease.holds(x.clock(now_));
  }

  void start(node& x, const letter& what) {
    if (!obeys(x, what) || x.sessions.count(what.key) > 0) {
      tell(x, {letter::kind::refusal, {}, 0, what.ticket, what.key});
      return;
    }
    x.sessions[what.key];
    tell(x, {letter::kind::started, {}, 0, what.ticket, what.key});
  }

  void stop(node& x, const letter& what) {
    if (!obeys(x, what))
      return;
    auto found = x.sessions.find(what.key);
    if (found == x.sessions.end()) {
      tell(x, {letter::kind::stopped, {}, 0, what.ticket, what.key});
      return;
    }
    found->second.stop_is_awaited = true;
    found->second.stop_ticket = what.ticket;
    if (!found->second.dies_at)
      found->second.dies_at = now_ + draw_time(3s);
  }

  void fence(node& x) {
    for (auto& [key, mine] : x.sessions) {
      // Within the time that is allowed on its own clock, at the granularity of the simulation.
      auto latest = now_ + draw_time(terms().lease.fencing - 2 * tick);
      mine.dies_at = std::min(mine.dies_at.value_or(latest), latest);
    }
  }

  // -- the rule -----------------------------------------------------------------------------------

  std::map<std::string, std::string> places(std::string& twice) const {
    std::map<std::string, std::string> result;
    for (const auto& x : nodes_)
      for (const auto& [key, mine] : x.sessions)
        if (auto [entry, is_new] = result.emplace(key, x.id); !is_new)
          twice = key + " is live on " + entry->second + " and " + x.id + " after "
                  + std::to_string(now_ / 1ms) + " ms";
    return result;
  }

  [[nodiscard]] std::string live_twice() const {
    std::string result;
    places(result);
    return result;
  }

  [[nodiscard]] std::string not_live_once() const {
    std::string result;
    auto where = places(result);
    for (const auto& key : keys_)
      if (where.count(key) == 0)
        result = key + " is live nowhere in the end";
    for (const auto& [key, x] : board_->posts())
      if (x.phase != post_phase::live)
        result = key + " is not live for the director in the end";
    return result;
  }

  std::mt19937_64 random_;
  flaw flaw_;
  duration now_{0};
  duration slow_{0};
  int processes_ = 0;
  std::vector<node> nodes_;
  std::vector<std::string> keys_;
  std::unique_ptr<fleet_board> board_;
  duration director_at_{0};
  // When the director notices that a process is lost.
  std::map<std::string, std::pair<duration, std::string>> lost_;
  std::map<std::string, std::vector<std::string>> endings_;
};

} // namespace wsengine::tests
