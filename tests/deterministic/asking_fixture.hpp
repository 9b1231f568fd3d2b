// asking_fixture.hpp: the deterministic fixture with requests whose answers are looked at later.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/error.hpp"
#include "wsengine/register_types.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/test/dsl.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

/// The answer to a request, once it is there.
template <class T>
struct asked {
  std::optional<T> value;
  caf::error cause;

  [[nodiscard]] bool pending() const { return !value && !cause; }

  [[nodiscard]] bool succeeded() const { return value.has_value(); }

  /// A copy of the value, because CAF's checks keep references into what they compare. Throws when
  /// there is none.
  [[nodiscard]] T get() const { return value.value(); }

  /// Whether the request failed with that code.
  template <class Code>
  [[nodiscard]] bool failed(Code code) const {
    return wsengine::is(cause, code);
  }
};

/// Unlike `request` of CAF's fixture, `ask` triggers no timeouts and may stay without an answer.
struct asking_fixture : test_coordinator_fixture<wsengine::config> {
  /// Sends a request and runs all actors; time stands still. `Out` is `caf::unit_t` for an answer
  /// without content.
  template <class Out, class Handle, class Message>
  std::shared_ptr<asked<Out>> ask(const Handle& to, Message message) {
    auto result = std::make_shared<asked<Out>>();
    auto run = [](caf::event_based_actor* asker, const Handle& to, const Message& message,
                  const std::shared_ptr<asked<Out>>& result) {
      auto request = asker->request(to, caf::infinite, message);
      auto failed = [result](caf::error& x) { result->cause = std::move(x); };
      if constexpr (std::is_same_v<Out, caf::unit_t>)
        request.then([result] { result->value = caf::unit; }, failed);
      else
        request.then([result](Out& x) { result->value = std::move(x); }, failed);
    };
    sys.spawn(run, to, std::move(message), result);
    consume_messages();
    return result;
  }

  /// Lets time pass and runs all actors.
  void pass(wsengine::timespan delay) {
    advance_time(delay);
    consume_messages();
  }
};
