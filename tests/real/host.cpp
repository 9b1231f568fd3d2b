// host.cpp: actors on I/O threads: where they run, how they talk to others, and how a host ends.

#define CAF_SUITE host

#include "wsengine/host.hpp"

#include "real/connection_fixture.hpp"
#include "real/numbers.hpp"
#include "real/raw_peer.hpp"

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

WSENGINE_LOCAL_MESSAGE(knows_vector_of_int, std::vector<int>)

using namespace wsengine;
using namespace std::chrono_literals;
using tests::eventually;
using tests::numbers;
using tests::patience;
using tests::value_of;

namespace {

using thread_number = std::uint64_t;

thread_number this_thread() {
  return std::hash<std::thread::id>{}(std::this_thread::get_id());
}

// Says on which thread it runs: at once, after a delay, or after it asked another actor.
class reporter : public caf::event_based_actor {
public:
  explicit reporter(caf::actor_config& cfg) : event_based_actor(cfg) {}

  caf::behavior make_behavior() override {
    return {
      [](caf::ok_atom) { return this_thread(); },
      [this](timespan delay) {
        promise_ = make_response_promise();
        delayed_send(this, delay, caf::tick_atom_v);
        return promise_;
      },
      [this](caf::tick_atom) { promise_.deliver(this_thread()); },
      [this](const caf::actor& other) {
        auto promise = make_response_promise();
        request(other, caf::infinite, caf::ok_atom_v).then([promise](thread_number theirs) mutable {
          promise.deliver(this_thread(), theirs);
        });
        return promise;
      },
    };
  }

private:
  caf::response_promise promise_;
};

// Sends numbers to itself after as many milliseconds, and answers when all have come.
class late_receiver : public caf::event_based_actor {
public:
  late_receiver(caf::actor_config& cfg, io_unit& unit, std::shared_ptr<numbers> log)
    : event_based_actor(cfg),
      unit_(unit),
      log_(std::move(log)) {}

  caf::behavior make_behavior() override {
    return {
      [this](const numbers& delays) -> caf::result<void> {
        awaited_ = delays.size();
        for (auto x : delays)
          unit_.send_later(std::chrono::milliseconds{x},
                           caf::actor_cast<caf::weak_actor_ptr>(ctrl()), caf::make_message(x));
        return done_ = make_response_promise();
      },
      [this](int delay) {
        log_->push_back(delay);
        if (log_->size() == awaited_)
          done_.deliver(caf::unit);
      },
      // Lets go of the promise, which holds its actor.
      [this](caf::ok_atom) { done_ = {}; },
    };
  }

  void on_exit() override { done_ = {}; }

private:
  io_unit& unit_;
  std::shared_ptr<numbers> log_;
  std::size_t awaited_ = 0;
  caf::response_promise done_;
};

// Ends on an exit message after a while, as an engine does that closes its session first.
class slow_to_end : public caf::event_based_actor {
public:
  slow_to_end(caf::actor_config& cfg, std::atomic<bool>& ended, bool stubborn = false)
    : event_based_actor(cfg) {
    set_exit_handler([this, stubborn](caf::exit_msg& what) {
      if (!stubborn)
        delayed_send(this, timespan{50ms}, caf::ok_atom_v);
      reason_ = what.reason;
    });
    attach_functor(
      [&ended](const caf::error& reason) { ended = reason == caf::exit_reason::user_shutdown; });
  }

  caf::behavior make_behavior() override {
    return {[this](caf::ok_atom) { quit(reason_); }};
  }

private:
  caf::error reason_;
};

// Never waits: always has a message to itself.
class busy : public caf::event_based_actor {
public:
  explicit busy(caf::actor_config& cfg) : event_based_actor(cfg) {}

  caf::behavior make_behavior() override {
    send(this, caf::tick_atom_v);
    return {[this](caf::tick_atom) { send(this, caf::tick_atom_v); }};
  }
};

struct fixture {
  tests::quiet_config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self{sys};
  std::unique_ptr<host> io = std::make_unique<host>(sys);

