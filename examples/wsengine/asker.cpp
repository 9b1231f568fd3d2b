// asker.cpp: see asker.hpp.

#include "asker.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <string>
#include <utility>

namespace wsengine::cli {

// -- open_questions -------------------------------------------------------------------------------

void open_questions::asked() {
  std::lock_guard guard{mutex_};
  ++count_;
}

void open_questions::answered() {
  std::lock_guard guard{mutex_};
  --count_;
  changed_.notify_all();
}

std::size_t open_questions::count() const {
  std::lock_guard guard{mutex_};
  return count_;
}

void open_questions::wait() const {
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [this] { return count_ == 0; });
}

void open_questions::wait_for(timespan longest) const {
  std::unique_lock guard{mutex_};
  changed_.wait_for(guard, longest, [this] { return count_ == 0; });
}

// -- asker ----------------------------------------------------------------------------------------

namespace {

struct asker_state {
  optional<lease> held;
};

using asker_actor = caf::stateful_actor<asker_state>;

/// What the answers need; copied into each handler.
struct outlets {
  reporter& report;
  output& errors;
  questions& open;

  void complain(const char* what, const caf::error& cause) const {
    errors.write_line("wsengine: " + std::string{what} + " failed: " + describe(cause));
  }
};

void give_back(asker_actor* self, const engine_actor& engine, const outlets& to) {
  if (!compat::state_of(self).held) {
    to.errors.write_line("wsengine: /resume: nothing is paused");
    return to.open.of_engine.answered();
  }
  auto lent = std::move(*compat::state_of(self).held);
  compat::state_of(self).held = nothing;
  self->request(engine, caf::infinite, resume_msg{lent.id, std::move(lent.unread)})
    .then([to] { to.open.of_engine.answered(); },
          [to](const caf::error& cause) {
            to.complain("/resume", cause);
            to.open.of_engine.answered();
          });
}

template <class Change>
void change_setup(asker_actor* self, const engine_actor& engine, const outlets& to,
                  const char* command, Change what) {
  self->request(engine, caf::infinite, std::move(what))
    .then([to] { to.open.of_engine.answered(); },
          [to, command](const caf::error& cause) {
            to.complain(command, cause);
            to.open.of_engine.answered();
          });
}

caf::behavior asker(asker_actor* self, const engine_actor& engine, const outlets& to) {
  return {
    [=](const status_msg& what) {
      self->request(engine, caf::infinite, what)
        .then(
          [to](const engine_status& status) {
            to.report.status(status);
            to.open.of_engine.answered();
          },
          [to](const caf::error& cause) {
            to.complain("/status", cause);
            to.open.of_engine.answered();
          });
    },
    [=](const ping_msg& what, const session& which) {
      self->request(which.connection, caf::infinite, what)
        .then(
          [to](timespan round_trip) {
            to.report.pong(round_trip);
            to.open.pings.answered();
          },
          [to](const caf::error& cause) {
            to.complain("/ping", cause);
            to.open.pings.answered();
          });
    },
    [=](const request_msg& what) {
      self->request(engine, caf::infinite, what)
        .then(
          [to, key = what.key](const data_message& answer) {
            to.report.answered(key, answer);
            to.open.requests.answered();
          },
          [to, key = what.key](const caf::error& cause) {
            to.report.request_failed(key, cause);
            to.open.requests.answered();
          });
    },
    [=](const pause_msg& what) {
      self->request(engine, caf::infinite, what)
        .then(
          [=](lease& lent) {
            compat::state_of(self).held = std::move(lent);
            to.open.of_engine.answered();
          },
          [to](const caf::error& cause) {
            to.complain("/pause", cause);
            to.open.of_engine.answered();
          });
    },
    [=](const resume_msg&) { give_back(self, engine, to); },
    [=](subscribe_msg& what) { change_setup(self, engine, to, "/subscribe", std::move(what)); },
    [=](unsubscribe_msg& what) { change_setup(self, engine, to, "/unsubscribe", std::move(what)); },
    [=](send_msg& what) {
      self->request(engine, caf::infinite, std::move(what))
        .then([to](const send_receipt&) { to.open.sends.answered(); },
              [to](const caf::error& cause) {
                to.errors.write_line("wsengine: a message was not sent: " + describe(cause));
                ++to.open.unsent;
                to.open.sends.answered();
              });
    },
  };
}

} // namespace

caf::actor spawn_asker(caf::actor_system& system, const engine_actor& engine, reporter& report,
                       output& errors, questions& open) {
  // On a thread of its own: reporting may wait for a reader.
  return system.spawn<caf::detached>(asker, engine, outlets{report, errors, open});
}

} // namespace wsengine::cli
