// cookie_jar.cpp: which cookies are kept, and whom they are sent to.

#define CAF_SUITE cookie_jar

#include "rules/cookie_jar.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

struct fixture {
  void set(const std::string& cookie, const std::string& from = "wss://a.example.org/x/y") {
    uut.take({{"Set-Cookie", cookie}}, parse_url(from).value(), now);
  }

  /// What is sent with a request; empty when there is no such field.
  std::string sent(const std::string& to = "wss://a.example.org/x/y", header_fields headers = {}) {
    uut.add_to(headers, parse_url(to).value(), now);
    const auto* field = find_header(headers, "Cookie");
    return field == nullptr ? "" : *field;
  }

  rules::cookie_jar uut;
  timestamp now{1000000h};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cookie_jar_tests, fixture)

CAF_TEST(cookies come back to their host) {
  uut.take({{"set-cookie", "a=1"}, {"Other", "b=2"}, {"Set-Cookie", " c = \"3\" ; HttpOnly"}},
           parse_url("wss://a.example.org/x/y").value(), now);
  CAF_CHECK_EQUAL(sent(), "a=1; c=\"3\"");
  CAF_CHECK_EQUAL(sent("wss://A.example.org:8443/x/z?q"), "a=1; c=\"3\"");
  CAF_CHECK_EQUAL(sent("wss://b.example.org/x/y"), "");
  CAF_CHECK_EQUAL(sent("wss://x.a.example.org/x/y"), "");
}

CAF_TEST(a cookie is replaced by its name domain and path) {
  set("a=1");
  set("a=2");
  CAF_CHECK_EQUAL(sent(), "a=2");
  set("a=3; Path=/");
  CAF_CHECK_EQUAL(sent(), "a=2; a=3");
}

CAF_TEST(domains) {
  set("a=1; Domain=.example.org");
  CAF_CHECK_EQUAL(sent("wss://b.example.org/x/"), "a=1");
  CAF_CHECK_EQUAL(sent("wss://example.org/x/"), "a=1");
  CAF_CHECK_EQUAL(sent("wss://notexample.org/x/"), "");
  set("b=2; Domain=other.org");
  set("c=3; Domain=b.example.org");
  CAF_CHECK_EQUAL(uut.size(), 1U);
  set("d=4; Domain=com", "wss://example.com/");
  CAF_CHECK_EQUAL(sent("wss://example.com/"), "d=4");
  CAF_CHECK_EQUAL(sent("wss://other.com/"), "");
  // No list of public suffixes is at hand, but this one is plain.
  set("e=5; Domain=localhost", "ws://localhost/");
  CAF_CHECK_EQUAL(sent("ws://localhost/"), "e=5");
  CAF_CHECK_EQUAL(sent("ws://x.localhost/"), "");
}

CAF_TEST(addresses have no subdomains) {
  set("a=1; Domain=0.0.1", "ws://127.0.0.1/");
  CAF_CHECK_EQUAL(uut.size(), 0U);
  set("a=1; Domain=127.0.0.1", "ws://127.0.0.1/");
  CAF_CHECK_EQUAL(sent("ws://127.0.0.1:81/"), "a=1");
}

CAF_TEST(paths) {
  set("a=1");
  set("b=2; Path=/x/y");
  set("c=3; Path=/");
  set("d=4; Path=relative");
  CAF_CHECK_EQUAL(sent("wss://a.example.org/x/y/z"), "b=2; a=1; d=4; c=3");
  CAF_CHECK_EQUAL(sent("wss://a.example.org/x/yz"), "a=1; d=4; c=3");
  CAF_CHECK_EQUAL(sent("wss://a.example.org/xx"), "c=3");
}

CAF_TEST(secure cookies need TLS both ways) {
  set("a=1; Secure");
  CAF_CHECK_EQUAL(sent("ws://a.example.org/x/y"), "");
  CAF_CHECK_EQUAL(sent(), "a=1");
  set("a=2; Secure", "ws://a.example.org/x/y");
  CAF_CHECK_EQUAL(sent(), "a=1");
}

CAF_TEST(cookies expire) {
  set("a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
  set("b=2; Expires=Fri, 31 Dec 2199 23:59:59 GMT");
  set("c=3; Max-Age=soon");
  CAF_CHECK_EQUAL(sent(), "a=1; b=2; c=3");
  now += 61s;
  CAF_CHECK_EQUAL(sent(), "b=2; c=3");
  set("b=; Max-Age=-1");
  CAF_CHECK_EQUAL(sent(), "c=3");
  set("c=; Expires=Thu, 01-Jan-1970 00:00:00 GMT");
  CAF_CHECK_EQUAL(sent(), "");
}

CAF_TEST(cookies of the request go first and win) {
  set("a=1");
  set("b=2");
  CAF_CHECK_EQUAL(sent("wss://a.example.org/x/y", {{"cookie", "b=mine; z=9"}}), "b=mine; z=9; a=1");
}

CAF_TEST(what is no cookie) {
  for (const auto* bad : {"", "a", "=1", " =1", "a=1\x01", "; a=1"})
    set(bad);
  set("a=" + std::string(rules::cookie_jar::max_size, 'x'));
  CAF_CHECK_EQUAL(uut.size(), 0U);
}

CAF_TEST(the number of cookies is bounded) {
  for (std::size_t i = 0; i <= rules::cookie_jar::max_cookies; ++i)
    set("c" + std::to_string(i) + "=x");
  CAF_CHECK_EQUAL(uut.size(), rules::cookie_jar::max_cookies);
  CAF_CHECK(sent().starts_with("c1=x; "));
}

CAF_TEST_FIXTURE_SCOPE_END()
