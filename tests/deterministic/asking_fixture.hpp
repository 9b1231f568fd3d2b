// asking_fixture.hpp: virtual time, with requests whose answers are looked at later.

#pragma once

#include "wsengine/testing/asked.hpp"
#include "wsengine/testing/unit_test.hpp"
#include "wsengine/testing/virtual_system.hpp"

#include <caf/actor_registry.hpp>
#include <caf/scoped_actor.hpp>

#include <memory>
#include <utility>

struct asking_fixture {
  /// `config` is for message types beyond those of `wsengine::config`.
  explicit asking_fixture(std::unique_ptr<caf::actor_system_config> config = nullptr)
    : time(std::move(config)) {}

  virtual ~asking_fixture() = default;

  /// Sends a request and runs all actors; time stands still. `Out` is `caf::unit_t` for an answer
  /// without content.
  template <class Out, class Handle, class Message>
  auto ask(const Handle& to, Message message) {
    auto result = wsengine::testing::ask<Out>(sys, to, std::move(message));
    consume_messages();
    return result;
  }

  /// Runs all actors; time stands still.
  void consume_messages() { time.run_all(); }

  /// Lets time pass and runs all actors.
  void pass(wsengine::timespan delay) {
    time.tick(delay);
    consume_messages();
  }

  /// Lets all alarms ring and runs all actors.
  void run() {
    consume_messages();
    while (auto next = time.next_alarm())
      time.pass(*next);
  }

  wsengine::testing::virtual_system time;
  caf::actor_system& sys = time.system();
  caf::scoped_actor self{sys};
};
