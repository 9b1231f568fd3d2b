// otlp.cpp: spans as lines of OTLP, and the file that gets them.

#define CAF_SUITE otlp

#include "wsengine/otlp.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include <condition_variable>
#include <limits>
#include <mutex>
#include <sstream>
#include <streambuf>
#include <string>

using namespace wsengine;
namespace json = boost::json;

namespace {

span make_span(std::uint64_t id) {
  span result;
  result.name = "dial";
  result.kind = span_kind::client;
  result.context = {{1, 2}, {id}, 1, "vendor=x"};
  result.start = span_time{std::chrono::nanoseconds{1'700'000'000'000'000'001}};
  result.end = result.start + std::chrono::milliseconds{5};
  return result;
}

/// The only span of a line.
json::object only_span(const std::string& line) {
  auto all = json::parse(line).at("resourceSpans").as_array();
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  auto scopes = all[0].at("scopeSpans").as_array();
  CAF_REQUIRE_EQUAL(scopes.size(), 1u);
  auto spans = scopes[0].at("spans").as_array();
  CAF_REQUIRE_EQUAL(spans.size(), 1u);
  return spans[0].as_object();
}

std::string text_of(const json::object& from, const char* key) {
  return json::value_to<std::string>(from.at(key));
}

std::size_t spans_in(const std::string& line) {
  return json::parse(line)
    .at("resourceSpans")
    .at(0)
    .at("scopeSpans")
    .at(0)
    .at("spans")
    .as_array()
    .size();
}

/// A disk that takes no byte until it is told to.
class slow_buffer : public std::stringbuf {
public:
  void let_go() {
    std::lock_guard guard{mutex_};
    open_ = true;
    changed_.notify_all();
  }

  void wait_until_stuck() {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [this] { return stuck_; });
  }

protected:
  std::streamsize xsputn(const char* data, std::streamsize size) override {
    std::unique_lock guard{mutex_};
    stuck_ = true;
    changed_.notify_all();
    changed_.wait(guard, [this] { return open_; });
    return std::stringbuf::xsputn(data, size);
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  bool stuck_ = false;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream from{text};
  for (std::string line; std::getline(from, line);)
    result.push_back(line);
  return result;
}

} // namespace

// -- lines ----------------------------------------------------------------------------------------

CAF_TEST(a span is written as OTLP wants it) {
  auto what = make_span(3);
  what.parent = span_id{0xAB};
  auto found = only_span(to_otlp_line({what}));
  CAF_CHECK_EQUAL(text_of(found, "traceId"), "00000000000000010000000000000002");
  CAF_CHECK_EQUAL(text_of(found, "spanId"), "0000000000000003");
  CAF_CHECK_EQUAL(text_of(found, "parentSpanId"), "00000000000000ab");
  CAF_CHECK_EQUAL(text_of(found, "traceState"), "vendor=x");
  CAF_CHECK_EQUAL(text_of(found, "name"), "dial");
  CAF_CHECK(found.at("kind") == 3);
  CAF_CHECK(found.at("flags") == 1);
  CAF_CHECK_EQUAL(text_of(found, "startTimeUnixNano"), "1700000000000000001");
  CAF_CHECK_EQUAL(text_of(found, "endTimeUnixNano"), "1700000000005000001");
  CAF_CHECK(found.at("status").as_object().empty());
  CAF_CHECK(found.if_contains("events") == nullptr);
}

CAF_TEST(a span without a parent names none) {
  auto what = make_span(3);
  what.context.state.clear();
  auto found = only_span(to_otlp_line({what}));
  CAF_CHECK(found.if_contains("parentSpanId") == nullptr);
  CAF_CHECK(found.if_contains("traceState") == nullptr);
}

CAF_TEST(attributes have the types of their values) {
  auto what = make_span(3);
  what.attributes = {{"a", true},
                     {"b", std::numeric_limits<std::int64_t>::min()},
                     {"c", 0.5},
                     {"d", std::string{"x\"\xff"}},
                     {"e", std::numeric_limits<double>::infinity()}};
  auto found = only_span(to_otlp_line({what}));
  auto expected = json::parse(R"([
    {"key": "a", "value": {"boolValue": true}},
    {"key": "b", "value": {"intValue": "-9223372036854775808"}},
    {"key": "c", "value": {"doubleValue": 0.5}},
    {"key": "d", "value": {"stringValue": "x\"\ufffd"}},
    {"key": "e", "value": {"doubleValue": "Infinity"}}])");
  CAF_CHECK(found.at("attributes") == expected);
}

