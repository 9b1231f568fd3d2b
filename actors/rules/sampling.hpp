// sampling.hpp: the rule which traces are recorded.

#pragma once

#include "wsengine/trace_context.hpp"

namespace wsengine::rules {

/// Whether a trace with that id is among the recorded part, from 0 to 1. Programs that ask for the
/// same part decide alike, and a larger part has all of a smaller one: as OpenTelemetry's
/// `TraceIdRatioBased` sampler does, by the last eight bytes of the id without their lowest bit.
[[nodiscard]] bool is_sampled(trace_id id, double ratio) noexcept;

} // namespace wsengine::rules
