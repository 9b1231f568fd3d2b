// client_recorder.hpp: what all clients of one mock share: the record and the programmed answers.

#pragma once

#include "wsengine/testing/client_mock.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace wsengine::testing {

/// A call that waits for its release.
struct held_call {
  std::size_t call = 0;
  callback which = callback::open;
  /// The actor that answers it; none when a thread waits, or when nobody does yet.
  caf::actor_addr gate;
};

/// Guards everything with one mutex: callbacks may run on many threads.
class client_recorder {
public:
  // -- programming --------------------------------------------------------------------------------

  void program(callback which, mock_answer how);

  void program_next(callback which, mock_answer how);

  // -- calls --------------------------------------------------------------------------------------

  /// Notes a call; returns its number and how it is to be answered.
  std::pair<std::size_t, mock_answer> begin(timespan now, callback_args args);

  /// Notes that a call was answered.
  void end(std::size_t call);

  /// Says who answers a call that is held, once it gets `release_call_msg`.
  void hold(std::size_t call, caf::actor_addr gate);

  /// Blocks until the call is released; returns the error to answer with, if any.
  caf::error wait_for_release(std::size_t call);

  bool release(callback which, caf::error cause);

  /// Lets go of everything, now and in the future, and forgets all handles.
  void shut_down();

  // -- actors -------------------------------------------------------------------------------------

  /// Remembers an actor that ends with the mock.
  void adopt(caf::actor_addr actor);

  // -- record -------------------------------------------------------------------------------------

  [[nodiscard]] std::vector<recorded_call> calls() const;
  [[nodiscard]] std::size_t in_flight() const;
  [[nodiscard]] std::size_t most_in_flight() const;
  [[nodiscard]] optional<session> last_session() const;
  void clear();
  bool wait_for(callback which, std::size_t count, timespan timeout) const;

private:
  using numbered_call = std::pair<std::size_t, recorded_call>;

  [[nodiscard]] std::size_t count(callback which) const;
  [[nodiscard]] std::vector<numbered_call>::iterator find(std::size_t call);
  [[nodiscard]] optional<caf::error> take_released(std::size_t call);
  static void send_release(const caf::actor_addr& gate, std::size_t call, caf::error cause);

  struct program_of_one {
    mock_answer usual;
    std::deque<mock_answer> next;
  };

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::array<program_of_one, std::variant_size_v<callback_args>> programs_;
  std::vector<numbered_call> calls_;
  std::size_t next_call_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t most_in_flight_ = 0;
  optional<session> last_session_;
  std::deque<held_call> held_;
  // Releases that nobody has taken yet.
  std::map<std::size_t, caf::error> released_;
  std::vector<caf::actor_addr> actors_;
  bool shut_down_ = false;
};

/// Answer the call with that number now.
struct release_call_msg {
  std::uint64_t call = 0;
  caf::error cause;
};

WSENGINE_INSPECT(release_call_msg, call, cause)

} // namespace wsengine::testing

WSENGINE_MESSAGE_TYPE(183, wsengine::testing::release_call_msg)
