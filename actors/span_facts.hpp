// span_facts.hpp: what spans say about messages, after OpenTelemetry's conventions for messaging.

#pragma once

#include "wsengine/message.hpp"
#include "wsengine/observer.hpp"
#include "wsengine/tracing.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::internal {

inline void add_message_facts(active_span& to, const char* operation, message_kind kind,
                              std::size_t size) {
  to.set("messaging.system", std::string{"websocket"});
  to.set("messaging.operation.type", std::string{operation});
  to.set("messaging.message.body.size", static_cast<std::int64_t>(size));
  to.set("wsengine.message.kind", to_string(kind));
}

/// Begins the span of an `on_message`; nothing when it is not recorded.
inline active_span begin_on_message(const observation& view) {
  auto result = view.traces->begin_sampled("on_message", span_kind::consumer, {},
                                           view.traces->options().message_ratio);
  if (result) {
    result.link(view.dial);
    result.set("wsengine.engine.id", static_cast<std::int64_t>(view.who.engine));
    result.set("wsengine.session.id", to_string(view.who.session));
  }
  return result;
}

/// Begins the span of the callback for a message; nothing without a tracer.
inline active_span trace_message(const observation& view, message_kind kind, std::size_t size) {
  if (!view.traces)
    return {};
  auto result = begin_on_message(view);
  if (result)
    add_message_facts(result, "process", kind, size);
  return result;
}

/// The same for a batch.
inline active_span trace_batch(const observation& view, const std::vector<data_message>& all) {
  if (!view.traces)
    return {};
  auto result = begin_on_message(view);
  if (!result)
    return result;
  std::size_t bytes = 0;
  for (const auto& x : all)
    bytes += x.data.size();
  add_message_facts(result, "process", all.front().kind, bytes);
  result.set("messaging.batch.message_count", static_cast<std::int64_t>(all.size()));
  return result;
}

/// Begins the span of an `on_read_error`.
inline active_span trace_read_error(const observation& view, const caf::error& cause) {
  if (!view.traces)
    return {};
  auto result = view.traces->begin("on_read_error");
  result.link(view.dial);
  result.set("wsengine.engine.id", static_cast<std::int64_t>(view.who.engine));
  result.set("wsengine.session.id", to_string(view.who.session));
  result.set("wsengine.cause", describe(cause));
  return result;
}

} // namespace wsengine::internal
