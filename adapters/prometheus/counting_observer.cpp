// counting_observer.cpp: see counting_observer.hpp.

#include "counting_observer.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace wsengine {

namespace {

using labels = counting_observer::labels;

constexpr std::array<const char*, 4> fate_names{"dropped", "unknown", "refused", "failed"};

double seconds(timespan what) {
  return std::chrono::duration<double>{what}.count();
}

labels with(labels common, const char* name, std::string value) {
  common[name] = std::move(value);
  return common;
}

// Adds a series for each value of an enum that starts at zero and has names.
template <class Enum, class Table, class Family, class... Ts>
void fill(Table& table, Family& family, const labels& common, const char* name, const Ts&... more) {
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = &family.Add(with(common, name, to_string(static_cast<Enum>(i))), more...);
}

void observe(prometheus::Histogram& in, std::span<const timespan> all,
             const prometheus::Histogram::BucketBoundaries& bounds) {
  if (all.size() == 1)
    return in.Observe(seconds(all.front()));
  std::vector<double> counts(bounds.size() + 1);
  double sum = 0;
  for (auto x : all) {
    auto value = seconds(x);
    auto bucket = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
    ++counts[static_cast<std::size_t>(bucket)];
    sum += value;
  }
  in.ObserveMultiple(counts, sum);
}

} // namespace

counting_observer::counting_observer(std::shared_ptr<metric_families> families,
                                     const labels& common)
  : families_(std::move(families)),
    common_(common),
    opened_dials_(families_->dials.Add(with(common, "result", "opened"))),
    dial_seconds_(families_->dial_seconds.Add(common, network_buckets())),
    sessions_opened_(families_->sessions_opened.Add(common)),
    closed_by_peer_(families_->sessions_closed.Add(with(common, "by", "peer"))),
    closed_by_us_(families_->sessions_closed.Add(with(common, "by", "us"))),
    closed_by_loss_(families_->sessions_closed.Add(with(common, "by", "loss"))),
    received_messages_(families_->received_messages.Add(common)),
    received_bytes_(families_->received_bytes.Add(common)),
    sent_messages_(families_->sent_messages.Add(common)),
    sent_bytes_(families_->sent_bytes.Add(common)),
    sends_written_(families_->sends.Add(with(common, "result", "written"))),
    ping_seconds_(families_->ping_seconds.Add(common, network_buckets())),
    inbox_messages_(families_->inbox_messages.Add(common)),
    inbox_bytes_(families_->inbox_bytes.Add(common)),
    write_queue_messages_(families_->write_queue_messages.Add(common)),
    write_queue_bytes_(families_->write_queue_bytes.Add(common)),
    outbox_messages_(families_->outbox_messages.Add(common)) {
  fill<engine_state>(engines_, families_->engines, common, "state");
  fill<retry_cause>(reconnects_, families_->reconnects, common, "cause");
  fill<callback_kind>(callback_seconds_, families_->callback_seconds, common, "callback",
                      callback_buckets());
  fill<callback_kind>(callback_failures_, families_->callback_failures, common, "callback");
  for (std::size_t i = 0; i < unsent_.size(); ++i)
    unsent_[i] = &families_->unsent_messages.Add(with(common, "fate", fate_names[i]));
}

// -- engines and sessions -------------------------------------------------------------------------

prometheus::Gauge& counting_observer::in_state(engine_state which) const {
  return *engines_[static_cast<std::size_t>(which)];
}

void counting_observer::engine_spawned(const subject&, const caf::actor_addr&,
                                       const handshake_request&) {
  in_state(engine_state::idle).Increment();
}

void counting_observer::state_changed(const subject&, engine_state before, engine_state now,
                                      const caf::error&) {
  in_state(before).Decrement();
  in_state(now).Increment();
}

void counting_observer::engine_ended(const subject&, engine_state last) {
  in_state(last).Decrement();
}

