// tracing.hpp: spans of what engines do, and of what their users do about it.
//
// A tracer is given to engines by `engine_hooks::traces`. It decides what is recorded and hands
// spans to a sink when they are over. docs/tracing.md lists the spans. An engine without a tracer
// pays for a null pointer.

#pragma once

#include "wsengine/error.hpp"
#include "wsengine/span.hpp"
#include "wsengine/trace_parent.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace wsengine {

class tracer;

// -- options --------------------------------------------------------------------------------------

/// The options of a tracer.
struct tracing_options {
  /// How many of the traces that begin here are recorded, from 0 to 1. Decided by the trace's id,
  /// as OpenTelemetry's `TraceIdRatioBased` does. What has a parent follows its parent.
  double ratio = 1;
  /// The same for `on_message`: each message begins a trace of its own, linked to the dial of its
  /// session, for a session may live for days and bring a million of them.
  double message_ratio = 1;
  /// Whether the upgrade request carries `traceparent`, and `tracestate` if there is one, of the
  /// dial. A `traceparent` of the user's own stays.
  bool propagate = false;
  /// Asked for the time. Default: the system's clock. Called from any thread.
  std::function<span_time()> now = {};
  /// Draws identities, which must differ. Default: a random generator. Called from any thread.
  std::function<std::uint64_t()> random = {};
};

// -- spans that last ------------------------------------------------------------------------------

/// A span that is not over yet. Ends when it is destroyed, if not before. What is not recorded
/// costs nothing to fill in. For one thread at a time.
class active_span {
public:
  /// Nothing at all.
  active_span() = default;

  active_span(active_span&& other) noexcept = default;

  active_span& operator=(active_span&& other) noexcept {
    end();
    context_ = std::move(other.context_);
    recording_ = std::move(other.recording_);
    return *this;
  }

  ~active_span() { end(); }

  /// Whether it is recorded, so that filling it in makes sense.
  explicit operator bool() const noexcept { return recording_ != nullptr; }

  /// Itself as the parent of others: also when it is not recorded, and then neither are they.
  [[nodiscard]] const trace_parent& context() const noexcept { return context_; }

  /// Adds an attribute, or gives it another value.
  void set(std::string_view key, attribute_value value);

  /// Adds an event of now. Beyond 32 they are only counted.
  void event(std::string name, attribute_list attributes = {});

  /// Adds a link to a span that is recorded; does nothing for others.
  void link(const trace_parent& to);

  /// Says that it fails: the status, and the attribute `error.type`.
  void fail(std::string type, std::string text);

  /// The same with the name of the error's code and its text.
  void fail(const caf::error& cause);

  /// Ends it and hands it to the sink.
  void end() noexcept {
    if (recording_)
      finish();
  }

private:
  friend class tracer;

  struct recording;
  struct recording_deleter {
    void operator()(recording* what) const noexcept;
  };

  void finish() noexcept;

  trace_parent context_;
  std::unique_ptr<recording, recording_deleter> recording_;
};

// -- the tracer -----------------------------------------------------------------------------------

/// Begins spans. All functions may be called from any thread.
class tracer {
public:
  tracer(tracing_options options, std::shared_ptr<span_sink> to);

  ~tracer();

  tracer(const tracer&) = delete;
  tracer& operator=(const tracer&) = delete;

  [[nodiscard]] const tracing_options& options() const noexcept;

  /// Begins a span as a child, or without a parent as the first of a trace.
  [[nodiscard]] active_span begin(std::string name, span_kind kind = span_kind::internal,
                                  const trace_parent& parent = {}) const;

  /// The same for what happens often: nothing at all when it would not be recorded, so that no
  /// identity has to be kept. Without a parent, `ratio` of them are recorded.
  [[nodiscard]] active_span begin_sampled(const char* name, span_kind kind,
                                          const trace_parent& parent, double ratio) const;

private:
  friend class active_span;
  struct core;

  [[nodiscard]] active_span record(std::string name, span_kind kind, const trace_parent& parent,
                                   trace_context context) const;

  std::shared_ptr<const core> core_;
};

/// Makes a tracer for `engine_hooks::traces`.
[[nodiscard]] std::shared_ptr<const tracer> make_tracer(tracing_options options,
                                                        std::shared_ptr<span_sink> to);

} // namespace wsengine
