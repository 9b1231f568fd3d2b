// asker.hpp: the actor that asks engine and connection on behalf of standard input, and reports
// their answers.

#pragma once

#include "output.hpp"
#include "reporter.hpp"

#include "wsengine/all.hpp"

#include <caf/actor_system.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace wsengine::cli {

/// How many questions wait for their answers. An answer counts once it has been reported. Callable
/// from any thread.
class open_questions {
public:
  void asked();
  void answered();

  [[nodiscard]] std::size_t count() const;

  /// Waits until every question is answered.
  void wait() const;

  /// Waits until every question is answered, but not longer than that.
  void wait_for(timespan longest) const;

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::size_t count_ = 0;
};

/// The questions of one conversation. Those of the engine are answered at once, in every state; a
/// ping or a request to the server, when its answer comes or its session ends; a message for the
/// outbox, when it is settled.
struct questions {
  open_questions of_engine;
  open_questions pings;
  open_questions requests;
  open_questions sends;
  /// How many messages will never be sent.
  std::atomic<std::uint64_t> unsent = 0;
};

/// Spawns an actor for `status_msg`, `pause_msg`, `resume_msg`, `subscribe_msg`, `unsubscribe_msg`,
/// `send_msg`, `request_msg`, and `ping_msg` with a `session`. It holds the lease of a pause.
/// Complaints go to `errors`. It counts each answer in `open`; what it refers to must outlive it.
caf::actor spawn_asker(caf::actor_system& system, const engine_actor& engine, reporter& report,
                       output& errors, questions& open);

} // namespace wsengine::cli
