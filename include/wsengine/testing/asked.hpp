// asked.hpp: requests of a test whose answers are looked at later.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/error.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace wsengine::testing {

/// The answer to a request, once it is there. May be looked at from any thread.
template <class T>
class asked {
public:
  [[nodiscard]] bool pending() const {
    std::lock_guard guard{mutex_};
    return !value_ && !cause_;
  }

  [[nodiscard]] bool succeeded() const {
    std::lock_guard guard{mutex_};
    return value_.has_value();
  }

  /// The answer. Throws `std::bad_optional_access` when there is none.
  [[nodiscard]] T get() const {
    std::lock_guard guard{mutex_};
    return value_.value();
  }

  /// Why the request failed; no error when it did not.
  [[nodiscard]] caf::error cause() const {
    std::lock_guard guard{mutex_};
    return cause_;
  }

  /// Whether the request failed with that code.
  template <class Code>
  [[nodiscard]] bool failed(Code code) const {
    return is(cause(), code);
  }

  void answer(T value) {
    std::lock_guard guard{mutex_};
    value_ = std::move(value);
  }

  void fail(caf::error cause) {
    std::lock_guard guard{mutex_};
    cause_ = std::move(cause);
  }

private:
  mutable std::mutex mutex_;
  std::optional<T> value_;
  caf::error cause_;
};

/// The actor that asks for a test.
template <class Out, class Handle, class Message>
class asking_actor : public caf::event_based_actor {
public:
  asking_actor(caf::actor_config& cfg, Handle to, Message message,
               std::shared_ptr<asked<Out>> result)
    : caf::event_based_actor(cfg),
      to_(std::move(to)),
      message_(std::move(message)),
      result_(std::move(result)) {}

  const char* name() const override { return "wsengine.test"; }

  caf::behavior make_behavior() override {
    auto request = this->request(std::exchange(to_, nullptr), caf::infinite, std::move(message_));
    auto failed = [this](caf::error& x) { result_->fail(std::move(x)); };
    if constexpr (std::is_same_v<Out, caf::unit_t>)
      request.then([this] { result_->answer(caf::unit); }, failed);
    else
      request.then([this](Out& x) { result_->answer(std::move(x)); }, failed);
    return {};
  }

private:
  Handle to_;
  Message message_;
  std::shared_ptr<asked<Out>> result_;
};

/// Sends a request and does not wait for the answer. `Out` is `caf::unit_t` for an answer without
/// content.
template <class Out, class Handle, class Message>
std::shared_ptr<asked<Out>> ask(caf::actor_system& system, const Handle& to, Message message) {
  auto result = std::make_shared<asked<Out>>();
  // Hidden: one that never gets an answer must not keep the system from ending.
  system.spawn<asking_actor<Out, Handle, Message>, caf::hidden>(to, std::move(message), result);
  return result;
}

} // namespace wsengine::testing
