// trace_context.hpp: which span of which trace something belongs to, and how that is written in the
// header `traceparent` (W3C Trace Context, level 2). Knows nothing of CAF.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wsengine {

// -- identities -----------------------------------------------------------------------------------

/// Names a trace: all spans that have come of one cause, in whatever program. Zero names none.
struct trace_id {
  /// The first eight bytes, then the last eight, as written.
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend bool operator==(const trace_id&, const trace_id&) = default;
};

/// Thirty-two hexadecimal digits in lower case.
[[nodiscard]] std::string to_string(trace_id id);

/// Names a span within its trace. Zero names none.
struct span_id {
  std::uint64_t value = 0;

  friend bool operator==(const span_id&, const span_id&) = default;
};

/// Sixteen hexadecimal digits in lower case.
[[nodiscard]] std::string to_string(span_id id);

// -- the context ----------------------------------------------------------------------------------

/// The most bytes of a `tracestate` that are kept (section 3.3.1.5).
inline constexpr std::size_t max_tracestate_size = 512;

/// What a span hands to those that it causes.
struct trace_context {
  /// The bit of `flags` that says that the span is recorded (section 3.2.2.5.1).
  static constexpr std::uint8_t sampled_flag = 1;
  /// The bit of `flags` that says that the end of the trace's id is random (section 3.2.2.5.2).
  static constexpr std::uint8_t random_flag = 2;

  trace_id trace;
  span_id span;
  std::uint8_t flags = 0;
  /// What other systems have noted, as in the header `tracestate`; handed on as it is.
  std::string state = {};

  /// Whether it names a span.
  [[nodiscard]] bool valid() const noexcept { return trace != trace_id{} && span != span_id{}; }

  [[nodiscard]] bool sampled() const noexcept { return (flags & sampled_flag) != 0; }

  friend bool operator==(const trace_context&, const trace_context&) = default;
};

/// Reads the values of the headers `traceparent` and `tracestate`. Nothing when the first breaks
/// the rules (section 3.2.2): then a new trace has to begin. Of versions to come it reads the part
/// that is known. A `tracestate` that breaks the rules is left out, and one that is too long is
/// cut.
[[nodiscard]] std::optional<trace_context> parse_traceparent(std::string_view parent,
                                                             std::string_view state = {});

/// Writes the value of the header `traceparent`, in version 00. The context must be valid.
[[nodiscard]] std::string to_traceparent(const trace_context& what);

} // namespace wsengine
