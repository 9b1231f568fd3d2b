// conversation.hpp: what the threads of `wsengine connect` share: the session that is open, and who
// wished to end.

#pragma once

#include "wake_up.hpp"

#include "wsengine/close.hpp"
#include "wsengine/session.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

namespace wsengine::cli {

/// A wish to stop.
struct farewell {
  /// What the last event says.
  std::string reason;
  /// The program's exit status.
  int status = 0;
  /// What the close frame says.
  close_details details{close_code::normal, ""};
};

/// Callable from any thread.
class conversation {
public:
  // -- sessions -----------------------------------------------------------------------------------

  void opened(const session& which);

  /// Forgets the session that is open.
  void closed();

  /// Forgets that session, if it is still taken for open.
  void closed(session_id which);

  void attempt_failed();

  /// The session that is open.
  [[nodiscard]] std::optional<session> current() const;

  /// Waits until a session is open. Empty when the conversation has ended.
  std::optional<session> wait_for_session();

  /// Waits until the first attempt has succeeded or failed. Returns false when the conversation has
  /// ended.
  bool wait_for_first_attempt();

  // -- the end ------------------------------------------------------------------------------------

  /// Notes who wished to stop, and why. The first wish counts. Returns whether this is it.
  bool wish(farewell what);

  /// The wish that counts.
  [[nodiscard]] std::optional<farewell> wished() const;

  /// Wakes all who wait.
  void end();

  [[nodiscard]] bool ended() const;

  /// Waits until the conversation has ended, but not longer than that.
  void wait_for_end(timespan longest);

  /// Readable once the conversation has ended.
  [[nodiscard]] int end_fd() const noexcept { return end_.fd(); }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<session> session_;
  std::optional<farewell> farewell_;
  bool attempted_ = false;
  bool ended_ = false;
  wake_up end_;
};

} // namespace wsengine::cli
