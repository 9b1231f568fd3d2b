// resuming.cpp: that actors on I/O threads take their messages as everywhere else in CAF.

#define CAF_SUITE resuming

#include "direct_line.hpp"
#include "real/connection_fixture.hpp"
#include "real/numbers.hpp"

#include "wsengine/host.hpp"

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <cstdlib>
#include <memory>
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

// Has numbers answered by an actor on its thread, one after the other, and says how: a number that
// was answered without a message by itself, else negated, and zero for an error.
class asker : public hosted<caf::event_based_actor> {
public:
  asker(caf::actor_config& cfg, const caf::actor& whom)
    : hosted(cfg),
      line_(caf::actor_cast<caf::strong_actor_ptr>(whom), unit()) {}

  caf::behavior make_behavior() override {
    answered_ = {
      [this] { note(-left_.front()); },
      [this](const caf::error&) { note(0); },
    };
    return {
      [this](const numbers& all) -> caf::result<numbers> {
        promise_ = make_response_promise();
        left_ = all;
        go_on();
        return promise_;
      },
    };
  }

  void on_exit() override {
    line_.close();
    promise_ = {};
  }

private:
  void go_on() {
    while (!left_.empty() && line_.ask(*this, left_.front(), answered_))
      take(left_.front());
    line_.rest();
    if (left_.empty())
      promise_.deliver(log_);
  }

  void note(int how) {
    take(how);
    go_on();
  }

  void take(int how) {
    log_.push_back(how);
    left_.erase(left_.begin());
  }

  internal::direct_line<int> line_;
  caf::behavior answered_;
  numbers left_;
  numbers log_;
  caf::response_promise promise_;
};

// Takes even numbers and no odd ones, and ends at 13.
class picky : public caf::event_based_actor {
public:
  explicit picky(caf::actor_config& cfg) : event_based_actor(cfg) {}

  caf::behavior make_behavior() override {
    return {
      [](int x) -> caf::result<void> {
        if (x == 13)
          throw std::runtime_error("unlucky");
        if (x % 2 != 0)
          return caf::make_error(caf::sec::invalid_argument);
        return caf::unit;
      },
      [](caf::get_atom) { return numbers{}; },
    };
  }
};

// Notes numbers, and that another actor has them.
class relay : public caf::event_based_actor {
public:
  relay(caf::actor_config& cfg, caf::actor next, std::shared_ptr<numbers> log, int sign)
    : event_based_actor(cfg),
      next_(std::move(next)),
      log_(std::move(log)),
      sign_(sign) {}

  caf::behavior make_behavior() override {
    return {
      [this](int x) {
        log_->push_back(sign_ * x);
        if (next_)
          send(next_, x);
      },
      [](caf::get_atom) { return numbers{}; },
    };
  }

  void on_exit() override { next_ = nullptr; }

private:
  caf::actor next_;
  std::shared_ptr<numbers> log_;
  int sign_;
};

// Takes no number before it is told to.
class late_riser : public caf::event_based_actor {
public:
  explicit late_riser(caf::actor_config& cfg) : event_based_actor(cfg) {
    set_default_handler(caf::skip);
  }

  caf::behavior make_behavior() override {
    return {
      [this](caf::ok_atom) { become([](int) {}); },
      [](caf::get_atom) { return numbers{}; },
    };
  }
};

// Keeps what it is asked, and answers as a list of places says.
class hoarder : public caf::event_based_actor {
public:
  hoarder(caf::actor_config& cfg, std::size_t count) : event_based_actor(cfg), count_(count) {}

  caf::behavior make_behavior() override {
    return {
      [this](int) -> caf::result<void> {
        auto result = kept_.emplace_back(make_response_promise());
        if (kept_.size() == count_ && wish_.pending())
          std::exchange(wish_, {}).deliver(caf::unit);
        return result;
      },
      // Answered when everything was asked.
      [this](caf::get_atom) -> caf::result<void> {
        if (kept_.size() == count_)
          return caf::unit;
        return wish_ = make_response_promise();
      },
      [this](const numbers& places) {
        for (auto x : places)
          std::exchange(kept_[static_cast<std::size_t>(x) - 1], {}).deliver(caf::unit);
      },
    };
  }

  void on_exit() override {
    kept_.clear();
    wish_ = {};
  }

private:
  std::size_t count_;
  std::vector<caf::response_promise> kept_;
  caf::response_promise wish_;
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

