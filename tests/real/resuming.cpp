// resuming.cpp: that actors on I/O threads take their messages as everywhere else in CAF.

#define CAF_SUITE resuming

#include "real/resuming_fixture.hpp"

#include <algorithm>
#include <memory>
#include <utility>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::collector;
using tests::from_one_to;
using tests::hesitant;
using tests::hoarder;
using tests::numbers;
using tests::patience;
using tests::value_of;

namespace {

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

// Asks for numbers all at once and notes which are answered. May live only for that.
class customer : public caf::event_based_actor {
public:
  customer(caf::actor_config& cfg, caf::actor whom, std::shared_ptr<numbers> log, bool stays)
    : event_based_actor(cfg),
      whom_(std::move(whom)),
      log_(std::move(log)),
      stays_(stays) {}

  caf::behavior make_behavior() override {
    return {
      [this](const numbers& all) {
        for (auto x : all)
          request(whom_, caf::infinite, x).then([this, x] { log_->push_back(x); });
        if (!stays_)
          unbecome();
      },
      [this](caf::get_atom) { return *log_; },
    };
  }

  void on_exit() override { whom_ = nullptr; }

private:
  caf::actor whom_;
  std::shared_ptr<numbers> log_;
  bool stays_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(resuming_tests, tests::resuming_fixture)

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

CAF_TEST(requests may be answered in any order) {
  auto log = std::make_shared<numbers>();
  auto whom = spawn<hoarder>(std::size_t{100});
  auto who = spawn<customer>(whom, log, true);
  self->send(who, from_one_to(100));
  auto no_error = tests::get_void(self->request(whom, patience, caf::get_atom_v));
  CAF_REQUIRE(!no_error);
  numbers order;
  for (int i = 0; i < 100; ++i)
    order.push_back(i * 37 % 100 + 1);
  self->send(whom, order);
  auto no_other = tests::get_void(self->request(whom, patience, caf::get_atom_v));
  CAF_REQUIRE(!no_other);
  CAF_CHECK_EQUAL(log_of(who), order);
}

CAF_TEST(an actor without a behavior lives until all is answered) {
  auto log = std::make_shared<numbers>();
  auto whom = spawn<hoarder>(std::size_t{10});
  auto who = spawn<customer>(whom, log, false);
  self->send(who, from_one_to(10));
  auto no_error = tests::get_void(self->request(whom, patience, caf::get_atom_v));
  CAF_REQUIRE(!no_error);
  self->send(whom, from_one_to(10));
  auto reason = end_of(who);
  CAF_CHECK(!reason);
  CAF_CHECK_EQUAL(*log, from_one_to(10));
}

CAF_TEST_FIXTURE_SCOPE_END()
