// lines.cpp: spans as JSON, as OTLP 1.x defines it; see wsengine/otlp.hpp.
//
// The JSON of protocol buffers, but for ids, which are in hexadecimal digits: numbers of 64 bits
// are strings, enumerations are numbers.

#include "wsengine/encoding.hpp"
#include "wsengine/otlp.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cmath>
#include <string_view>
#include <utility>

namespace wsengine {

namespace json = boost::json;

namespace {

// -- values ---------------------------------------------------------------------------------------

json::string text(std::string_view what) {
  return json::string{to_utf8(what)};
}

json::string nanoseconds(span_time when) {
  return json::string{std::to_string(when.time_since_epoch().count())};
}

struct to_any_value {
  json::object operator()(bool x) const { return {{"boolValue", x}}; }

  json::object operator()(std::int64_t x) const { return {{"intValue", std::to_string(x)}}; }

  json::object operator()(double x) const {
    // What JSON has no number for is a string.
    if (std::isnan(x))
      return {{"doubleValue", "NaN"}};
    if (std::isinf(x))
      return {{"doubleValue", x > 0 ? "Infinity" : "-Infinity"}};
    return {{"doubleValue", x}};
  }

  json::object operator()(const std::string& x) const { return {{"stringValue", text(x)}}; }
};

void add_attributes(json::object& to, const attribute_list& all) {
  json::array result;
  for (const auto& x : all)
    result.push_back(
      json::object{{"key", text(x.key)}, {"value", std::visit(to_any_value{}, x.value)}});
  if (!result.empty())
    to["attributes"] = std::move(result);
  to["droppedAttributesCount"] = 0;
}

void add_context(json::object& to, const trace_context& what) {
  to["traceId"] = to_string(what.trace);
  to["spanId"] = to_string(what.span);
  if (!what.state.empty())
    to["traceState"] = text(what.state);
  to["flags"] = what.flags;
}

// -- spans ----------------------------------------------------------------------------------------

json::object to_json(const span_event& what) {
  json::object result{{"timeUnixNano", nanoseconds(what.when)}, {"name", text(what.name)}};
  add_attributes(result, what.attributes);
  return result;
}

json::object to_json(const span_link& what) {
  json::object result;
  add_context(result, what.to);
  add_attributes(result, what.attributes);
  return result;
}

json::object to_json(const span& what);

template <class T>
json::array to_array(const std::vector<T>& all) {
  json::array result;
  for (const auto& x : all)
    result.push_back(to_json(x));
  return result;
}

json::object status_of(const span& what) {
  json::object result;
  if (what.status != span_status::unset)
    result["code"] = static_cast<unsigned>(what.status);
  if (!what.status_text.empty())
    result["message"] = text(what.status_text);
  return result;
}

json::object to_json(const span& what) {
  json::object result;
  add_context(result, what.context);
  if (what.parent)
    result["parentSpanId"] = to_string(*what.parent);
  result["name"] = text(what.name);
  result["kind"] = static_cast<unsigned>(what.kind);
  result["startTimeUnixNano"] = nanoseconds(what.start);
  result["endTimeUnixNano"] = nanoseconds(what.end);
  add_attributes(result, what.attributes);
  if (!what.events.empty())
    result["events"] = to_array(what.events);
  result["droppedEventsCount"] = what.dropped_events;
  if (!what.links.empty())
    result["links"] = to_array(what.links);
  result["droppedLinksCount"] = 0;
  result["status"] = status_of(what);
  return result;
}

json::object resource_of(const otlp_file_options& options) {
  attribute_list all{{"service.name", options.service_name},
                     {"telemetry.sdk.name", std::string{"wsengine"}},
                     {"telemetry.sdk.language", std::string{"cpp"}}};
  all.insert(all.end(), options.resource.begin(), options.resource.end());
  json::object result;
  add_attributes(result, all);
  return result;
}

} // namespace

std::string to_otlp_line(const std::vector<span>& spans, const otlp_file_options& options) {
  json::object scope_spans{{"scope", json::object{{"name", "wsengine"}}},
                           {"spans", to_array(spans)}};
  json::object resource_spans{{"resource", resource_of(options)},
                              {"scopeSpans", json::array{std::move(scope_spans)}}};
  return json::serialize(json::object{{"resourceSpans", json::array{std::move(resource_spans)}}});
}

} // namespace wsengine
