// redirect.cpp: where redirects lead, and what goes along.

#define CAF_SUITE redirect

#include "rules/redirect.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>

using namespace wsengine;

namespace {

handshake_response to(std::uint16_t status, const std::string& location) {
  handshake_response result;
  result.status = status;
  result.headers = {{"location", location}};
  return result;
}

/// Where a redirect leads; what is wrong with it, in parentheses.
std::string target(const std::string& from, const std::string& location) {
  handshake_request request;
  request.url = from;
  std::string problem;
  auto result = rules::follow(request, to(302, location), problem);
  return result ? result->request.url : "(" + problem + ")";
}

header_fields left_after(const std::string& from, const std::string& location) {
  handshake_request request;
  request.url = from;
  request.headers = {{"authorization", "a"}, {"X-Other", "b"}, {"Cookie", "c"}, {"Host", "d"}};
  std::string problem;
  return rules::follow(request, to(302, location), problem).value().request.headers;
}

} // namespace

CAF_TEST(which statuses are redirects) {
  for (std::uint16_t status = 100; status < 600; ++status) {
    auto is = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    CAF_CHECK_EQUAL(rules::is_redirect(to(status, "ws://x/")), is);
  }
}

CAF_TEST(absolute locations) {
  CAF_CHECK_EQUAL(target("ws://a/x", "ws://b:81/y?z"), "ws://b:81/y?z");
  CAF_CHECK_EQUAL(target("ws://a/x", "http://b/y"), "ws://b/y");
  CAF_CHECK_EQUAL(target("ws://a/x", "HTTPS://b/y#part"), "wss://b/y");
  CAF_CHECK_EQUAL(target("wss://a/x", "//b/y"), "wss://b/y");
}

CAF_TEST(relative locations) {
  const std::string base = "ws://a:81/b/c/d?q";
  CAF_CHECK_EQUAL(target(base, "/x"), "ws://a:81/x");
  CAF_CHECK_EQUAL(target(base, "x"), "ws://a:81/b/c/x");
  CAF_CHECK_EQUAL(target(base, "x/?y"), "ws://a:81/b/c/x/?y");
  CAF_CHECK_EQUAL(target(base, "../x"), "ws://a:81/b/x");
  CAF_CHECK_EQUAL(target(base, "../../../x"), "ws://a:81/x");
  CAF_CHECK_EQUAL(target(base, "./"), "ws://a:81/b/c/");
  CAF_CHECK_EQUAL(target(base, ".."), "ws://a:81/b/");
  CAF_CHECK_EQUAL(target(base, "?y"), "ws://a:81/b/c/d?y");
  CAF_CHECK_EQUAL(target(base, "x?a=/../b"), "ws://a:81/b/c/x?a=/../b");
  CAF_CHECK_EQUAL(target(base, ""), base);
}

CAF_TEST(locations that are not followed) {
  CAF_CHECK_EQUAL(target("wss://a/", "ws://a/"), "(it leads from wss to ws)");
  CAF_CHECK_EQUAL(target("wss://a/", "http://a/"), "(it leads from wss to ws)");
  for (const auto* bad : {"ftp://a/", "mailto:x", "ws://", "ws://u@h/", "/a b", "ws://a:x/"})
    CAF_CHECK(target("ws://a/", bad).starts_with("(its location is no WebSocket URL"));
  handshake_request request;
  request.url = "ws://a/";
  std::string problem;
  CAF_CHECK(!rules::follow(request, {302, "", "", {}}, problem));
  CAF_CHECK_EQUAL(problem, "it names no location");
}

CAF_TEST(credentials stay with their host) {
  CAF_CHECK_EQUAL(left_after("ws://a/", "/x").size(), 4U);
  CAF_CHECK_EQUAL(left_after("ws://a/", "ws://A/x").size(), 4U);
  CAF_CHECK_EQUAL(left_after("ws://a/", "wss://a/x").size(), 4U);
  for (const auto* other : {"ws://b/", "ws://a:81/", "wss://a:444/", "ws://a.b/"})
    CAF_CHECK(left_after("ws://a/", other) == (header_fields{{"X-Other", "b"}}));
}
