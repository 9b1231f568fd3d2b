// sink.cpp: spans as the SDK of opentelemetry-cpp gets them. A program of its own, without CAF, so
// that it is built wherever that SDK is. Ends with the number of checks that have failed.

#include "wsengine/opentelemetry.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <opentelemetry/exporters/memory/in_memory_span_data.h>
#include <opentelemetry/exporters/memory/in_memory_span_exporter.h>
#include <opentelemetry/nostd/variant.h>
#include <opentelemetry/sdk/trace/batch_span_processor.h>
#include <opentelemetry/sdk/trace/batch_span_processor_options.h>
#include <opentelemetry/sdk/trace/span_data.h>
#include <string>
#include <utility>
#include <vector>

namespace otel = opentelemetry;
using namespace wsengine;

namespace {

int failures = 0;

void check(bool holds, const char* what) {
  if (holds)
    return;
  ++failures;
  std::cerr << "failed: " << what << '\n';
}

template <class Id>
std::string hex(const Id& id) {
  char text[2 * Id::kSize];
  id.ToLowerBase16(text);
  return {text, sizeof(text)};
}

span make_span() {
  span result;
  result.name = "dial";
  result.kind = span_kind::client;
  result.context = {{0x0102, 0x0304}, {0x0506}, trace_context::sampled_flag, "vendor=x"};
  result.parent = span_id{0x0708};
  result.start = span_time{std::chrono::nanoseconds{1'700'000'000'000'000'001}};
  result.end = result.start + std::chrono::milliseconds{5};
  result.attributes = {
    {"text", std::string{"x"}}, {"number", std::int64_t{-7}}, {"share", 0.5}, {"flag", true}};
  result.events = {{"retry", result.start, {{"n", std::int64_t{1}}}}};
  result.links = {{{{9, 10}, {11}, trace_context::sampled_flag, ""}, {}}};
  result.status = span_status::error;
  result.status_text = "refused";
  return result;
}

void check_span(const otel::sdk::trace::SpanData& got) {
  check(std::string{got.GetName()} == "dial", "the name");
  check(hex(got.GetTraceId()) == "00000000000001020000000000000304", "the trace's id");
  check(hex(got.GetSpanId()) == "0000000000000506", "the span's id");
  check(hex(got.GetParentSpanId()) == "0000000000000708", "the parent");
  check(got.GetSpanContext().trace_state()->ToHeader() == "vendor=x", "the state");
  check(got.GetSpanKind() == otel::trace::SpanKind::kClient, "the kind");
  check(got.GetStartTime().time_since_epoch()
          == std::chrono::nanoseconds{1'700'000'000'000'000'001},
        "the start");
  check(got.GetDuration() == std::chrono::milliseconds{5}, "the duration");
  check(got.GetStatus() == otel::trace::StatusCode::kError, "the status");
  check(std::string{got.GetDescription()} == "refused", "the text of the status");
  const auto& facts = got.GetAttributes();
  check(otel::nostd::get<std::string>(facts.at("text")) == "x", "a text");
  check(otel::nostd::get<std::int64_t>(facts.at("number")) == -7, "a number");
  check(otel::nostd::get<double>(facts.at("share")) == 0.5, "a fraction");
  check(otel::nostd::get<bool>(facts.at("flag")), "a flag");
  check(got.GetEvents().size() == 1 && got.GetEvents()[0].GetName() == "retry", "the event");
  check(got.GetLinks().size() == 1
          && hex(got.GetLinks()[0].GetSpanContext().span_id()) == "000000000000000b",
        "the link");
  check(got.GetInstrumentationScope().GetName() == "wsengine", "the scope");
  const auto& about = got.GetResource().GetAttributes();
  check(otel::nostd::get<std::string>(about.at("service.name")) == "prices", "the resource");
}

} // namespace

int main() {
  auto exporter = std::make_unique<otel::exporter::memory::InMemorySpanExporter>(100);
  auto data = exporter->GetData();
  auto processor = std::make_shared<otel::sdk::trace::BatchSpanProcessor>(
    std::move(exporter), otel::sdk::trace::BatchSpanProcessorOptions{});
  {
    auto sink = make_opentelemetry_sink(
      processor, otel::sdk::resource::Resource::Create({{"service.name", "prices"}}));
    sink->write(make_span());
    processor->ForceFlush();
    auto got = data->GetSpans();
    check(got.size() == 1, "a span was exported");
    if (got.size() == 1)
      check_span(*got[0]);
    sink->write(make_span());
  }
  check(data->GetSpans().size() == 1, "what waits is exported before the sink is gone");
  processor->Shutdown();
  return failures;
}
