// asking_fixture.hpp: the deterministic fixture with requests whose answers are looked at later.

#pragma once

#include "wsengine/config.hpp"
#include "wsengine/testing/asked.hpp"

#include <caf/test/dsl.hpp>

#include <utility>

/// Unlike `request` of CAF's fixture, `ask` triggers no timeouts and may stay without an answer.
struct asking_fixture : test_coordinator_fixture<wsengine::config> {
  /// Sends a request and runs all actors; time stands still. `Out` is `caf::unit_t` for an answer
  /// without content.
  template <class Out, class Handle, class Message>
  auto ask(const Handle& to, Message message) {
    auto result = wsengine::testing::ask<Out>(sys, to, std::move(message));
    consume_messages();
    return result;
  }

  /// Lets time pass and runs all actors.
  void pass(wsengine::timespan delay) {
    advance_time(delay);
    consume_messages();
  }
};