void counting_observer::dial_ended(const subject&, const caf::error& failure, timespan took) {
  dial_seconds_.Observe(seconds(took));
  if (failure)
    families_->dials.Add(with(common_, "result", std::string{phase_of(failure)})).Increment();
  else
    opened_dials_.Increment();
}

void counting_observer::retry_scheduled(const subject&, retry_cause why, const caf::error&,
                                        timespan) {
  reconnects_[static_cast<std::size_t>(why)]->Increment();
}

void counting_observer::session_opened(const subject&, const handshake_response&) {
  sessions_opened_.Increment();
}

void counting_observer::session_closed(const subject&, const session_end& how) {
  if (!how.peer)
    closed_by_us_.Increment();
  else if (how.peer->code == close_code::abnormal)
    closed_by_loss_.Increment();
  else
    closed_by_peer_.Increment();
}

// -- callbacks ------------------------------------------------------------------------------------

void counting_observer::callbacks_ended(const subject&, callback_kind which,
                                        std::span<const timespan> took) {
  observe(*callback_seconds_[static_cast<std::size_t>(which)], took, callback_buckets());
}

void counting_observer::callback_failed(const subject&, callback_kind which, timespan,
                                        const caf::error&) {
  callback_failures_[static_cast<std::size_t>(which)]->Increment();
}

// -- messages -------------------------------------------------------------------------------------

void counting_observer::received(const subject&, const volume& what) {
  received_messages_.Increment(static_cast<double>(what.messages));
  received_bytes_.Increment(static_cast<double>(what.bytes));
}

void counting_observer::write_began(const subject&, const volume& what) {
  write_queue_.add(what);
}

void counting_observer::write_ended(const subject&, const volume& what, const caf::error& failure) {
  write_queue_.take(what);
  if (failure)
    return unsent_[fate_of(failure)]->Increment(static_cast<double>(what.messages));
  sent_messages_.Increment(static_cast<double>(what.messages));
  sent_bytes_.Increment(static_cast<double>(what.bytes));
}

counting_observer::unsent_fate counting_observer::fate_of(const caf::error& failure) {
  if (is(failure, connection_errc::dropped))
    return fate_dropped;
  if (is(failure, connection_errc::write_unknown))
    return fate_unknown;
  return is(failure, connection_errc::write_failed) ? fate_failed : fate_refused;
}

void counting_observer::pong_came(const subject&, timespan round_trip) {
  ping_seconds_.Observe(seconds(round_trip));
}

void counting_observer::send_accepted(const subject&) {
  outbox_.fetch_add(1, std::memory_order_relaxed);
}

void counting_observer::send_settled(const subject&, optional<send_errc> failure) {
  outbox_.fetch_sub(1, std::memory_order_relaxed);
  if (failure)
    families_->sends.Add(with(common_, "result", to_string(*failure))).Increment();
  else
    sends_written_.Increment();
}

// -- what waits -----------------------------------------------------------------------------------

void counting_observer::level::add(const volume& what) noexcept {
  messages.fetch_add(static_cast<std::int64_t>(what.messages), std::memory_order_relaxed);
  bytes.fetch_add(static_cast<std::int64_t>(what.bytes), std::memory_order_relaxed);
}

void counting_observer::level::take(const volume& what) noexcept {
  messages.fetch_sub(static_cast<std::int64_t>(what.messages), std::memory_order_relaxed);
  bytes.fetch_sub(static_cast<std::int64_t>(what.bytes), std::memory_order_relaxed);
}

void counting_observer::inbox_changed(const subject&, const volume& before, const volume& now) {
  inbox_.add(now);
  inbox_.take(before);
}

void counting_observer::update_gauges() {
  auto set = [](prometheus::Gauge& to, const std::atomic<std::int64_t>& value) {
    to.Set(static_cast<double>(value.load(std::memory_order_relaxed)));
  };
  set(inbox_messages_, inbox_.messages);
  set(inbox_bytes_, inbox_.bytes);
  set(write_queue_messages_, write_queue_.messages);
  set(write_queue_bytes_, write_queue_.bytes);
  set(outbox_messages_, outbox_);
}

} // namespace wsengine
