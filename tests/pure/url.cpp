// url.cpp: what is a WebSocket URL, its parts, and what is said about others.

#define CAF_SUITE url

#include "wsengine/url.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>
#include <string_view>

using namespace std::literals;
using wsengine::parse_url;

namespace {

struct good_url {
  std::string_view text;
  wsengine::url parts;
  std::string_view authority;
};

const good_url good_urls[] = {
  {"ws://example.org", {false, "example.org", 80, "/"}, "example.org"},
  {"wss://example.org", {true, "example.org", 443, "/"}, "example.org"},
  {"WSS://Example.org/", {true, "Example.org", 443, "/"}, "Example.org"},
  {"Ws://a", {false, "a", 80, "/"}, "a"},
  {"ws://example.org:8080/chat?room=1&x=%C3%BC",
   {false, "example.org", 8080, "/chat?room=1&x=%C3%BC"},
   "example.org:8080"},
  {"ws://example.org?x", {false, "example.org", 80, "/?x"}, "example.org"},
  {"ws://example.org?", {false, "example.org", 80, "/?"}, "example.org"},
  {"ws://example.org:80/", {false, "example.org", 80, "/"}, "example.org"},
  {"wss://example.org:80/", {true, "example.org", 80, "/"}, "example.org:80"},
  {"ws://example.org:443/", {false, "example.org", 443, "/"}, "example.org:443"},
  {"ws://example.org:/a", {false, "example.org", 80, "/a"}, "example.org"},
  {"ws://example.org:1", {false, "example.org", 1, "/"}, "example.org:1"},
  {"ws://example.org:65535", {false, "example.org", 65535, "/"}, "example.org:65535"},
  {"ws://example.org:00443", {false, "example.org", 443, "/"}, "example.org:443"},
  {"ws://127.0.0.1:9000/", {false, "127.0.0.1", 9000, "/"}, "127.0.0.1:9000"},
  {"ws://[::1]/", {false, "::1", 80, "/"}, "[::1]"},
  {"wss://[2001:db8::1]:8443/a", {true, "2001:db8::1", 8443, "/a"}, "[2001:db8::1]:8443"},
  {"ws://[::ffff:127.0.0.1]?q", {false, "::ffff:127.0.0.1", 80, "/?q"}, "[::ffff:127.0.0.1]"},
  {"ws://my_service.internal./", {false, "my_service.internal.", 80, "/"}, "my_service.internal."},
  {"ws://4players.example/", {false, "4players.example", 80, "/"}, "4players.example"},
  {"ws://a//b/../c;v=1/(x)'!$*+,@:", {false, "a", 80, "//b/../c;v=1/(x)'!$*+,@:"}, "a"},
  {"ws://a/?x=?/@:", {false, "a", 80, "/?x=?/@:"}, "a"},
};

struct bad_url {
  std::string_view text;
  /// A part of what is said about it.
  std::string_view problem;
};

const bad_url bad_urls[] = {
  {"", "must start with ws:// or wss://"},
  {"example.org", "must start with ws:// or wss://"},
  {"ws:example.org", "must start with ws:// or wss://"},
  {"ws:/example.org", "must start with ws:// or wss://"},
  {"//example.org", "must start with ws:// or wss://"},
  {"://example.org", "the scheme must be ws or wss, not \"\""},
  {"http://example.org", "the scheme must be ws or wss, not \"http\""},
  {"wsss://example.org", "the scheme must be ws or wss"},
  {"ws://", "the host is missing"},
  {"ws:///path", "the host is missing"},
  {"ws://?x", "the host is missing"},
  {"ws://:80/", "the host is missing"},
  {"ws://[]/", "the host is missing"},
  {"ws://user@example.org", "user information is not allowed"},
  {"ws://user:password@example.org/", "user information is not allowed"},
  {"ws://@example.org/", "user information is not allowed"},
  {"ws://example.org/#top", "no fragment"},
  {"ws://example.org#", "no fragment"},
  {"ws://example.org?x#y", "no fragment"},
  {"ws://example.org:0", "the port must be a number from 1 to 65535, not \"0\""},
  {"ws://example.org:65536", "the port must be"},
  {"ws://example.org:99999999999999999999", "the port must be"},
  {"ws://example.org:-1", "the port must be"},
  {"ws://example.org:+80", "the port must be"},
  {"ws://example.org:80x", "the port must be"},
  {"ws://example.org:8080:1", "the port must be"},
  {"ws://::1/", "the host is missing"},
  {"ws://fe80::1/", "the port must be"},
  {"ws://[::1", "no closing bracket"},
  {"ws://[::1/", "no closing bracket"},
  {"ws://[::1]80", "only a port may follow"},
  {"ws://[:::1]/", "is not an IPv6 address"},
  {"ws://[1:2:3:4:5:6:7]/", "is not an IPv6 address"},
  {"ws://[1:2:3:4:5:6:7:8:9]/", "is not an IPv6 address"},
  {"ws://[12345::]/", "is not an IPv6 address"},
  {"ws://[127.0.0.1]/", "is not an IPv6 address"},
  {"ws://[example.org]/", "is not an IPv6 address"},
  {"ws://[fe80::1%25eth0]/", "is not an IPv6 address"},
  {"ws://256.0.0.1/", "is not an IPv4 address"},
  {"ws://127.1/", "is not an IPv4 address"},
  {"ws://1.2.3.4.5/", "is not an IPv4 address"},
  {"ws://2130706433/", "is not an IPv4 address"},
  {"ws://exam%70le.org/", "the host name must not contain '%'"},
  {"ws://exa!mple.org/", "the host name must not contain '!'"},
  {"ws://a\\b/", "the host name must not contain '\\'"},
  {"ws://.example.org/", "empty label"},
  {"ws://example..org/", "empty label"},
  {"ws://./", "empty label"},
  {" ws://example.org/", "spaces are not allowed"},
  {"ws://example.org/a b", "spaces are not allowed"},
  {"ws://example.org/\t", "byte 0x09"},
  {"ws://example.org/\r\nX: y", "byte 0x0D"},
  {"ws://example.org/\0"sv, "byte 0x00"},
  {"ws://example.org/\x7f", "byte 0x7F"},
  {"ws://b\xc3\xbc"
   "cher.example/",
   "byte 0xC3"},
  {"ws://example.org/\xc3\xbc", "byte 0xC3"},
  {"ws://example.org/%", "\"%\" is not a percent escape"},
  {"ws://example.org/%2", "\"%2\" is not a percent escape"},
  {"ws://example.org/%2/", "\"%2/\" is not a percent escape"},
  {"ws://example.org/?a=%zz", "\"%zz\" is not a percent escape"},
  {"ws://example.org/?a[]=1", "'[' is not allowed in path or query"},
  {"ws://example.org/<a>", "'<' is not allowed in path or query"},
  {"ws://example.org/a|b", "'|' is not allowed in path or query"},
};

} // namespace

