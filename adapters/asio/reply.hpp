// reply.hpp: the answer that a connection owes for a request.

#pragma once

#include "wsengine/compat.hpp"

#include <caf/error.hpp>
#include <caf/response_promise.hpp>

#include <utility>

namespace wsengine::io {

/// A promise to answer with a `T`, or with nothing but success for `void`. Whoever did not ask by a
/// request gets no error and no empty message: it would not expect them.
template <class T>
class reply {
public:
  reply() = default;

  explicit reply(caf::response_promise promise) : promise_(std::move(promise)) {}

  /// Whether someone waits.
  [[nodiscard]] bool pending() const { return promise_.pending(); }

  /// Answers with a value; without one for `void`.
  template <class... Ts>
  void ok(Ts&&... value) {
    auto promise = std::exchange(promise_, {});
    if constexpr (sizeof...(Ts) > 0) {
      if (promise.pending())
        promise.deliver(T{std::forward<Ts>(value)...});
    } else {
      compat::answer(promise);
    }
  }

  /// Answers with an error.
  void fail(caf::error reason) {
    auto promise = std::exchange(promise_, {});
    compat::answer(promise, std::move(reason));
  }

private:
  caf::response_promise promise_;
};

} // namespace wsengine::io
