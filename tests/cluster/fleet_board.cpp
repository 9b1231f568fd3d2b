// fleet_board.cpp: which key is started and stopped where, and when.

#define CAF_SUITE fleet_board

#include "cluster/rules/fleet_board.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>
#include <vector>

using namespace wsengine::rules;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

struct fixture {
  /// What is to be done now, as "start KEY NODE" and "stop KEY NODE". Orders are kept in `last`.
  strings due() {
    last = board.due(now);
    strings result;
    for (const auto& x : last)
      result.push_back((x.what == board_order::kind::start ? "start " : "stop ") + x.key + ' '
                       + x.node);
    return result;
  }

  /// Carries all out, until there is nothing left. Returns how many orders there were.
  std::size_t settle() {
    std::size_t result = 0;
    while (!due().empty()) {
      result += last.size();
      for (const auto& x : last)
        if (x.what == board_order::kind::start)
          board.started(x.key, x.ticket, now);
        else
          board.stopped(x.key, x.ticket);
    }
    return result;
  }

  std::uint64_t arrive(const std::string& node, const strings& running = {},
                       std::uint64_t last_epoch = 0) {
    auto result = board.arrive(node, "process of " + node, last_epoch, running, now);
    CAF_REQUIRE(result);
    return *result;
  }

  void gone(const std::string& node) { board.gone(node, "process of " + node); }

  bool renew(const std::string& node) {
    auto found = board.members().find(node);
    return found != board.members().end()
           && board.renew(node, "process of " + node, found->second.landlord.epoch(), now);
  }

  [[nodiscard]] const fleet_board::post& post(const std::string& key) const {
    return board.posts().at(key);
  }

  [[nodiscard]] std::string where(const std::string& key) const { return post(key).node; }

  [[nodiscard]] post_phase phase(const std::string& key) const { return post(key).phase; }

  void add(int count) {
    for (auto i = 0; i < count; ++i)
      board.add("k" + std::to_string(i));
  }

  /// A key that fits the first node better.
  static std::string key_for(const std::string& node, const std::string& other) {
    for (auto i = 0;; ++i)
      if (auto key = std::to_string(i); affinity(node, key) > affinity(other, key))
        return key;
  }

  static board_terms terms() {
    board_terms result;
    result.lease = {10s, 0, 1s};
    result.starts_per_second = 1000;
    result.start_burst = 1000;
    return result;
  }

