// mock_client.hpp: the two shapes of the mock, and the actor that answers held calls.

#pragma once

#include "client_recorder.hpp"

#include "wsengine/callbacks.hpp"
#include "wsengine/client_actor.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace wsengine::testing {

// -- the mock as an actor -------------------------------------------------------------------------

/// A client actor. It is a dynamically typed one, so that functions that run inside of a callback
/// get the same `self` in both shapes.
class mock_client : public caf::event_based_actor {
public:
  mock_client(caf::actor_config& cfg, std::shared_ptr<client_recorder> recorder);

  const char* name() const override { return "wsengine.mock_client"; }

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  template <class Out, class Args>
  caf::result<Out> call(const Args& args);

  void release(release_call_msg& what);

  // A call that is held; on_close has details for when it is released.
  struct held {
    caf::response_promise promise;
    optional<close_details> details;
  };

  std::shared_ptr<client_recorder> recorder_;
  session which_;
  std::map<std::uint64_t, held> held_;
};

// -- the mock as an object ------------------------------------------------------------------------

/// Answers held calls of `on_open` for a mock object, which has no mailbox of its own.
class release_gate : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  const char* name() const override { return "wsengine.release_gate"; }

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  std::map<std::uint64_t, caf::response_promise> held_;
  // Released before the call arrived here.
  std::map<std::uint64_t, caf::error> released_;
};

/// Answered when the call with that number is released.
struct await_release_msg {
  std::uint64_t call = 0;
};

WSENGINE_INSPECT(await_release_msg, call)

} // namespace wsengine::testing

WSENGINE_MESSAGE_TYPE(182, wsengine::testing::await_release_msg)

namespace wsengine::testing {

/// A client object. Several handlers may call it at once.
class mock_callbacks : public callbacks {
public:
  explicit mock_callbacks(std::shared_ptr<client_recorder> recorder);

  caf::result<void> on_open(session_context& context, const handshake_response& response,
                            bool restarting) override;

  void on_message(session_context& context, message_kind kind, const payload& data) override;

  void on_read_error(session_context& context, const caf::error& cause) override;

  close_details on_close(session_context& context, const optional<close_details>& peer) override;

  void on_close_error(session_context& context, const caf::error& cause) override;

  void on_restart_error(session_context& context, const caf::error& cause, std::uint32_t retry,
                        optional<timespan> next_delay) override;

private:
  close_details call(session_context& context, const callback_args& args);
  caf::actor gate(caf::actor_system& system);

  std::shared_ptr<client_recorder> recorder_;
  std::mutex mutex_;
  caf::actor_addr gate_;
};

} // namespace wsengine::testing