CAF_TEST(failures events and links are written) {
  auto what = make_span(3);
  what.status = span_status::error;
  what.status_text = "refused";
  what.events = {{"retry", what.start, {{"n", std::int64_t{1}}}}};
  what.dropped_events = 7;
  what.links = {{{{5, 6}, {7}, 1, ""}, {}}};
  auto found = only_span(to_otlp_line({what}));
  CAF_CHECK(found.at("status") == json::parse(R"({"code": 2, "message": "refused"})"));
  CAF_CHECK(found.at("droppedEventsCount") == 7);
  CAF_CHECK(found.at("events") == json::parse(R"([{
    "timeUnixNano": "1700000000000000001", "name": "retry",
    "attributes": [{"key": "n", "value": {"intValue": "1"}}], "droppedAttributesCount": 0}])"));
  CAF_CHECK(found.at("links") == json::parse(R"([{
    "traceId": "00000000000000050000000000000006", "spanId": "0000000000000007", "flags": 1,
    "droppedAttributesCount": 0}])"));
}

CAF_TEST(the resource says which program it was) {
  otlp_file_options options;
  options.service_name = "prices";
  options.resource = {{"service.version", std::string{"1.2"}}};
  auto line = json::parse(to_otlp_line({make_span(3)}, options));
  auto all = line.at("resourceSpans").at(0).at("resource").at("attributes").as_array();
  CAF_CHECK(all.front()
            == json::parse(R"({"key": "service.name", "value": {"stringValue": "prices"}})"));
  CAF_CHECK(all.back()
            == json::parse(R"({"key": "service.version", "value": {"stringValue": "1.2"}})"));
}

// -- the file -------------------------------------------------------------------------------------

CAF_TEST(what waits is written at the end) {
  std::ostringstream to;
  {
    otlp_file_options options;
    options.batch_time = std::chrono::hours{1};
    otlp_file file{to, options};
    for (std::uint64_t i = 1; i <= 3; ++i)
      file.write(make_span(i));
  }
  auto lines = lines_of(to.str());
  CAF_REQUIRE_EQUAL(lines.size(), 1u);
  CAF_CHECK_EQUAL(spans_in(lines[0]), 3u);
}

CAF_TEST(whoever flushes need not wait for the time of a line) {
  std::ostringstream to;
  otlp_file_options options;
  options.batch_time = std::chrono::hours{1};
  otlp_file file{to, options};
  file.flush();
  CAF_CHECK(to.str().empty());
  file.write(make_span(1));
  file.flush();
  CAF_CHECK_EQUAL(lines_of(to.str()).size(), 1u);
}

CAF_TEST(a line has only so many spans) {
  std::ostringstream to;
  otlp_file_options options;
  options.batch_spans = 2;
  options.batch_time = std::chrono::hours{1};
  {
    otlp_file file{to, options};
    for (std::uint64_t i = 1; i <= 5; ++i)
      file.write(make_span(i));
  }
  std::size_t all = 0;
  for (const auto& line : lines_of(to.str())) {
    CAF_CHECK(spans_in(line) <= 2);
    all += spans_in(line);
  }
  CAF_CHECK_EQUAL(all, 5u);
}

CAF_TEST(spans that find no room are counted) {
  slow_buffer disk;
  std::ostream to{&disk};
  otlp_file_options options;
  options.batch_spans = 1;
  options.queue_spans = 3;
  {
    otlp_file file{to, options};
    file.write(make_span(1));
    disk.wait_until_stuck();
    for (std::uint64_t i = 2; i <= 6; ++i)
      file.write(make_span(i));
    CAF_CHECK_EQUAL(file.dropped(), 3u);
    disk.let_go();
    file.flush();
    file.write(make_span(7));
    CAF_CHECK_EQUAL(file.dropped(), 3u);
  }
  CAF_CHECK_EQUAL(lines_of(disk.str()).size(), 4u);
}
