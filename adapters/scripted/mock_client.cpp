// mock_client.cpp: see mock_client.hpp.

#include "mock_client.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include <stdexcept>
#include <type_traits>
#include <utility>

WSENGINE_LOCAL_MESSAGE(knows_await_release_msg, wsengine::testing::await_release_msg)
WSENGINE_LOCAL_MESSAGE(knows_release_call_msg, wsengine::testing::release_call_msg)

namespace wsengine::testing {

namespace {

timespan time_of(caf::event_based_actor* self) {
  return self->clock().now().time_since_epoch();
}

/// Notes the end of a call, also when it throws.
class call_guard {
public:
  call_guard(client_recorder& recorder, std::size_t call) : recorder_(recorder), call_(call) {}

  call_guard(const call_guard&) = delete;
  call_guard& operator=(const call_guard&) = delete;

  ~call_guard() {
    if (!held_)
      recorder_.end(call_);
  }

  /// The call ends when it is released.
  void hold() noexcept { held_ = true; }

private:
  client_recorder& recorder_;
  std::size_t call_;
  bool held_ = false;
};

/// Unlike CAF's own handler prints nothing: a test that crashes its client does so on purpose.
caf::error exception_to_error(std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (const std::exception& x) {
    return caf::make_error(caf::sec::runtime_error, std::string{x.what()});
  } catch (...) {
    return caf::sec::runtime_error;
  }
}

} // namespace

// -- the mock as an actor -------------------------------------------------------------------------

mock_client::mock_client(caf::actor_config& cfg, std::shared_ptr<client_recorder> recorder)
  : caf::event_based_actor(cfg),
    recorder_(std::move(recorder)) {
  set_exception_handler(exception_to_error);
}

caf::behavior mock_client::make_behavior() {
  return {
    [this](const on_open& what) {
      which_ = what.which;
      return call<void>(what);
    },
    [this](const on_message& what) { return call<void>(what); },
    [this](const on_read_error& what) { return call<void>(what); },
    [this](const on_close& what) { return call<close_details>(what); },
    [this](const on_close_error& what) { return call<void>(what); },
    [this](const on_restart_error& what) { return call<void>(what); },
    [this](release_call_msg& what) { release(what); },
  };
}

template <class Out, class Args>
caf::result<Out> mock_client::call(const Args& what) {
  callback_args args{what};
  auto [number, answer] = recorder_->begin(time_of(this), args);
  call_guard guard{*recorder_, number};
  if (answer.run_) {
    session none;
    if constexpr (std::is_same_v<Args, on_restart_error>)
      none.supervisor = what.supervisor;
    constexpr auto between_sessions = std::is_same_v<Args, on_restart_error>;
    mock_context context{this, between_sessions ? none : which_, nullptr, args};
    answer.run_(context);
  }
  switch (answer.outcome_) {
    case mock_answer::outcome::crash: throw std::runtime_error{answer.text_};
    case mock_answer::outcome::fail: return answer.cause_;
    case mock_answer::outcome::hold: {
      guard.hold();
      auto promise = make_response_promise();
      held_[number] = {promise, nothing};
      if constexpr (std::is_same_v<Out, close_details>)
        held_[number].details = answer.details_;
      recorder_->hold(number, address());
      return promise;
    }
    case mock_answer::outcome::succeed: break;
  }
  if constexpr (std::is_same_v<Out, close_details>)
    return answer.details_;
  else
    return caf::unit;
}

void mock_client::on_exit() {
  // A promise holds its actor: one that was kept would keep us in memory.
  held_.clear();
  which_ = {};
}

void mock_client::release(release_call_msg& what) {
  auto found = held_.find(what.call);
  if (found == held_.end())
    return;
  auto call = std::move(found->second);
  held_.erase(found);
  recorder_->end(what.call);
  if (what.cause)
    call.promise.deliver(std::move(what.cause));
  else if (call.details)
    call.promise.deliver(std::move(*call.details));
  else
    call.promise.deliver(caf::unit);
}

// -- the gate -------------------------------------------------------------------------------------

void release_gate::on_exit() {
  held_.clear();
}

caf::behavior release_gate::make_behavior() {
  return {
    [this](const await_release_msg& what) -> caf::result<void> {
      auto released = released_.find(what.call);
      if (released == released_.end())
        return held_[what.call] = make_response_promise();
      auto cause = std::move(released->second);
      released_.erase(released);
      if (cause)
        return cause;
      return caf::unit;
    },
    [this](release_call_msg& what) {
      auto held = held_.find(what.call);
      if (held == held_.end()) {
        released_[what.call] = std::move(what.cause);
        return;
      }
      auto promise = std::move(held->second);
      held_.erase(held);
      if (what.cause)
        promise.deliver(std::move(what.cause));
      else
        promise.deliver(caf::unit);
    },
  };
}

// -- the mock as an object ------------------------------------------------------------------------

mock_callbacks::mock_callbacks(std::shared_ptr<client_recorder> recorder)
  : recorder_(std::move(recorder)) {}

caf::actor mock_callbacks::gate(caf::actor_system& system) {
  std::lock_guard guard{mutex_};
  if (auto present = caf::actor_cast<caf::actor>(gate_))
    return present;
  auto result = system.spawn<release_gate>();
  gate_ = result.address();
  recorder_->adopt(gate_);
  return result;
}

caf::result<void> mock_callbacks::on_open(session_context& context,
                                          const handshake_response& response, bool restarting) {
  callback_args args{wsengine::on_open{context.which(), response, restarting, context.trace()}};
  auto* self = context.self();
  auto [number, answer] = recorder_->begin(time_of(self), args);
  call_guard guard{*recorder_, number};
  if (answer.run_) {
    mock_context inside{self, context.which(), &context, args};
    answer.run_(inside);
  }
  switch (answer.outcome_) {
    case mock_answer::outcome::succeed: break;
    case mock_answer::outcome::crash: throw std::runtime_error{answer.text_};
    case mock_answer::outcome::fail: return answer.cause_;
    case mock_answer::outcome::hold: {
      guard.hold();
      auto promise = self->make_response_promise();
      auto keeper = gate(self->system());
      auto call = number;
      self->request(keeper, caf::infinite, await_release_msg{call})
        .then(
          [promise, call, recorder = recorder_]() mutable {
            recorder->end(call);
            promise.deliver(caf::unit);
          },
          [promise, call, recorder = recorder_](caf::error& cause) mutable {
            recorder->end(call);
            promise.deliver(std::move(cause));
          });
      recorder_->hold(call, keeper.address());
      return promise;
    }
  }
  return caf::unit;
}

close_details mock_callbacks::call(session_context& context, const callback_args& args) {
  auto [number, answer] = recorder_->begin(time_of(context.self()), args);
  call_guard guard{*recorder_, number};
  if (answer.run_) {
    mock_context inside{context.self(), context.which(), &context, args};
    answer.run_(inside);
  }
  auto cause = answer.outcome_ == mock_answer::outcome::fail ? answer.cause_ : caf::error{};
  if (answer.outcome_ == mock_answer::outcome::crash)
    throw std::runtime_error{answer.text_};
  if (answer.outcome_ == mock_answer::outcome::hold) {
    cause = recorder_->wait_for_release(number);
  }
  if (cause)
    throw std::runtime_error{describe(cause)};
  return answer.details_;
}

void mock_callbacks::on_message(session_context& context, message_kind kind, const payload& data) {
  call(context, wsengine::on_message{context.which().id, kind, data, context.is_last_part(),
                                     context.trace()});
}

void mock_callbacks::on_read_error(session_context& context, const caf::error& cause) {
  call(context, wsengine::on_read_error{context.which().id, cause, context.trace()});
}

close_details mock_callbacks::on_close(session_context& context,
                                       const optional<close_details>& peer) {
  return call(context, wsengine::on_close{context.which().id, peer, context.trace()});
}

void mock_callbacks::on_close_error(session_context& context, const caf::error& cause) {
  call(context, wsengine::on_close_error{context.which().id, cause, context.trace()});
}

void mock_callbacks::on_restart_error(session_context& context, const caf::error& cause,
                                      std::uint32_t retry, optional<timespan> next_delay) {
  call(context, wsengine::on_restart_error{cause, retry, next_delay, context.which().supervisor,
                                           context.trace()});
}

} // namespace wsengine::testing