CAF_TEST(good URLs are split into their parts) {
  for (const auto& [text, parts, authority] : good_urls) {
    std::string problem;
    auto result = parse_url(text, &problem);
    if (!result)
      CAF_FAIL(text << ": " << problem);
    CAF_CHECK(problem.empty());
    CAF_CHECK_EQUAL(result->secure, parts.secure);
    CAF_CHECK_EQUAL(result->host, parts.host);
    CAF_CHECK_EQUAL(result->port, parts.port);
    CAF_CHECK_EQUAL(result->target, parts.target);
    CAF_CHECK_EQUAL(result->authority(), authority);
  }
}

CAF_TEST(bad URLs are refused with the reason) {
  for (const auto& [text, expected] : bad_urls) {
    std::string problem;
    if (parse_url(text, &problem))
      CAF_FAIL("accepted: " << text);
    if (problem.find(expected) == std::string::npos)
      CAF_FAIL(text << ": " << problem);
  }
}

CAF_TEST(nobody has to ask for the reason) {
  CAF_CHECK(!parse_url("http://example.org"));
  CAF_CHECK(parse_url("ws://example.org").has_value());
}

CAF_TEST(host names have at most 253 characters) {
  CAF_CHECK(parse_url("ws://" + std::string(253, 'a')).has_value());
  CAF_CHECK(!parse_url("ws://" + std::string(254, 'a')));
}

CAF_TEST(the authority of a URL is a URL again) {
  for (const auto& x : good_urls) {
    auto again = parse_url((x.parts.secure ? "wss://"s : "ws://"s) + std::string{x.authority}
                           + x.parts.target);
    CAF_REQUIRE(again.has_value());
    CAF_CHECK(*again == x.parts);
  }
}
