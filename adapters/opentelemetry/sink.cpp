// sink.cpp: see wsengine/opentelemetry.hpp.

#include "wsengine/opentelemetry.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <opentelemetry/common/key_value_iterable_view.h>
#include <opentelemetry/sdk/instrumentationscope/instrumentation_scope.h>
#include <opentelemetry/sdk/trace/recordable.h>
#include <opentelemetry/trace/span_context.h>
#include <opentelemetry/trace/trace_state.h>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace wsengine {

namespace otel = opentelemetry;

namespace {

// -- values ---------------------------------------------------------------------------------------

// Valid as long as the value lives.
otel::common::AttributeValue view_of(const attribute_value& value) {
  return std::visit(
    [](const auto& x) -> otel::common::AttributeValue {
      if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::string>)
        return otel::nostd::string_view{x.data(), x.size()};
      else
        return x;
    },
    value);
}

using attribute_views =
  std::vector<std::pair<otel::nostd::string_view, otel::common::AttributeValue>>;

attribute_views views_of(const attribute_list& all) {
  attribute_views result;
  for (const auto& x : all)
    result.emplace_back(otel::nostd::string_view{x.key.data(), x.key.size()}, view_of(x.value));
  return result;
}

// The bytes of a number, the highest first.
template <std::size_t Size>
void put(std::uint64_t value, std::uint8_t (&to)[Size], std::size_t at) {
  for (std::size_t i = 0; i < 8; ++i)
    to[at + i] = static_cast<std::uint8_t>(value >> (8 * (7 - i)));
}

otel::trace::TraceId convert(trace_id id) {
  std::uint8_t bytes[otel::trace::TraceId::kSize];
  put(id.high, bytes, 0);
  put(id.low, bytes, 8);
  return otel::trace::TraceId{bytes};
}

otel::trace::SpanId convert(span_id id) {
  std::uint8_t bytes[otel::trace::SpanId::kSize];
  put(id.value, bytes, 0);
  return otel::trace::SpanId{bytes};
}

otel::trace::SpanContext convert(const trace_context& what) {
  return {convert(what.trace), convert(what.span), otel::trace::TraceFlags{what.flags}, false,
          otel::trace::TraceState::FromHeader(what.state)};
}

otel::trace::SpanKind convert(span_kind kind) {
  switch (kind) {
    case span_kind::internal: return otel::trace::SpanKind::kInternal;
    case span_kind::server: return otel::trace::SpanKind::kServer;
    case span_kind::client: return otel::trace::SpanKind::kClient;
    case span_kind::producer: return otel::trace::SpanKind::kProducer;
    case span_kind::consumer: return otel::trace::SpanKind::kConsumer;
  }
  return otel::trace::SpanKind::kInternal;
}

otel::trace::StatusCode convert(span_status status) {
  switch (status) {
    case span_status::unset: return otel::trace::StatusCode::kUnset;
    case span_status::ok: return otel::trace::StatusCode::kOk;
    case span_status::error: return otel::trace::StatusCode::kError;
  }
  return otel::trace::StatusCode::kUnset;
}

otel::common::SystemTimestamp convert(span_time when) {
  return otel::common::SystemTimestamp{when.time_since_epoch()};
}

// -- spans ----------------------------------------------------------------------------------------

void fill(otel::sdk::trace::Recordable& to, const span& from) {
  to.SetIdentity(convert(from.context),
                 from.parent ? convert(*from.parent) : otel::trace::SpanId{});
  to.SetName(from.name);
  to.SetSpanKind(convert(from.kind));
  to.SetTraceFlags(otel::trace::TraceFlags{from.context.flags});
  to.SetStartTime(convert(from.start));
  to.SetDuration(from.end - from.start);
  to.SetStatus(convert(from.status), from.status_text);
  for (const auto& [key, value] : views_of(from.attributes))
    to.SetAttribute(key, value);
  for (const auto& x : from.events) {
    auto facts = views_of(x.attributes);
    to.AddEvent(x.name, convert(x.when),
                otel::common::KeyValueIterableView<attribute_views>{facts});
  }
  for (const auto& x : from.links) {
    auto facts = views_of(x.attributes);
    to.AddLink(convert(x.to), otel::common::KeyValueIterableView<attribute_views>{facts});
  }
}

class opentelemetry_sink final : public span_sink {
public:
  opentelemetry_sink(std::shared_ptr<otel::sdk::trace::SpanProcessor> to,
                     otel::sdk::resource::Resource about)
    : to_(std::move(to)),
      about_(std::move(about)),
      scope_(otel::sdk::instrumentationscope::InstrumentationScope::Create("wsengine")) {}

  // What was given to the processor still refers to members.
  ~opentelemetry_sink() override { to_->ForceFlush(); }

  void write(span what) override {
    auto recordable = to_->MakeRecordable();
    fill(*recordable, what);
    recordable->SetResource(about_);
    recordable->SetInstrumentationScope(*scope_);
    to_->OnEnd(std::move(recordable));
  }

private:
  std::shared_ptr<otel::sdk::trace::SpanProcessor> to_;
  otel::sdk::resource::Resource about_;
  otel::nostd::unique_ptr<otel::sdk::instrumentationscope::InstrumentationScope> scope_;
};

} // namespace

std::shared_ptr<span_sink>
make_opentelemetry_sink(std::shared_ptr<otel::sdk::trace::SpanProcessor> to,
                        otel::sdk::resource::Resource about) {
  return std::make_shared<opentelemetry_sink>(std::move(to), std::move(about));
}

} // namespace wsengine
