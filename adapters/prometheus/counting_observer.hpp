// counting_observer.hpp: the observer that counts for Prometheus.

#pragma once

#include "families.hpp"

#include "wsengine/observer.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace wsengine {

/// The series of one set of labels. What waits is not counted where it happens, which is often, but
/// as a difference when somebody reads.
class counting_observer final : public observer {
public:
  using labels = std::map<std::string, std::string>;

  counting_observer(std::shared_ptr<metric_families> families, const labels& common);

  /// Sets the gauges of what waits.
  void update_gauges();

  void engine_spawned(const subject& who, const caf::actor_addr& engine,
                      const handshake_request& request) override;
  void state_changed(const subject& who, engine_state before, engine_state now,
                     const caf::error& last_error) override;
  void engine_ended(const subject& who, engine_state last) override;
  void dial_ended(const subject& who, const caf::error& failure, timespan took) override;
  void retry_scheduled(const subject& who, retry_cause why, const caf::error& last_error,
                       timespan delay) override;
  void session_opened(const subject& who, const handshake_response& response) override;
  void session_closed(const subject& who, const session_end& how) override;
  void callbacks_ended(const subject& who, callback_kind which,
                       std::span<const timespan> took) override;
  void callback_failed(const subject& who, callback_kind which, timespan took,
                       const caf::error& failure) override;
  void received(const subject& who, const volume& what) override;
  void write_began(const subject& who, const volume& what) override;
  void write_ended(const subject& who, const volume& what, const caf::error& failure) override;
  void pong_came(const subject& who, timespan round_trip) override;
  void inbox_changed(const subject& who, const volume& before, const volume& now) override;
  void send_accepted(const subject& who) override;
  void send_settled(const subject& who, optional<send_errc> failure) override;

private:
  template <class T, std::size_t N>
  using table = std::array<T*, N>;

  static constexpr auto engine_state_count = static_cast<std::size_t>(engine_state::stopped) + 1;

  // Which messages a connection did not write.
  enum unsent_fate : std::uint8_t { fate_dropped, fate_unknown, fate_refused, fate_failed };

  // Something whose amount is read seldom.
  struct level {
    std::atomic<std::int64_t> messages = 0;
    std::atomic<std::int64_t> bytes = 0;

    void add(const volume& what) noexcept;
    void take(const volume& what) noexcept;
  };

  static unsent_fate fate_of(const caf::error& failure);
  [[nodiscard]] prometheus::Gauge& in_state(engine_state which) const;

  // Has what the rest refers to.
  std::shared_ptr<metric_families> families_;
  labels common_;

  table<prometheus::Gauge, engine_state_count> engines_{};
  prometheus::Counter& opened_dials_;
  prometheus::Histogram& dial_seconds_;
  prometheus::Counter& sessions_opened_;
  prometheus::Counter& closed_by_peer_;
  prometheus::Counter& closed_by_us_;
  prometheus::Counter& closed_by_loss_;
  table<prometheus::Counter, retry_cause_count> reconnects_{};
  table<prometheus::Histogram, callback_kind_count> callback_seconds_{};
  table<prometheus::Counter, callback_kind_count> callback_failures_{};
  prometheus::Counter& received_messages_;
  prometheus::Counter& received_bytes_;
  prometheus::Counter& sent_messages_;
  prometheus::Counter& sent_bytes_;
  table<prometheus::Counter, 4> unsent_{};
  prometheus::Counter& sends_written_;
  prometheus::Histogram& ping_seconds_;
  prometheus::Gauge& inbox_messages_;
  prometheus::Gauge& inbox_bytes_;
  prometheus::Gauge& write_queue_messages_;
  prometheus::Gauge& write_queue_bytes_;
  prometheus::Gauge& outbox_messages_;

  level inbox_;
  level write_queue_;
  std::atomic<std::int64_t> outbox_ = 0;
};

} // namespace wsengine
