// recording.cpp: the lines of recordings, what is wrong with bad ones, and the page that draws
// them.

#define CAF_SUITE recording

#include "wsengine/recording.hpp"

#include "masking.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using namespace std::literals;

namespace {

std::string problem_of(const std::string& text) {
  std::istringstream in{text};
  optional<recording_problem> problem;
  static_cast<void>(read_recording(in, problem));
  return problem ? to_string(*problem) : "";
}

std::vector<recorded_event> read(const std::string& text) {
  std::istringstream in{text};
  optional<recording_problem> problem;
  auto result = read_recording(in, problem);
  if (problem)
    CAF_FAIL(to_string(*problem));
  return result;
}

recorded_event event(const char* what, std::size_t connection) {
  recorded_event result;
  result.what = what;
  result.connection = connection;
  return result;
}

std::vector<recorded_event> samples() {
  std::vector<recorded_event> result;
  auto dial = event("dial", 1);
  dial.by = "engine";
  dial.request = handshake_request{"ws://example.org/", {{"X", "1"}, {"X", "2"}}, {"chat", "b"}};
  result.push_back(dial);
  auto open = event("open", 1);
  open.at = 1500us;
  open.response = handshake_response{101, "chat", "permessage-deflate", {{"A", "b"}}, "", {}};
  result.push_back(open);
  auto received = event("received", 1);
  received.at = 2s;
  received.message = data_message{message_kind::text, payload{"a\"b\n\u00e4<"s}};
  result.push_back(received);
  received.message = data_message{message_kind::binary, payload{"\x00\xff\x01"s}, false};
  result.push_back(received);
  received.message = data_message{message_kind::text, payload{"\xc3"s}, false};
  result.push_back(received);
  auto failed = event("dial_failed", 2);
  failed.name = "upgrade_refused";
  failed.info = "upgrade_refused: 503";
  failed.response = handshake_response{503, "", "", {}, "busy", {}};
  result.push_back(failed);
  auto over = event("over", 1);
  over.details = close_details{close_code{4001}, "bye"};
  result.push_back(over);
  auto call = event("callback", 0);
  call.name = "on_open";
  call.info = "restarting";
  result.push_back(call);
  return result;
}

const auto header = recording_header() + "\n";

} // namespace

CAF_TEST(events survive being written and read) {
  auto all = samples();
  auto text = header;
  for (const auto& x : all)
    text += to_line(x) + "\n";
  auto back = read(text);
  CAF_REQUIRE_EQUAL(back.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAF_MESSAGE(to_line(all[i]));
    CAF_CHECK(back[i] == all[i]);
  }
}

CAF_TEST(a line is one line and says what it is) {
  CAF_CHECK_EQUAL(header, "{\"wsengine_recording\":1}\n");
  for (const auto& x : samples())
    CAF_CHECK_EQUAL(to_line(x).find('\n'), std::string::npos);
  auto call = event("callback", 0);
  call.name = "on_open";
  CAF_CHECK_EQUAL(to_line(call), R"({"t_ms":0.000,"event":"callback","name":"on_open"})");
}

CAF_TEST(base64 of every length) {
  for (std::size_t size = 0; size < 9; ++size) {
    auto x = event("write", 1);
    x.message = data_message{message_kind::binary, payload{std::string(size, '\xfe')}};
    CAF_CHECK(read(header + to_line(x) + "\n").at(0) == x);
  }
  const auto* bad = R"({"t_ms":0,"event":"write","connection":1,"kind":"binary","base64":"A==="})";
  CAF_CHECK_EQUAL(problem_of(header + bad + "\n"), "line 2: \"base64\" is not base64");
}

CAF_TEST(a newer version is refused) {
  CAF_CHECK_EQUAL(problem_of("{\"wsengine_recording\":2}\n"),
                  "line 1: the recording has version 2; this program reads versions up to 1");
  CAF_CHECK_EQUAL(problem_of("{\"event\":\"dial\"}\n"),
                  "line 1: this is no recording of wsengine: there is no version");
  CAF_CHECK_EQUAL(problem_of(""), "line 1: the recording is empty");
}