  thread_number thread_of(const caf::actor& who) {
    return *tests::get<thread_number>(self->request(who, patience, caf::ok_atom_v));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(host_tests, fixture)

CAF_TEST(actors of one unit run on its thread) {
  auto& unit = io->next_unit();
  auto first = io->spawn<reporter>(unit);
  auto second = io->spawn<reporter>(unit);
  CAF_CHECK_NOT_EQUAL(thread_of(first), this_thread());
  CAF_CHECK_EQUAL(thread_of(first), thread_of(second));
}

CAF_TEST(units take turns and have threads of their own) {
  io = std::make_unique<host>(sys, host_options{2, 10s});
  CAF_CHECK_EQUAL(io->threads(), 2U);
  auto& a = io->next_unit();
  auto& b = io->next_unit();
  CAF_CHECK(&a != &b);
  CAF_CHECK(&io->next_unit() == &a);
  auto first = io->spawn<reporter>(a);
  auto second = io->spawn<reporter>(b);
  CAF_CHECK_NOT_EQUAL(thread_of(first), thread_of(second));
}

CAF_TEST(hosted and scheduled actors send to each other) {
  auto hosted_actor = io->spawn<reporter>(io->next_unit());
  auto scheduled = sys.spawn<reporter>();
  auto home = thread_of(hosted_actor);
  for (auto& [from, to] : {std::pair{hosted_actor, scheduled}, std::pair{scheduled, hosted_actor}})
    self->request(from, patience, to)
      .receive(
        [&, from = from](thread_number ours, thread_number theirs) {
          CAF_CHECK_NOT_EQUAL(ours, theirs);
          CAF_CHECK_EQUAL(from == hosted_actor ? ours : theirs, home);
        },
        [&](caf::error& x) { CAF_FAIL(describe(x)); });
}

CAF_TEST(delayed messages arrive on the thread) {
  auto who = io->spawn<reporter>(io->next_unit());
  CAF_CHECK_EQUAL(value_of(tests::get<thread_number>(self->request(who, patience, timespan{10ms}))),
                  thread_of(who));
}

CAF_TEST(many actors come and go) {
  std::vector<caf::actor> all;
  for (int i = 0; i < 2000; ++i)
    all.push_back(io->spawn<reporter>(io->next_unit()));
  CAF_CHECK_EQUAL(io->hosted_actors(), 2000U);
  auto home = thread_of(all.front());
  CAF_CHECK(std::all_of(all.begin(), all.end(), [&](auto& x) { return thread_of(x) == home; }));
  // Dropped by another thread than their own.
  all.clear();
  CAF_CHECK(eventually([&] { return io->hosted_actors() == 0; }));
}

CAF_TEST(an actor that never waits does not starve others) {
  auto& unit = io->next_unit();
  auto hog = io->spawn<busy>(unit);
  auto who = io->spawn<reporter>(unit);
  for (int i = 0; i < 10; ++i)
    CAF_CHECK_NOT_EQUAL(thread_of(who), this_thread());
}

CAF_TEST(a host stops engines gracefully and kills the rest) {
  std::atomic<bool> engine_ended = false;
  std::atomic<bool> other_ended = false;
  auto& unit = io->next_unit();
  auto engine = io->spawn<slow_to_end>(unit, std::ref(engine_ended));
  auto other = io->spawn<slow_to_end>(unit, std::ref(other_ended));
  unit.adopt_engine(engine);
  io.reset();
  CAF_CHECK(engine_ended);
  CAF_CHECK(!other_ended);
  // Their handles outlive the host.
  auto answer = tests::get<thread_number>(self->request(other, patience, caf::ok_atom_v));
  CAF_CHECK(!answer);
}

CAF_TEST(a host kills engines that do not stop in time) {
  std::atomic<bool> ended = false;
  io = std::make_unique<host>(sys, host_options{1, 50ms});
  auto& unit = io->next_unit();
  auto engine = io->spawn<slow_to_end>(unit, std::ref(ended), true);
  unit.adopt_engine(engine);
  self->monitor(engine);
  io.reset();
  self->receive([&](const caf::down_msg& x) { CAF_CHECK_EQUAL(x.reason, caf::exit_reason::kill); });
}

CAF_TEST(messages that are under way when the host ends are dropped) {
  auto who = io->spawn<reporter>(io->next_unit());
  auto never = io->spawn<busy>(io->next_unit());
  std::atomic<bool> done = false;
  std::thread sender{[&] {
    while (!done)
      caf::anon_send(who, caf::ok_atom_v);
  }};
  thread_of(who);
  io.reset();
  done = true;
  sender.join();
}

// What is left then, an operation of the socket and one of Beast's that waits for it, has to go:
// the sanitizer sees it when it does not.
CAF_TEST(a host may end while connections dial) {
  for (int i = 0; i < 50; ++i) {
    tests::raw_peer silent{[](tests::raw_session& peer) { peer.wait_end(); }};
    auto dialing = tests::adapter_connector(*io).spawn(*self);
    handshake_request request;
    request.url = silent.url();
    auto answer = self->request(dialing, patience, dial_msg{request, {}});
    io = std::make_unique<host>(sys);
    CAF_REQUIRE(!tests::get<handshake_response>(answer));
  }
}

// -- messages that come later ---------------------------------------------------------------------

CAF_TEST(delayed messages come in the order of their times) {
  auto log = std::make_shared<numbers>();
  auto& unit = io->next_unit();
  auto who = io->spawn<late_receiver>(unit, std::ref(unit), log);
  auto all = self->request(who, patience, numbers{30, 10, 20, 10, 0});
  CAF_CHECK_EQUAL(tests::get_void(all), caf::none);
  CAF_CHECK_EQUAL(*log, (numbers{0, 10, 10, 20, 30}));
}

CAF_TEST(delayed messages do not keep their receiver) {
  auto log = std::make_shared<numbers>();
  auto& unit = io->next_unit();
  auto who = io->spawn<late_receiver>(unit, std::ref(unit), log);
  caf::anon_send(who, numbers{3'600'000});
  caf::anon_send(who, caf::ok_atom_v);
  who = nullptr;
  CAF_CHECK(eventually([&] { return io->hosted_actors() == 0; }));
}

CAF_TEST_FIXTURE_SCOPE_END()
