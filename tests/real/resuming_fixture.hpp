// resuming_fixture.hpp: actors on an I/O thread that take numbers, and who asks them.

#pragma once

#include "real/connection_fixture.hpp"
#include "real/numbers.hpp"

#include "wsengine/host.hpp"

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>

#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

namespace wsengine::tests {

/// Answers a number only when it is told to, and says when one has come.
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

/// Notes numbers. When it is given an actor, asks that one, and takes nothing else until it
/// answers.
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

/// Keeps what it is asked, and answers as a list of places says.
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

/// The numbers from one on.
inline numbers from_one_to(int last) {
  numbers result(static_cast<std::size_t>(last));
  std::iota(result.begin(), result.end(), 1);
  return result;
}

/// A host, whose actors are asked from outside of it.
struct resuming_fixture {
  quiet_config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self{sys};
  host io{sys};

  template <class T, class... Ts>
  caf::actor spawn(Ts&&... xs) {
    return io.spawn<T>(io.next_unit(), std::forward<Ts>(xs)...);
  }

  numbers log_of(const caf::actor& who) {
    return value_of(get<numbers>(self->request(who, patience, caf::get_atom_v)));
  }

  caf::error end_of(const caf::actor& who) {
    caf::error result;
    self->monitor(who);
    self->receive([&](caf::down_msg& x) { result = std::move(x.reason); },
                  caf::after(patience) >> [] { CAF_FAIL("it still lives"); });
    return result;
  }
};

} // namespace wsengine::tests
