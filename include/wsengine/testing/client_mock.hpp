// client_mock.hpp: a client that records its callbacks and answers as it is told.

#pragma once

#include "wsengine/callbacks.hpp"
#include "wsengine/client_actor.hpp"
#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/session.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace wsengine::testing {

// -- calls ----------------------------------------------------------------------------------------

/// The six callbacks, in the order of `callback_args`.
enum class callback : std::uint8_t {
  open,
  message,
  read_error,
  close,
  close_error,
  restart_error,
};

/// Returns the name of the message, such as "on_open".
std::string to_string(callback which);

/// The arguments of a callback. For a `callbacks` object they are put together from the session and
/// the arguments of the function.
using callback_args =
  std::variant<on_open, on_message, on_read_error, on_close, on_close_error, on_restart_error>;

/// A callback that was called.
struct recorded_call {
  /// The time of the actor clock since its epoch, as in `scripted_entry`.
  timespan at{0};
  callback_args args;
  /// Whether the callback has answered.
  bool answered = false;

  /// Which callback it was.
  [[nodiscard]] callback which() const noexcept { return static_cast<callback>(args.index()); }
};

/// Returns the callback with its arguments, as in `on_message(text, "a")`, `on_open(restarting)`,
/// or `on_close(none)`. Session ids are left out: they differ from run to run.
std::string to_string(const recorded_call& call);

// -- answers --------------------------------------------------------------------------------------

/// What a function that runs inside a callback may use. Valid during the callback only.
class mock_context {
public:
  /// For a client actor; `session_context` is for `callbacks` objects, else null.
  mock_context(caf::event_based_actor* self, const session& which, session_context* context,
               const callback_args& args) noexcept
    : self_(self),
      which_(which),
      context_(context),
      args_(args) {}

  mock_context(const mock_context&) = delete;
  mock_context& operator=(const mock_context&) = delete;

  /// The arguments of the callback.
  [[nodiscard]] const callback_args& args() const noexcept { return args_; }

  /// The session; in `on_restart_error` only its supervisor is set.
  [[nodiscard]] const session& which() const noexcept { return which_; }

  /// The engine.
  [[nodiscard]] engine_actor engine() const { return engine_of(which_); }

  /// The actor that runs the callback.
  [[nodiscard]] caf::event_based_actor* self() const noexcept { return self_; }

  /// Closes the session and opens a new one; between sessions makes the next attempt at once.
  void restart();

  /// Closes the session and stops the engine.
  void exit();

  /// Takes the connection over; `then` runs on `self()`.
  void pause(std::function<void(caf::expected<lease>)> then);

private:
  void signal(session_signal what);

  caf::event_based_actor* self_;
  const session& which_;
  session_context* context_;
  const callback_args& args_;
};

/// How a callback is answered. The default succeeds; `on_close` then answers 1001.
class mock_answer {
public:
  /// What becomes of the callback once `run` is done.
  enum class outcome : std::uint8_t { succeed, fail, hold, crash };

  /// First runs this function inside the callback.
  mock_answer& run(std::function<void(mock_context&)> what);

  /// Answers with an error. A function of `callbacks` that cannot return one throws instead.
  mock_answer& fail(caf::error cause);

  /// Answers `on_close` with these details.
  mock_answer& close_with(close_details details);

  /// Answers when the test calls `client_mock::release`. Under `callbacks`, only `on_open` can do
  /// so without blocking its thread; the others need a placement whose callbacks may block.
  mock_answer& hold();

  /// Throws a `std::runtime_error` with that text.
  mock_answer& crash(std::string text = "the mock crashes");

private:
  friend class client_recorder;
  friend class mock_client;
  friend class mock_callbacks;

  std::function<void(mock_context&)> run_;
  outcome outcome_ = outcome::succeed;
  caf::error cause_;
  close_details details_;
  std::string text_;
};

// -- mock -----------------------------------------------------------------------------------------

class client_recorder;

/// The mock. Use it as a client actor or as a `callbacks` object. All functions may be called from
/// any thread.
///
/// The destructor lets go of what is held and kills the client actors it spawned; under the
/// deterministic scheduler that takes effect when their jobs run next, which
/// `test_coordinator_fixture` sees to.
class client_mock {
public:
  client_mock();

  client_mock(const client_mock&) = delete;
  client_mock& operator=(const client_mock&) = delete;

  ~client_mock();

  // -- clients ------------------------------------------------------------------------------------

  /// Spawns a client actor on CAF's scheduler.
  [[nodiscard]] client_actor spawn(caf::actor_system& system);

  /// Makes a client for `spawn_engine`.
  [[nodiscard]] std::shared_ptr<callbacks> object();

  // -- answers ------------------------------------------------------------------------------------

  /// How that callback is answered from now on.
  client_mock& answer(callback which, mock_answer how);

  /// How the next call of that callback is answered that has no answer of its own yet.
  client_mock& answer_next(callback which, mock_answer how);

  /// Answers the oldest call of that callback that is held, with an error if there is one. Returns
  /// whether there was such a call.
  bool release(callback which, caf::error cause = {});

  // -- record -------------------------------------------------------------------------------------

  /// All calls in the order in which they began.
  [[nodiscard]] std::vector<recorded_call> calls() const;

  /// All calls as text.
  [[nodiscard]] std::vector<std::string> lines() const;

  /// How often that callback was called.
  [[nodiscard]] std::size_t count(callback which) const;

  /// The arguments of the calls of one callback, such as `calls_of<on_close>()`.
  template <class Args>
  [[nodiscard]] std::vector<Args> calls_of() const {
    std::vector<Args> result;
    for (const auto& x : calls())
      if (const auto* args = std::get_if<Args>(&x.args))
        result.push_back(*args);
    return result;
  }

  /// How many calls have not been answered.
  [[nodiscard]] std::size_t in_flight() const;

  /// The most calls that were in flight at once.
  [[nodiscard]] std::size_t most_in_flight() const;

  /// The session of the last `on_open`; nothing before the first.
  [[nodiscard]] optional<session> last_session() const;

  /// Forgets the calls that were answered.
  void clear();

  /// Blocks until that callback was called `count` times; returns whether it was, in time. For
  /// tests with real threads.
  bool wait_for(callback which, std::size_t count, timespan timeout) const;

private:
  std::shared_ptr<client_recorder> recorder_;
};

} // namespace wsengine::testing
