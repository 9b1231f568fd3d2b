// families.hpp: the names of all series, in one place.

#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace wsengine {

/// All that is counted, and the registry that it is in. Names follow Prometheus' conventions: what
/// it is, then the unit, then
/// `_total` for counters.
struct metric_families {
  using counters = prometheus::Family<prometheus::Counter>;
  using gauges = prometheus::Family<prometheus::Gauge>;
  using histograms = prometheus::Family<prometheus::Histogram>;

  metric_families();

  prometheus::Registry registry;

  // -- engines and sessions --
  gauges& engines;
  counters& dials;
  histograms& dial_seconds;
  counters& sessions_opened;
  counters& sessions_closed;
  counters& reconnects;

  // -- callbacks --
  histograms& callback_seconds;
  counters& callback_failures;

  // -- messages --
  counters& received_messages;
  counters& received_bytes;
  counters& sent_messages;
  counters& sent_bytes;
  counters& unsent_messages;
  counters& sends;
  histograms& ping_seconds;

  // -- what waits --
  gauges& inbox_messages;
  gauges& inbox_bytes;
  gauges& write_queue_messages;
  gauges& write_queue_bytes;
  gauges& outbox_messages;
};

/// The upper bounds of the buckets of callbacks: from microseconds to half a minute.
[[nodiscard]] const prometheus::Histogram::BucketBoundaries& callback_buckets();

/// The same for round trips over a network, and for dials.
[[nodiscard]] const prometheus::Histogram::BucketBoundaries& network_buckets();

} // namespace wsengine
