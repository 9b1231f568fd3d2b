// request_desk.hpp: the requests of one session: takes them, finds their answers, and tells their
// callers when none comes.

#pragma once

#include "internal_messages.hpp"
#include "rules/credit.hpp"
#include "rules/pending_requests.hpp"

#include "wsengine/request.hpp"
#include "wsengine/session.hpp"
#include "wsengine/spawn_engine.hpp"

#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wsengine::internal {

/// What requests an engine takes.
struct request_terms {
  std::shared_ptr<const engine_hooks> hooks;
  /// How many may wait at a time.
  std::size_t most = 0;
};

/// Belongs to the reader, who feeds it what comes and what time it is.
class request_desk {
public:
  using time_point = std::chrono::steady_clock::time_point;

  request_desk(session_id id, request_terms terms) : id_(id), terms_(std::move(terms)) {}

  ~request_desk();

  // -- requests -----------------------------------------------------------------------------------

  /// Takes a request in and returns its number; zero when it is answered with an error already and
  /// must not be sent.
  std::uint64_t add(const make_request& what, caf::response_promise caller, time_point now);

  /// The request was not written.
  void not_written(const std::string& key, std::uint64_t number, const caf::error& cause);

  /// Answers what messages answer, and takes these out of the list. Returns how much they were.
  /// Parts of a message answer nothing; `in_message` says whether the first continues one.
  rules::load answer(std::vector<data_message>& messages, bool in_message = false);

  /// Tells the callers whose time is over.
  void expire(time_point now);

  /// Tells all callers that the session has ended, and those who come later.
  void end(const std::string& cause);

  // -- whether to read for them -------------------------------------------------------------------

  /// From now on nothing is delivered. Requests that came before count as a reason to read only if
  /// nobody else reads.
  void hold(const hold_reading& how);

  /// Whether to read although nothing is delivered.
  [[nodiscard]] bool wants_reading() const noexcept {
    return all_want_ ? !waiting_.empty() : wanting_ > 0;
  }

  // -- observers ----------------------------------------------------------------------------------

  [[nodiscard]] bool waits() const noexcept { return !waiting_.empty(); }

  [[nodiscard]] std::optional<time_point> next_deadline() const { return waiting_.next_deadline(); }

  // -- the alarm ----------------------------------------------------------------------------------

  // Rings where no I/O thread does that; ends with us.
  caf::actor alarm;
  std::uint64_t last_alarm = 0;
  // When the alarm rings that was set last; nothing when it has.
  std::optional<time_point> alarm_at;

private:
  struct caller {
    caf::response_promise promise;
    // The hold during which it asked to read; zero when it did not.
    std::uint64_t reads_in = 0;
    // Ends with it; null when it is not recorded.
    std::shared_ptr<active_span> span = {};
  };

  [[nodiscard]] optional<std::string> key_of(const data_message& message) const;
  void settled(const caller& who) noexcept;
  static void refuse(const make_request& what, caf::response_promise& to, caf::error cause);
  void fail(caller& who, caf::error cause);

  session_id id_;
  request_terms terms_;
  rules::pending_requests<caller> waiting_;
  std::optional<std::string> end_;
  std::uint64_t hold_ = 1;
  std::size_t wanting_ = 0;
  bool all_want_ = false;
};

} // namespace wsengine::internal