  template <class T, class... Ts>
  caf::actor spawn(Ts&&... xs) {
    return io.spawn<T>(io.next_unit(), std::forward<Ts>(xs)...);
  }

  // One that is hosted by itself.
  caf::actor spawn_asker(const caf::actor& whom) {
    caf::actor_config how{&io.next_unit()};
    return sys.spawn_class<asker, caf::no_spawn_options>(how, whom);
  }

  // Whether answers may go without a message here.
  bool is_lean() { return io.next_unit().is_lean(); }

  numbers answers_of(const caf::actor& asks, const numbers& what) {
    return value_of(tests::get<numbers>(self->request(asks, patience, what)));
  }

  // The numbers as an asker notes them.
  numbers noted(numbers all) {
    if (!is_lean())
      std::transform(all.begin(), all.end(), all.begin(), [](int x) { return -x; });
    return all;
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

CAF_TEST(what is answered at once needs no message) {
  auto who = spawn<collector>();
  auto asks = spawn_asker(who);
  log_of(who);
  auto all = from_one_to(60);
  CAF_CHECK_EQUAL(answers_of(asks, all), noted(all));
  CAF_CHECK_EQUAL(log_of(who), all);
}

CAF_TEST(many requests in a row leave others their turn) {
  auto who = spawn<collector>();
  auto asks = spawn_asker(who);
  log_of(who);
  auto all = from_one_to(1000);
  auto how = answers_of(asks, all);
  CAF_CHECK(std::count_if(how.begin(), how.end(), [](int x) { return x < 0; }) >= 15);
  std::transform(how.begin(), how.end(), how.begin(), [](int x) { return std::abs(x); });
  CAF_CHECK_EQUAL(how, all);
  CAF_CHECK_EQUAL(log_of(who), all);
}

CAF_TEST(what an answer has set in motion comes before the next request) {
  auto log = std::make_shared<numbers>();
  auto last = spawn<relay>(nullptr, log, -1);
  auto first = spawn<relay>(last, log, 1);
  auto asks = spawn_asker(first);
  log_of(first);
  log_of(last);
  answers_of(asks, from_one_to(5));
  log_of(last);
  CAF_CHECK_EQUAL(*log, (numbers{1, -1, 2, -2, 3, -3, 4, -4, 5, -5}));
}

CAF_TEST(who waits for an answer is asked in its turn) {
  auto asked = spawn<hesitant>();
  auto who = spawn<collector>();
  auto asks = spawn_asker(who);
  self->send(who, asked);
  auto no_error = tests::get_void(self->request(asked, patience, caf::get_atom_v));
  CAF_REQUIRE(!no_error);
  auto how = self->request(asks, patience, numbers{1, 2});
  self->send(asked, caf::ok_atom_v);
  auto noted_as = value_of(tests::get<numbers>(std::move(how)));
  CAF_CHECK_EQUAL(noted_as.front(), -1);
  CAF_CHECK_EQUAL(log_of(who), (numbers{0, 1, 2}));
}

CAF_TEST(a request that is not for the present behavior waits for another) {
  auto who = spawn<late_riser>();
  auto asks = spawn_asker(who);
  log_of(who);
  auto how = self->request(asks, patience, numbers{1});
  self->send(who, caf::ok_atom_v);
  CAF_CHECK_EQUAL(value_of(tests::get<numbers>(std::move(how))), (numbers{-1}));
}

CAF_TEST(an answer may come later) {
  auto who = spawn<hoarder>(std::size_t{1});
  auto asks = spawn_asker(who);
  auto how = self->request(asks, patience, numbers{1});
  auto no_error = tests::get_void(self->request(who, patience, caf::get_atom_v));
  CAF_REQUIRE(!no_error);
  self->send(who, numbers{1});
  CAF_CHECK_EQUAL(value_of(tests::get<numbers>(std::move(how))), (numbers{-1}));
}

CAF_TEST(errors are answers and the end of an actor fails requests) {
  auto who = spawn<picky>();
  auto asks = spawn_asker(who);
  log_of(who);
  auto first = noted({2}).front();
  CAF_CHECK_EQUAL(answers_of(asks, {2, 3, 13, 4}), (numbers{first, 0, 0, 0}));
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
