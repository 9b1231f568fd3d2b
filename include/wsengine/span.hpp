// span.hpp: what was traced, and who takes it. Follows the data model of OpenTelemetry; knows
// nothing of CAF.

#pragma once

#include "wsengine/trace_context.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace wsengine {

// -- attributes -----------------------------------------------------------------------------------

/// What an attribute says.
using attribute_value = std::variant<bool, std::int64_t, double, std::string>;

/// A fact about a span, an event or a link. Keys are those of OpenTelemetry's semantic conventions,
/// or begin with `wsengine.`.
struct attribute {
  std::string key;
  attribute_value value;

  friend bool operator==(const attribute&, const attribute&) = default;
};

using attribute_list = std::vector<attribute>;

// -- spans ----------------------------------------------------------------------------------------

/// A point on the wall clock.
using span_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// What a span is to those before and behind it; the values are OTLP's.
enum class span_kind : std::uint8_t {
  internal = 1,
  server,
  client,
  producer,
  consumer,
};

/// How a span has ended; the values are OTLP's.
enum class span_status : std::uint8_t {
  /// Well, as far as is known.
  unset,
  ok,
  error,
};

/// Something that happened within a span.
struct span_event {
  std::string name;
  span_time when{};
  attribute_list attributes = {};
};

/// Another span that has to do with this one without being its parent.
struct span_link {
  trace_context to;
  attribute_list attributes = {};
};

/// A piece of work that is over.
struct span {
  std::string name;
  span_kind kind = span_kind::internal;
  /// Its own identity.
  trace_context context;
  /// The span that has caused it; nothing for the first of a trace.
  std::optional<span_id> parent;
  span_time start{};
  span_time end{};
  attribute_list attributes;
  std::vector<span_event> events;
  /// How many events were left out because there were too many.
  std::uint32_t dropped_events = 0;
  std::vector<span_link> links;
  span_status status = span_status::unset;
  /// With `span_status::error`: what went wrong, for a person.
  std::string status_text;
};

/// Takes spans that are over.
class span_sink {
public:
  span_sink() = default;
  span_sink(const span_sink&) = delete;
  span_sink& operator=(const span_sink&) = delete;
  virtual ~span_sink() = default;

  /// Called from any thread, by actors too: must not block and must not throw.
  virtual void write(span what) = 0;
};

} // namespace wsengine
