// span_facts.hpp: what spans of engines and handlers have in common: of whom they are, what they
// say about messages (after OpenTelemetry's conventions for messaging), and how they end.

#pragma once

#include "wsengine/message.hpp"
#include "wsengine/observer.hpp"
#include "wsengine/tracing.hpp"

#include <caf/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::internal {

/// Says of which engine a span is, and of which session; the id zero stands for none.
inline void add_subject(active_span& to, const subject& who) {
  to.set("wsengine.engine.id", static_cast<std::int64_t>(who.engine));
  if (who.session != session_id{})
    to.set("wsengine.session.id", to_string(who.session));
}

/// Says in which session a callback is, and which dial has opened that.
inline void add_session(active_span& to, const observation& view) {
  to.link(view.dial);
  add_subject(to, view.who);
}

/// Ends a span, with a failure if there is one; does nothing without a span.
inline void end_span(const std::shared_ptr<active_span>& what, const caf::error& failure = {}) {
  if (!what)
    return;
  if (failure)
    what->fail(failure);
  what->end();
}

inline void add_message_facts(active_span& to, const char* operation, message_kind kind,
                              std::size_t size) {
  to.set("messaging.system", std::string{"websocket"});
  to.set("messaging.operation.type", std::string{operation});
  to.set("messaging.message.body.size", static_cast<std::int64_t>(size));
  to.set("wsengine.message.kind", to_string(kind));
}

/// Begins the span of an `on_message`; nothing without a tracer, or when it is not recorded.
inline active_span begin_on_message(const observation& view) {
  if (!view.traces)
    return {};
  auto result = view.traces->begin_sampled("on_message", span_kind::consumer, {},
                                           view.traces->options().message_ratio);
  if (result)
    add_session(result, view);
  return result;
}

/// Begins the span of the callback for a message.
inline active_span trace_message(const observation& view, message_kind kind, std::size_t size) {
  auto result = begin_on_message(view);
  if (result)
    add_message_facts(result, "process", kind, size);
  return result;
}

/// The same for a batch.
inline active_span trace_batch(const observation& view, const std::vector<data_message>& all) {
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
  add_session(result, view);
  result.set("wsengine.cause", describe(cause));
  return result;
}

} // namespace wsengine::internal
