// resuming.cpp: that actors on I/O threads take their messages as everywhere else in CAF.

#define CAF_SUITE resuming

#include "real/connection_fixture.hpp"
#include "real/numbers.hpp"

#include "wsengine/host.hpp"

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::numbers;
using tests::patience;
using tests::value_of;

namespace {

// Answers a number only when it is told to, and says when one has come.
class hesitant : public caf::event_based_actor {
public:
  explicit hesitant(caf::actor_config& cfg) : event_based_actor(cfg) {}

  caf::behavior make_behavior() override {
    return {
      [this](int) -> caf::result<int> {
        promise_ = make_response_promise();
        said();
        return promise_;
      },
      [this](caf::get_atom) -> caf::result<void> {
        auto result = wish_ = make_response_promise();
        said();
        return result;
      },
      [this](caf::ok_atom) { std::exchange(promise_, {}).deliver(0); },
    };
  }

  void on_exit() override {
    promise_ = {};
    wish_ = {};
  }

private:
  void said() {
    if (promise_.pending() && wish_.pending())
      std::exchange(wish_, {}).deliver(caf::unit);
  }

  caf::response_promise promise_;
  caf::response_promise wish_;
};

// Notes numbers. When it is given an actor, asks that one, and takes nothing else until it answers.
class collector : public caf::event_based_actor {
public:
  explicit collector(caf::actor_config& cfg) : event_based_actor(cfg) {}

  caf::behavior make_behavior() override {
    return {
      [this](int x) { log_.push_back(x); },
      [this](const caf::actor& whom) {
        request(whom, caf::infinite, 0).await([this](int x) { log_.push_back(x); });
      },
      [this](const numbers& all) {
        for (auto x : all)
          send(this, x);
        // Goes before those that wait, save for the round that is under way.
        send<caf::message_priority::high>(this, -1);
      },
      [this](caf::get_atom) { return log_; },
      [](caf::ok_atom) { throw std::runtime_error("had enough"); },
    };
  }

private:
  numbers log_;
};

// Ends when nothing came for a while, three times in a row.
class patient : public caf::event_based_actor {
public:
  explicit patient(caf::actor_config& cfg) : event_based_actor(cfg) {}

  caf::behavior make_behavior() override {
    return {
      [](int) {},
      caf::after(5ms) >>
        [this] {
          if (++idle_ == 3)
            quit(caf::exit_reason::user_shutdown);
        },
    };
  }

private:
  int idle_ = 0;
};

numbers from_one_to(int last) {
  numbers result(static_cast<std::size_t>(last));
  std::iota(result.begin(), result.end(), 1);
  return result;
}

struct fixture {
  tests::quiet_config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self{sys};
  host io{sys};

  template <class T>
  caf::actor spawn() {
    return io.spawn<T>(io.next_unit());
  }

  numbers log_of(const caf::actor& who) {
    return value_of(tests::get<numbers>(self->request(who, patience, caf::get_atom_v)));
  }

  caf::error end_of(const caf::actor& who) {
    caf::error result;
    self->monitor(who);
    self->receive([&](caf::down_msg& x) { result = std::move(x.reason); },
                  caf::after(patience) >> [] { CAF_FAIL("it still lives"); });
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(resuming_tests, fixture)

CAF_TEST(messages keep their order however many there are) {
  auto who = spawn<collector>();
  auto all = from_one_to(1000);
  for (auto x : all)
    self->send(who, x);
  auto log = log_of(who);
  CAF_CHECK_EQUAL(log, all);
}

CAF_TEST(what an actor cannot take yet waits in its order) {
  auto asked = spawn<hesitant>();
  auto who = spawn<collector>();
  self->send(who, asked);
  auto no_error = tests::get_void(self->request(asked, patience, caf::get_atom_v));
  CAF_REQUIRE(!no_error);
  auto all = from_one_to(100);
  for (auto x : all)
    self->send(who, x);
  // Nothing of it is taken while there is no answer.
  auto log = self->request(who, patience, caf::get_atom_v);
  self->send(asked, caf::ok_atom_v);
  all.insert(all.begin(), 0);
  auto taken = value_of(tests::get<numbers>(std::move(log)));
  CAF_CHECK_EQUAL(taken, all);
}

CAF_TEST(urgent messages overtake others) {
  auto who = spawn<collector>();
  auto all = from_one_to(20);
  self->send(who, all);
  // Asked until all have come: these were sent while the list was taken.
  auto log = log_of(who);
  while (log.size() < all.size() + 1)
    log = log_of(who);
  auto urgent = std::find(log.begin(), log.end(), -1);
  CAF_REQUIRE(urgent != log.end());
  CAF_CHECK(urgent - log.begin() <= 3);
  log.erase(urgent);
  CAF_CHECK_EQUAL(log, all);
}

CAF_TEST(an actor to which nothing comes hears of it) {
  auto who = spawn<patient>();
  self->send(who, 1);
  auto reason = end_of(who);
  CAF_CHECK_EQUAL(reason, caf::error{caf::exit_reason::user_shutdown});
}

CAF_TEST(an exception ends its actor and no other) {
  auto first = spawn<collector>();
  auto second = spawn<collector>();
  self->send(first, caf::ok_atom_v);
  auto reason = end_of(first);
  CAF_CHECK(reason);
  self->send(second, 1);
  auto log = log_of(second);
  CAF_CHECK_EQUAL(log, numbers{1});
}

CAF_TEST_FIXTURE_SCOPE_END()