  fleet_board::time_point now{1h};
  fleet_board board{terms(), now};
  std::vector<board_order> last;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(fleet_board_tests, fixture)

CAF_TEST(a key is started once there is a node) {
  board.add("a");
  CAF_CHECK_EQUAL(due(), strings{});
  arrive("n");
  CAF_CHECK_EQUAL(due(), strings{"start a n"});
  CAF_CHECK_EQUAL(due(), strings{});
  CAF_CHECK(phase("a") == post_phase::starting);
  board.started("a", post("a").ticket, now);
  CAF_CHECK(phase("a") == post_phase::live);
}

CAF_TEST(nothing is started while leases of another director may hold) {
  fleet_board quiet{terms(), now + 5s};
  quiet.add("a");
  CAF_REQUIRE(quiet.arrive("n", "p", 0, {}, now));
  CAF_CHECK(quiet.due(now).empty());
  CAF_CHECK(quiet.wake_at() == now + 5s);
  CAF_CHECK_EQUAL(quiet.due(now + 5s).size(), 1U);
}

CAF_TEST(what runs on a node that comes is left where it is) {
  auto key = key_for("m", "n");
  board.add(key);
  arrive("m", {key});
  arrive("n");
  CAF_CHECK_EQUAL(due(), strings{});
  CAF_CHECK_EQUAL(where(key), "m");
  CAF_CHECK(phase(key) == post_phase::live);
}

CAF_TEST(what nobody wants is stopped) {
  arrive("n", {"a"});
  CAF_CHECK_EQUAL(due(), strings{"stop a n"});
  board.stopped("a", last.front().ticket);
  CAF_CHECK(board.posts().empty());
}

CAF_TEST(epochs begin behind the last one of a node) {
  CAF_CHECK_EQUAL(arrive("n", {}, 41), 42U);
  CAF_CHECK_EQUAL(arrive("n", {}, 0), 43U);
}

CAF_TEST(keys of a lost node move when its lease is over and not sooner) {
  add(4);
  arrive("m");
  arrive("n");
  settle();
  auto lost = where("k0");
  auto other = lost == "m" ? "n" : "m";
  gone(lost);
  now += 10s;
  CAF_CHECK(renew(other));
  CAF_CHECK_EQUAL(due(), strings{});
  now += 1001ms;
  CAF_CHECK(settle() > 0);
  for (const auto& [key, x] : board.posts())
    CAF_CHECK_EQUAL(x.node, other);
}

CAF_TEST(a node that comes back in time keeps its keys) {
  add(4);
  arrive("m");
  arrive("n");
  settle();
  gone("m");
  now += 5s;
  renew("n");
  auto keys = board.members().at("m").keys;
  arrive("m", {keys.begin(), keys.end()});
  CAF_CHECK_EQUAL(settle(), 0U);
}

CAF_TEST(what has ended meanwhile on a node that comes back is started again) {
  add(1);
  arrive("n");
  settle();
  gone("n");
  arrive("n");
  CAF_CHECK_EQUAL(due(), strings{"start k0 n"});
}

CAF_TEST(the outcome of an order from before a node was lost means nothing) {
  add(1);
  arrive("n");
  due();
  auto old = last.front();
  gone("n");
  arrive("n");
  due();
  CAF_REQUIRE_EQUAL(last.size(), 1U);
  board.failed("k0", old.ticket, "late", now);
  CAF_CHECK(phase("k0") == post_phase::starting);
  board.started("k0", last.front().ticket, now);
  CAF_CHECK(phase("k0") == post_phase::live);
}

CAF_TEST(a lease that is not renewed is over though the node is there) {
  add(1);
  arrive("m");
  settle();
  now += 11001ms;
  arrive("n");
  CAF_CHECK_EQUAL(due(), strings{"start k0 n"});
  CAF_CHECK(!renew("m"));
}

CAF_TEST(a name is taken until the lease of the other process is over) {
  arrive("n");
  gone("n");
  CAF_CHECK(!board.arrive("n", "another process", 0, {}, now));
  now += 11001ms;
  CAF_CHECK(board.arrive("n", "another process", 0, {}, now));
}

CAF_TEST(a node that drains loses its keys one by one) {
  add(6);
  arrive("m");
  arrive("n");
  settle();
  auto before = board.members().at("m").keys;
  CAF_REQUIRE(!before.empty());
  CAF_CHECK(board.drain("m", true));
  std::size_t moved = 0;
  while (!due().empty()) {
    CAF_REQUIRE_EQUAL(last.size(), 1U);
    auto stop = last.front();
    CAF_CHECK_EQUAL(stop.node, "m");
    // Nothing else while it is on its way.
    CAF_CHECK_EQUAL(due(), strings{});
    board.stopped(stop.key, stop.ticket);
    CAF_CHECK_EQUAL(due(), strings{"start " + stop.key + " n"});
    auto start = last.front();
    CAF_CHECK_EQUAL(due(), strings{});
    board.started(start.key, start.ticket, now);
    ++moved;
  }
  CAF_CHECK_EQUAL(moved, before.size());
  CAF_CHECK(board.is_drained("m"));
  CAF_CHECK_EQUAL(board.members().at("n").keys.size(), 6U);
}

CAF_TEST(the last node keeps its keys though it drains) {
  add(2);
  arrive("n");
  settle();
  board.drain("n", true);
  CAF_CHECK_EQUAL(settle(), 0U);
  CAF_CHECK(!board.has_home());
  arrive("m");
  CAF_CHECK_EQUAL(settle(), 4U);
  CAF_CHECK(board.is_drained("n"));
}

CAF_TEST(a node that has left has no lease to wait for) {
  add(2);
  arrive("n");
  settle();
  board.left("n", "process of n");
  arrive("m");
  CAF_CHECK_EQUAL(settle(), 2U);
}

CAF_TEST(a join takes keys off nodes beyond their bound only) {
  add(100);
  arrive("l");
  arrive("m");
  settle();
  std::map<std::string, std::string> before;
  for (const auto& [key, x] : board.posts())
    before[key] = x.node;
  arrive("n");
  settle();
  for (const auto& [key, x] : board.posts())
    CAF_CHECK(x.node == before[key] || x.node == "n");
  CAF_CHECK(!board.members().at("n").keys.empty());
}

CAF_TEST(a key is moved where somebody wants it) {
  add(2);
  arrive("m");
  arrive("n");
  settle();
  auto other = where("k0") == "m" ? "n" : "m";
  CAF_CHECK(board.move("k0", other));
  CAF_CHECK_EQUAL(settle(), 2U);
  CAF_CHECK_EQUAL(where("k0"), other);
  CAF_CHECK(!board.move("k0", "nowhere"));
  CAF_CHECK(!board.move("nothing", other));
}

CAF_TEST(a removed key is stopped and forgotten) {
  add(1);
  arrive("n");
  settle();
  board.remove("k0");
  CAF_CHECK_EQUAL(due(), strings{"stop k0 n"});
  board.stopped("k0", last.front().ticket);
  CAF_CHECK(board.posts().empty());
}

CAF_TEST(a key that is added again while it stops starts behind that) {
  add(1);
  arrive("n");
  settle();
  board.remove("k0");
  due();
  auto stop = last.front();
  board.add("k0");
  CAF_CHECK_EQUAL(due(), strings{});
  board.stopped("k0", stop.ticket);
  CAF_CHECK_EQUAL(due(), strings{"start k0 n"});
}

CAF_TEST(a key that fails is tried again later and later) {
  add(1);
  arrive("n");
  for (auto delay : {1s, 2s, 4s}) {
    due();
    CAF_REQUIRE_EQUAL(last.size(), 1U);
    board.failed("k0", last.front().ticket, "refused", now);
    CAF_CHECK_EQUAL(post("k0").last_error, "refused");
    CAF_CHECK_EQUAL(due(), strings{});
    CAF_CHECK(board.wake_at() == now + delay);
    now += delay;
    renew("n");
  }
}

CAF_TEST(what its client has ended stays away until it is moved) {
  add(1);
  auto epoch = arrive("n");
  settle();
  board.ended("n", epoch, "k0", true, "exited", now);
  now += 1s;
  CAF_CHECK_EQUAL(due(), strings{});
  CAF_CHECK(phase("k0") == post_phase::finished);
  CAF_CHECK(board.move("k0", "n"));
  CAF_CHECK_EQUAL(due(), strings{"start k0 n"});
}

CAF_TEST(the end of what was live under an old epoch means nothing) {
  add(1);
  auto old = arrive("n");
  settle();
  arrive("n", {"k0"});
  board.ended("n", old, "k0", false, "late", now);
  CAF_CHECK(phase("k0") == post_phase::live);
}

CAF_TEST(starts are as fast as the budget allows) {
  auto slow = terms();
  slow.starts_per_second = 10;
  slow.start_burst = 5;
  fleet_board uut{slow, now};
  for (auto i = 0; i < 20; ++i)
    uut.add("k" + std::to_string(i));
  CAF_REQUIRE(uut.arrive("n", "p", 0, {}, now));
  CAF_CHECK_EQUAL(uut.due(now).size(), 5U);
  CAF_CHECK(uut.wake_at() == now + 100ms);
  CAF_CHECK_EQUAL(uut.due(now + 100ms).size(), 1U);
  CAF_CHECK_EQUAL(uut.due(now + 400ms).size(), 3U);
}

CAF_TEST(what runs on two nodes is stopped on the one that came last) {
  auto key = key_for("m", "n");
  board.add(key);
  arrive("m", {key});
  arrive("n", {key});
  CAF_CHECK_EQUAL(due(), strings{"stop " + key + " n"});
  CAF_CHECK_EQUAL(where(key), "m");
}

CAF_TEST_FIXTURE_SCOPE_END()
