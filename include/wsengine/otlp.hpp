// otlp.hpp: writes spans to a file, in the format of OpenTelemetry: lines of OTLP in JSON.
//
// Each line is one `ExportTraceServiceRequest`, as the OpenTelemetry Collector's receiver
// `otlpjsonfile` reads them.

#pragma once

#include "wsengine/span.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace wsengine {

/// The options of an `otlp_file`.
struct otlp_file_options {
  /// What the program is called (`service.name`).
  std::string service_name = "wsengine";
  /// What else there is to say about it, such as `service.version`.
  attribute_list resource = {};
  /// The most spans of a line.
  std::size_t batch_spans = 512;
  /// The longest time that a span waits for others to share its line.
  std::chrono::milliseconds batch_time{1000};
  /// The most spans that wait to be written. Those that come when there are more are dropped.
  std::size_t queue_spans = 16384;
};

/// Writes spans to a stream. `write` only queues them: a thread of its own makes lines of them, and
/// flushes each. All functions may be called from any thread.
class otlp_file final : public span_sink {
public:
  /// Writes to `to`, which must outlive it.
  explicit otlp_file(std::ostream& to, otlp_file_options options = {});

  /// Writes what waits.
  ~otlp_file() override;

  void write(span what) override;

  /// Waits until everything that came so far is written.
  void flush();

  /// How many spans were dropped because too many waited.
  [[nodiscard]] std::uint64_t dropped() const;

private:
  class writer;

  std::unique_ptr<writer> writer_;
};

/// The line of some spans, without line feed.
[[nodiscard]] std::string to_otlp_line(const std::vector<span>& spans,
                                       const otlp_file_options& options = {});

} // namespace wsengine
