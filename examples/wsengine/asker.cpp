// asker.cpp: see asker.hpp.

#include "asker.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <string>
#include <utility>

namespace wsengine::cli {

namespace {

struct asker_state {
  optional<lease> held;
};

using asker_actor = caf::stateful_actor<asker_state>;

/// What the answers need; copied into each handler.
struct outlets {
  reporter& report;
  output& errors;
  question_count& open;

  void complain(const char* what, const caf::error& cause) const {
    errors.write_line("wsengine: " + std::string{what} + " failed: " + describe(cause));
    answered();
  }

  void answered() const { --open; }
};

void give_back(asker_actor* self, const engine_actor& engine, const outlets& to) {
  if (!self->state.held) {
    to.errors.write_line("wsengine: /resume: nothing is paused");
    return to.answered();
  }
  auto lent = std::move(*self->state.held);
  self->state.held = caf::none;
  self->request(engine, caf::infinite, resume_msg{lent.id, std::move(lent.unread)})
    .then([to] { to.answered(); },
          [to](const caf::error& cause) { to.complain("/resume", cause); });
}

caf::behavior asker(asker_actor* self, const engine_actor& engine, const outlets& to) {
  return {
    [=](const status_msg& what) {
      self->request(engine, caf::infinite, what)
        .then(
          [to](const engine_status& status) {
            to.report.status(status);
            to.answered();
          },
          [to](const caf::error& cause) { to.complain("/status", cause); });
    },
    [=](const ping_msg& what, const session& which) {
      self->request(which.connection, caf::infinite, what)
        .then(
          [to](timespan round_trip) {
            to.report.pong(round_trip);
            to.answered();
          },
          [to](const caf::error& cause) { to.complain("/ping", cause); });
    },
    [=](const pause_msg& what) {
      self->request(engine, caf::infinite, what)
        .then(
          [=](lease& lent) {
            self->state.held = std::move(lent);
            to.answered();
          },
          [to](const caf::error& cause) { to.complain("/pause", cause); });
    },
    [=](const resume_msg&) { give_back(self, engine, to); },
  };
}

} // namespace

caf::actor spawn_asker(caf::actor_system& system, const engine_actor& engine, reporter& report,
                       output& errors, question_count& open) {
  // On a thread of its own: reporting may wait for a reader.
  return system.spawn<caf::detached>(asker, engine, outlets{report, errors, open});
}

} // namespace wsengine::cli
