// status_board.hpp: what the engines of this program are doing, for the status page.

#pragma once

#include "wsengine/observer.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_clock.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace wsengine::cli {

/// Remembers every engine that lives. All functions may be called from any thread.
class status_board final : public observer {
public:
  /// How many errors of each engine are remembered, and how many engines the JSON shows.
  static constexpr std::size_t most_errors = 5;
  static constexpr std::size_t most_engines = 200;

  /// Tells the time by `clock`, which must outlive the object.
  explicit status_board(caf::actor_clock& clock);

  /// Everything as a JSON object: docs/observing.md says what is in it.
  [[nodiscard]] std::string json() const;

  /// The engine with that number; null when it has ended.
  [[nodiscard]] caf::actor find(caf::actor_id number) const;

  // -- observer -----------------------------------------------------------------------------------

  void engine_spawned(const subject& who, const caf::actor_addr& engine,
                      const handshake_request& request) override;
  void state_changed(const subject& who, engine_state before, engine_state now,
                     const caf::error& last_error) override;
  void engine_ended(const subject& who, engine_state last) override;
  void dial_began(const subject& who, const handshake_request& request) override;
  void dial_ended(const subject& who, const caf::error& failure, timespan took) override;
  void retry_scheduled(const subject& who, retry_cause why, const caf::error& last_error,
                       timespan delay) override;
  void session_opened(const subject& who, const handshake_response& response) override;
  void session_closed(const subject& who, const session_end& how) override;
  void callback_failed(const subject& who, callback_kind which, timespan took,
                       const caf::error& failure) override;
  void received(const subject& who, const volume& what) override;
  void write_began(const subject& who, const volume& what) override;
  void write_ended(const subject& who, const volume& what, const caf::error& failure) override;
  void pong_came(const subject& who, timespan round_trip) override;

private:
  using time_point = caf::actor_clock::time_point;

  struct fault {
    time_point at;
    std::string text;
  };

  struct entry {
    caf::actor_addr engine;
    // Where it connects to, or did last.
    std::string url;
    engine_state state = engine_state::idle;
    time_point state_since;
    session_id session;
    // While a session is open.
    std::optional<time_point> opened_at;
    std::uint64_t reconnects = 0;
    volume received;
    volume sent;
    volume queued;
    std::uint64_t unsent = 0;
    std::optional<timespan> round_trip;
    // The newest first.
    std::deque<fault> faults;
  };

  // Changes the entry of an engine, if it is known.
  template <class Change>
  void update(const subject& who, Change change);

  void note(entry& of, std::string text) const;

  caf::actor_clock& clock_;
  const time_point began_;
  mutable std::mutex mutex_;
  std::map<caf::actor_id, entry> engines_;
};

} // namespace wsengine::cli
