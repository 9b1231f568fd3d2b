// prometheus.hpp: counts what engines do, for Prometheus to read. docs/observing.md lists the
// series.

#pragma once

#include "wsengine/observer.hpp"

#include <map>
#include <memory>
#include <string>

namespace prometheus {

class Collectable;

} // namespace prometheus

namespace wsengine {

/// Counters, gauges and histograms over any number of engines. All functions may be called from any
/// thread. Whoever counts or reads keeps what it needs of this object alive.
class metrics {
public:
  metrics();

  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  ~metrics();

  /// Makes an observer that counts: for `engine_hooks::watcher`. All series of its engines get
  /// these labels besides those of their own; with the same labels, they are the same series. Each
  /// set of labels costs some hundred series, so give one to each kind of client, not to each
  /// engine. Throws `std::invalid_argument` for a name that Prometheus does not take or that we
  /// use.
  [[nodiscard]] std::shared_ptr<observer>
  watch(const std::map<std::string, std::string>& labels = {});

  /// What prometheus-cpp reads: for the `RegisterCollectable` of an `Exposer`, which holds it
  /// weakly.
  [[nodiscard]] std::shared_ptr<prometheus::Collectable> collectable() const;

  /// All series as text, in the format of `text_content_type`.
  [[nodiscard]] std::string text() const;

  /// The content type of `text()` (version 0.0.4 of the exposition format).
  static constexpr const char* text_content_type = "text/plain; version=0.0.4; charset=utf-8";

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace wsengine
