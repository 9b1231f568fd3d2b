// families.cpp: see families.hpp.

#include "families.hpp"

namespace wsengine {

namespace {

auto& counter(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(in);
}

auto& gauge(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(in);
}

auto& histogram(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(in);
}

} // namespace

metric_families::metric_families()
  : engines(gauge(registry, "wsengine_engines", "Engines by state")),
    dials(counter(registry, "wsengine_dials_total",
                  "Dials by result: opened, or the phase in which they failed")),
    dial_seconds(histogram(registry, "wsengine_dial_duration_seconds",
                           "How long dials took, failed ones too")),
    sessions_opened(
      counter(registry, "wsengine_sessions_opened_total", "Sessions that the client accepted")),
    sessions_closed(counter(registry, "wsengine_sessions_closed_total",
                            "Sessions that ended, by who ended them")),
    reconnects(counter(registry, "wsengine_reconnects_total",
                       "Attempts that were scheduled, by why a session has to be opened anew")),
    callback_seconds(histogram(registry, "wsengine_callback_duration_seconds",
                               "How long callbacks of clients took that ended well")),
    callback_failures(counter(registry, "wsengine_callback_failures_total",
                              "Callbacks that ended with an error or an exception")),
    received_messages(counter(registry, "wsengine_received_messages_total", "Messages that came")),
    received_bytes(counter(registry, "wsengine_received_bytes_total", "Bytes of their payloads")),
    sent_messages(counter(registry, "wsengine_sent_messages_total",
                          "Messages that were handed to the operating system")),
    sent_bytes(counter(registry, "wsengine_sent_bytes_total", "Bytes of their payloads")),
    unsent_messages(counter(registry, "wsengine_unsent_messages_total",
                            "Messages that a connection did not write, or not for certain")),
    sends(counter(registry, "wsengine_sends_total",
                  "Messages that engines were asked to send, by what became of them")),
    ping_seconds(histogram(registry, "wsengine_ping_round_trip_seconds", "From ping to pong")),
    inbox_messages(
      gauge(registry, "wsengine_inbox_messages", "Messages that were read and wait for a handler")),
    inbox_bytes(gauge(registry, "wsengine_inbox_bytes", "Bytes of their payloads")),
    write_queue_messages(gauge(registry, "wsengine_write_queue_messages",
                               "Messages that connections have yet to write")),
    write_queue_bytes(gauge(registry, "wsengine_write_queue_bytes", "Bytes of their payloads")),
    outbox_messages(
      gauge(registry, "wsengine_outbox_messages", "Messages that engines have yet to send")) {}

const prometheus::Histogram::BucketBoundaries& callback_buckets() {
  static const prometheus::Histogram::BucketBoundaries result{2e-6,  1e-5, 5e-5, 2.5e-4, 1e-3, 5e-3,
                                                              0.025, 0.1,  0.5,  2.5,    10,   30};
  return result;
}

const prometheus::Histogram::BucketBoundaries& network_buckets() {
  static const prometheus::Histogram::BucketBoundaries result{
    2.5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return result;
}

} // namespace wsengine
