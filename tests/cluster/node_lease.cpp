// node_lease.cpp: that a node has ended its sessions before anybody may place them elsewhere.

#define CAF_SUITE node_lease

#include "cluster/rules/node_lease.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>
#include <vector>

using namespace wsengine::rules;
using namespace std::chrono_literals;

namespace {

using time_point = std::chrono::steady_clock::time_point;
using duration = lease_terms::duration;

constexpr lease_terms terms{10s, 0.01, 1s};

time_point at(duration since) {
  return time_point{} + since;
}

// A request or a grant on its way, in true time.
struct letter {
  duration arrives;
  // When the node asked, on its own clock.
  time_point asked;
  // Zero for a request.
  std::uint64_t epoch = 0;
};

/// A node and its landlord over true time, with a network between them that delays and loses.
class simulation {
public:
  explicit simulation(unsigned seed)
    : random_(seed),
      // Clocks differ in rate, within what the terms allow, and in what they show.
      rate_(1 - terms.drift * std::uniform_real_distribution<>{0, 1}(random_)),
      offset_(duration{std::chrono::seconds(random_() % 100000)}) {}

  void run() {
    for (duration now{0}; now < 600s; now += 50ms)
      step(now);
  }

  bool shared = false;
  int evictions = 0;
  int fences = 0;

private:
  time_point node_clock(duration now) const {
    return at(offset_
              + duration{static_cast<duration::rep>(static_cast<double>(now.count()) * rate_)});
  }

  void step(duration now) {
    if (random_() % 200 == 0)
      cut_until_ = now + std::chrono::milliseconds(random_() % 30000);
    deliver(now);
    auto local = node_clock(now);
    if (now >= next_ask_) {
      post(now, {now, local, 0});
      next_ask_ = now + 3s;
    }
    // The node ends its sessions as late as it may.
    if (sessions_ && !tenant_.holds(local)) {
      if (!fencing_since_)
        fencing_since_ = local;
      if (local - *fencing_since_ >= terms.fencing - 51ms) {
        sessions_ = false;
        ++fences;
      }
    } else {
      fencing_since_.reset();
      if (tenant_.holds(local))
        sessions_ = true;
    }
    // Whoever grants may also stop, and wait until the node is sure to be free.
    if (random_() % 1000 == 0)
      refusing_ = true;
    // Whoever is free to place the sessions does so at once.
    if (placed_here_ && landlord_.is_free(at(now))) {
      placed_here_ = false;
      ++evictions;
      shared = shared || sessions_;
    }
  }

  void deliver(duration now) {
    for (auto& x : std::exchange(letters_, {})) {
      if (x.arrives > now)
        letters_.push_back(x);
      else if (x.epoch != 0)
        tenant_.granted(x.asked, x.epoch);
      else if (!refusing_ || landlord_.is_free(at(now))) {
        auto epoch = landlord_.grant(at(now));
        refusing_ = false;
        placed_here_ = true;
        post(now, {now, x.asked, epoch});
      }
    }
  }

  void post(duration now, letter what) {
    if (now < cut_until_ && random_() % 4 != 0)
      return;
    what.arrives = now + std::chrono::milliseconds(random_() % (now < cut_until_ ? 20000 : 200));
    letters_.push_back(what);
  }

  std::mt19937 random_;
  double rate_;
  duration offset_;
  lease_tenant tenant_{terms};
  lease_landlord landlord_{terms};
  std::vector<letter> letters_;
  duration cut_until_{0};
  duration next_ask_{0};
  bool sessions_ = false;
  std::optional<time_point> fencing_since_;
  bool placed_here_ = false;
  bool refusing_ = false;
};

} // namespace

CAF_TEST(a lease counts from when it was asked for) {
  lease_tenant uut{terms};
  CAF_CHECK(!uut.holds(at(0s)));
  uut.granted(at(5s), 1);
  CAF_CHECK(uut.holds(at(14899ms)));
  CAF_CHECK(!uut.holds(at(14900ms)));
}

CAF_TEST(an answer that was overtaken shortens nothing) {
  lease_tenant uut{terms};
  uut.granted(at(5s), 1);
  uut.granted(at(2s), 1);
  CAF_CHECK(uut.holds(at(14s)));
  uut.granted(at(1s), 0);
  CAF_CHECK_EQUAL(uut.epoch(), 1U);
}

CAF_TEST(a new epoch replaces the old one) {
  lease_tenant uut{terms};
  uut.granted(at(5s), 1);
  uut.granted(at(3s), 2);
  CAF_CHECK(!uut.holds(at(13s)));
}

CAF_TEST(nobody else may have the sessions before the node is sure to have none) {
  lease_landlord uut{terms};
  CAF_CHECK(uut.is_free(at(0s)));
  CAF_CHECK_EQUAL(uut.grant(at(0s)), 1U);
  CAF_CHECK(!uut.is_free(at(11s)));
  CAF_CHECK(uut.is_free(at(11011ms)));
  CAF_CHECK_EQUAL(uut.grant(at(5s)), 1U);
  CAF_CHECK(!uut.is_free(at(15s)));
  // Renewed in time it is the same lease, afterwards another.
  CAF_CHECK_EQUAL(uut.grant(at(20s)), 2U);
}

CAF_TEST(whatever the network does sessions are never in two places) {
  int evictions = 0;
  int fences = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    simulation uut{seed};
    uut.run();
    if (uut.shared)
      CAF_FAIL("two places, with seed " << seed);
    evictions += uut.evictions;
    fences += uut.fences;
  }
  CAF_MESSAGE(evictions << " times sessions were placed elsewhere, " << fences
                        << " times a node gave them up");
  CAF_CHECK(evictions > 300);
  CAF_CHECK(fences > 300);
}
