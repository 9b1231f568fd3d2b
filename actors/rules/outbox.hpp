// outbox.hpp: the rules of what an engine was asked to send: what waits, what is handed to a
// session, and what becomes of each message.
//
// Pure: knows neither actors nor clocks. Whoever uses it says what happened and when.

#pragma once

#include "wsengine/error.hpp"
#include "wsengine/message.hpp"
#include "wsengine/options.hpp"
#include "wsengine/sending.hpp"
#include "wsengine/session.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace wsengine::rules {

/// What a connection made of a message that it was handed.
enum class write_result : std::uint8_t {
  written,
  /// Not written, and never can be.
  refused,
  /// Not written, but may be if it is tried again.
  not_now,
  /// Not written, for the session is over.
  session_over,
  /// The session ended while it was being written.
  unknown,
};

/// Reads the answer to a `write_msg`. An error that says nothing certain is `unknown`.
[[nodiscard]] write_result write_result_of(const caf::error& answer);

/// A message that was settled: it is forgotten, and whoever sent it is told.
struct settled_send {
  std::uint64_t id = 0;
  /// Nothing: it was written.
  std::optional<send_errc> error;
  /// The session that it is about, if any.
  session_id session;

  friend bool operator==(const settled_send&, const settled_send&) = default;
};

using settled_sends = std::vector<settled_send>;

/// What waits to be sent. Without an outbox (`outbox_options::enabled`), every message goes to the
/// session at once, and that is its only chance. With one, messages are handed over one after the
/// other: only so do they keep their order when one is not written.
class outbox {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A message for the session that runs.
  struct dispatch {
    std::uint64_t id = 0;
    data_message message;
  };

  explicit outbox(const outbox_options& options) : options_(options) {}

  // -- messages -----------------------------------------------------------------------------------

  /// Takes a message in, or says why not. Each `id` must be larger than the last. `writable`: a
  /// session runs, and `next` will be called at once.
  [[nodiscard]] std::optional<send_errc> add(std::uint64_t id, send_msg what, time_point now,
                                             bool writable);

  /// The message to hand to the session now; nothing when none waits, or one is on its way. Only to
  /// be called while a session may be written to.
  [[nodiscard]] std::optional<dispatch> next();

  /// The connection has answered for a message that it was handed.
  [[nodiscard]] settled_sends answered(std::uint64_t id, write_result how, time_point now);

  /// It is time to try again what was `not_now`.
  void try_again() noexcept { held_ = false; }

  /// Whether `try_again` has to be called after a while.
  [[nodiscard]] bool wants_another_try() const noexcept { return held_; }

  // -- time ---------------------------------------------------------------------------------------

  /// When the message expires that was added last.
  [[nodiscard]] std::optional<time_point> newest_expiry() const;

  /// When the next message expires after `now`. Takes time proportional to the number of messages.
  [[nodiscard]] std::optional<time_point> next_expiry(time_point now) const;

  /// Settles what has expired. A message that was handed over waits for its answer.
  [[nodiscard]] settled_sends expire(time_point now);

  // -- sessions -----------------------------------------------------------------------------------

  void session_opened(session_id which);

  /// Drops what was for that session only and waits still.
  [[nodiscard]] settled_sends session_ended();

  /// Drops all that wait; what was handed over is settled by its answer.
  [[nodiscard]] settled_sends stop();

  /// Settles everything: there will be no answers.
  [[nodiscard]] settled_sends abandon();

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
  struct entry {
    send_msg what;
    std::optional<time_point> deadline;
    // The session that it was handed to, while that has not answered.
    session_id handed_to;

    [[nodiscard]] bool handed() const noexcept { return handed_to != session_id{}; }
    [[nodiscard]] bool expired(time_point now) const noexcept {
      return deadline && *deadline <= now;
    }
  };

  // By id, which is the order.
  using entries = std::map<std::uint64_t, entry>;

  [[nodiscard]] std::optional<send_errc> take_back(entry& which, write_result how, time_point now);
  void settle(entries::iterator which, std::optional<send_errc> error, session_id session);
  template <class Predicate>
  void settle_waiting(send_errc error, session_id session, Predicate which);
  [[nodiscard]] settled_sends settled();

  outbox_options options_;
  entries entries_;
  std::uint64_t bytes_ = 0;
  std::size_t handed_ = 0;
  // What was handed over last.
  std::uint64_t last_ = 0;
  session_id session_;
  // Whether the session takes nothing at the moment, or no more at all.
  bool held_ = false;
  bool session_over_ = false;
  bool stopped_ = false;
  settled_sends settled_;
};

} // namespace wsengine::rules
