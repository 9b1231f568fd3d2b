// opentelemetry.hpp: hands spans to the SDK of opentelemetry-cpp, and so to whatever exporter a
// program has there. In the library wsengine::opentelemetry, which is built where that is
// installed. Knows nothing of CAF.

#pragma once

#include "wsengine/span.hpp"

#include <memory>
#include <opentelemetry/sdk/resource/resource.h>
#include <opentelemetry/sdk/trace/processor.h>

namespace wsengine {

/// Makes a sink for `make_tracer`. Spans are over and sampled when they come: samplers of the SDK
/// are not asked, and `OnStart` is not called. `to` is what a program would give to its
/// `TracerProvider`; as spans come from actors, one that does not block in `OnEnd`, such as
/// `BatchSpanProcessor`. It is shut down by its owner. The sink flushes it when it is destroyed,
/// for the SDK's spans refer to what the sink holds.
[[nodiscard]] std::shared_ptr<span_sink>
make_opentelemetry_sink(std::shared_ptr<opentelemetry::sdk::trace::SpanProcessor> to,
                        opentelemetry::sdk::resource::Resource about =
                          opentelemetry::sdk::resource::Resource::Create({}));

} // namespace wsengine
