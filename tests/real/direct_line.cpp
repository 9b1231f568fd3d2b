// direct_line.cpp: requests to an actor on the same I/O thread, which go past its mailbox.

#define CAF_SUITE direct_line

#include "direct_line.hpp"

#include "real/resuming_fixture.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <utility>

using namespace wsengine;
using tests::collector;
using tests::from_one_to;
using tests::hesitant;
using tests::hoarder;
using tests::numbers;
using tests::patience;
using tests::value_of;

namespace {

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
      // Answered when what came before was asked.
      [this](caf::get_atom) { return log_; },
    };
  }

  void on_exit() override {
    line_.close();
    promise_ = {};
  }

private:
  void go_on() {
    while (!left_.empty() && line_.ask(*this, left_.front(), answered_))
      cross_off(left_.front());
    line_.rest();
    if (left_.empty())
      promise_.deliver(log_);
  }

  void note(int how) {
    cross_off(how);
    go_on();
  }

  void cross_off(int how) {
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

struct fixture : tests::resuming_fixture {
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
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(direct_line_tests, fixture)

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
  log_of(asks);
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
  // It may still be running: what comes too early would go first.
  log_of(asks);
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

CAF_TEST_FIXTURE_SCOPE_END()