CAF_TEST(what is wrong is told with its line) {
  auto problem = [](const std::string& line) {
    return problem_of(header + "{\"t_ms\":0,\"event\":\"callback\"}\n" + line + "\n");
  };
  CAF_CHECK_EQUAL(problem("{").substr(0, 26), "line 3: this is no JSON: i");
  CAF_CHECK_EQUAL(problem("[]"), "line 3: this is no JSON object");
  CAF_CHECK_EQUAL(problem("{\"t_ms\":0}"), "line 3: \"event\" is missing");
  CAF_CHECK_EQUAL(problem("{\"event\":\"x\"}"), "line 3: \"t_ms\" is missing or no number");
  CAF_CHECK_EQUAL(problem("{\"event\":\"x\",\"t_ms\":-1}"), "line 3: \"t_ms\" is out of range");
  CAF_CHECK_EQUAL(problem("{\"event\":\"x\",\"t_ms\":1e300}"), "line 3: \"t_ms\" is out of range");
  CAF_CHECK_EQUAL(problem("{\"event\":\"dial\",\"t_ms\":0}"), "line 3: \"dial\" needs \"url\"");
  CAF_CHECK_EQUAL(problem("{\"event\":\"over\",\"t_ms\":0}"), "line 3: \"over\" needs \"code\"");
  CAF_CHECK_EQUAL(problem("{\"event\":\"received\",\"t_ms\":0,\"kind\":\"x\"}"),
                  "line 3: \"kind\" is neither text nor binary");
  CAF_CHECK_EQUAL(problem("{\"event\":\"received\",\"t_ms\":0,\"kind\":\"text\"}"),
                  "line 3: a message needs \"text\" or \"base64\"");
  CAF_CHECK_EQUAL(problem("{\"event\":\"over\",\"t_ms\":0,\"code\":70000}"),
                  "line 3: \"code\" is no number from 0 to 65535");
  CAF_CHECK_EQUAL(problem("{\"event\":\"open\",\"t_ms\":0,\"status\":101,\"headers\":[1]}"),
                  "line 3: \"headers\" has a field that is no pair of texts");
}

CAF_TEST(half a line at the end is left out) {
  auto whole = header + to_line(event("callback", 0)) + "\n";
  CAF_CHECK_EQUAL(read(whole + "{\"t_ms\":1,\"ev").size(), 1u);
  CAF_CHECK_EQUAL(read(whole + to_line(event("answer", 0))).size(), 1u);
}

CAF_TEST(credentials are masked) {
  CAF_CHECK_EQUAL(masked_url("wss://me:secret@host:1/a@b"), "wss://***@host:1/a@b");
  CAF_CHECK_EQUAL(masked_url("ws://host/?x=a@b"), "ws://host/?x=a@b");
  auto request = masked(handshake_request{
    "ws://u@h/",
    {{"authorization", "x"}, {"Cookie", "y"}, {"Proxy-Authorization", "z"}, {"A", "b"}},
    {}});
  auto expected = handshake_request{
    "ws://***@h/",
    {{"authorization", "***"}, {"Cookie", "***"}, {"Proxy-Authorization", "***"}, {"A", "b"}},
    {}};
  CAF_CHECK(request == expected);
  handshake_response response;
  response.headers = {{"SET-Cookie", "x"}, {"Location", "ws://u:p@h/"}, {"Server", "s"}};
  auto headers = masked(response).headers;
  CAF_CHECK(
    headers
    == (header_fields{{"SET-Cookie", "***"}, {"Location", "ws://***@h/"}, {"Server", "s"}}));
}

CAF_TEST(the page escapes everything) {
  auto evil = event("received", 1);
  evil.message = data_message{message_kind::text, payload{"</script><script>alert(1)</script>&"}};
  auto page = trace_page({evil}, "<b>&");
  CAF_CHECK_EQUAL(page.find("alert(1)</script>"), std::string::npos);
  CAF_CHECK(page.find("\\u003c/script\\u003e\\u003cscript\\u003ealert(1)") != std::string::npos);
  CAF_CHECK(page.find("<title>&lt;b&gt;&amp;</title>") != std::string::npos);
  // Nothing is loaded from elsewhere: the only address is the name of SVG's elements.
  auto first = page.find("://");
  CAF_CHECK_EQUAL(page.substr(first, 22), "://www.w3.org/2000/svg");
  CAF_CHECK_EQUAL(page.find("://", first + 1), std::string::npos);
}
