// stopwatch.hpp: how long callbacks take, told to an observer; without one, no clock is read.

#pragma once

#include "handler.hpp"
#include "span_facts.hpp"

#include "wsengine/observer.hpp"
#include "wsengine/tracing.hpp"

#include <caf/actor_clock.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <utility>

namespace wsengine::internal {

/// Notes that a callback begins, and its span if that is recorded.
inline running_callback begin_callback(const observation& view, caf::actor_clock& clock,
                                       callback_kind which, active_span span) {
  return {which, view ? clock.now() : caf::actor_clock::time_point{},
          span ? std::make_shared<active_span>(std::move(span)) : nullptr};
}

/// Calls a function whose exceptions are failures of a span, and pass.
template <class F>
void call_traced(active_span& as, F what) {
  if (!as)
    return what();
  try {
    what();
  } catch (...) {
    auto cause = std::current_exception();
    as.fail(describe_exception(cause));
    throw;
  }
}

/// Tells how a callback has ended, after that time.
inline void tell_callback(observer& to, const subject& who, callback_kind which, timespan took,
                          const caf::error& failure) {
  if (failure)
    to.callback_failed(who, which, took, failure);
  else
    to.callbacks_ended(who, which, {&took, 1});
}

/// Tells of the end of a callback.
inline void end_callback(const observation& view, caf::actor_clock& clock,
                         const running_callback& what, const caf::error& failure = {}) {
  end_span(what.span, failure);
  if (view)
    tell_callback(*view.watcher, view.who, what.which, timespan{clock.now() - what.began}, failure);
}

/// Times functions that are called one after the other: the end of one is the beginning of the
/// next, so that the clock is read once for each. What it has is told together, and when it is
/// destroyed.
class stopwatch {
public:
  stopwatch(const observation& view, caf::actor_clock& clock, callback_kind which)
    : view_(view),
      clock_(clock),
      which_(which) {
    if (view_)
      told_ = last_ = clock_.now();
  }

  stopwatch(const stopwatch&) = delete;
  stopwatch& operator=(const stopwatch&) = delete;

  ~stopwatch() {
    if (size_ > 0)
      tell();
  }

  /// Calls the function, whose exceptions pass.
  template <class F>
  void time(F what) {
    if (!view_)
      return what();
    try {
      what();
    } catch (...) {
      failed();
      throw;
    }
    ended();
  }

private:
  // How long somebody may wait to be told.
  static constexpr auto patience = std::chrono::milliseconds(10);

  void ended() {
    auto now = clock_.now();
    took_[size_++] = now - last_;
    last_ = now;
    if (size_ == took_.size() || now - told_ >= patience)
      tell();
  }

  void failed() {
    auto took = timespan{clock_.now() - last_};
    auto what = std::current_exception();
    if (size_ > 0)
      tell();
    view_.watcher->callback_failed(view_.who, which_, took, describe_exception(what));
  }

  void tell() {
    view_.watcher->callbacks_ended(view_.who, which_, {took_.data(), std::exchange(size_, 0)});
    told_ = last_;
  }

  const observation& view_;
  caf::actor_clock& clock_;
  callback_kind which_;
  caf::actor_clock::time_point last_;
  caf::actor_clock::time_point told_;
  std::size_t size_ = 0;
  // Not initialised: most have no observer.
  std::array<timespan, 64> took_;
};

} // namespace wsengine::internal
