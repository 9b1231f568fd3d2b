// proxy.cpp: the names of proxies, whom to go around them to, and what the environment says.

#define CAF_SUITE proxy

#include "wsengine/proxy.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace wsengine;
using protocol = proxy_address::protocol;
using strings = std::vector<std::string>;

namespace {

proxy_address address_of(const std::string& url) {
  std::string problem;
  auto result = parse_proxy_address(url, &problem);
  if (!result)
    CAF_FAIL(url << " " << problem);
  return *result;
}

bool around(strings list, const std::string& host, std::uint16_t port = 80) {
  proxy_options uut;
  uut.no_proxy = std::move(list);
  return goes_around(uut, host, port);
}

/// An environment of a test.
environment with(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) -> const char* {
    auto found = values.find(name);
    return found == values.end() ? nullptr : found->second.c_str();
  };
}

} // namespace

// -- names ----------------------------------------------------------------------------------------

CAF_TEST(a proxy has a protocol a host and a port) {
  CAF_CHECK(address_of("http://proxy") == (proxy_address{protocol::http, "proxy", 80}));
  CAF_CHECK(address_of("HTTP://proxy:3128/") == (proxy_address{protocol::http, "proxy", 3128}));
  CAF_CHECK(address_of("socks5://[::1]") == (proxy_address{protocol::socks5, "::1", 1080}));
  CAF_CHECK(address_of("socks5://[::1]:80") == (proxy_address{protocol::socks5, "::1", 80}));
  CAF_CHECK(address_of("socks5h://10.0.0.1:9") == (proxy_address{protocol::socks5, "10.0.0.1", 9}));
}

CAF_TEST(what is no proxy) {
  for (const auto* bad : {"", "proxy", "proxy:3128", "https://proxy", "socks4://proxy", "http://",
                          "http://user@proxy", "http://proxy/path", "http://proxy?x",
                          "http://proxy:0", "http://proxy:x", "http://[::1"}) {
    std::string problem;
    CAF_CHECK(!parse_proxy_address(bad, &problem));
    CAF_CHECK(!problem.empty());
  }
}

CAF_TEST(user and password are taken out of the name) {
  auto found = parse_proxy("socks5://me%40home:p%3Aw%2@proxy:1");
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->url, "socks5://proxy:1");
  CAF_CHECK_EQUAL(found->user, "me@home");
  CAF_CHECK_EQUAL(found->password.text(), "p:w%2");
  auto plain = parse_proxy("proxy:3128");
  CAF_REQUIRE(plain);
  CAF_CHECK_EQUAL(plain->url, "http://proxy:3128");
  CAF_CHECK_EQUAL(plain->user, "");
  std::string problem;
  CAF_CHECK(!parse_proxy("ftp://me:secret@proxy", &problem));
  CAF_CHECK(problem.find("secret") == std::string::npos);
}

// -- exceptions -----------------------------------------------------------------------------------

CAF_TEST(names stand for themselves and all below) {
  for (const auto* entry : {"example.org", ".example.org", "*.example.org", "EXAMPLE.org."}) {
    CAF_CHECK(around({entry}, "example.org"));
    CAF_CHECK(around({entry}, "a.b.Example.org"));
    CAF_CHECK(!around({entry}, "notexample.org"));
    CAF_CHECK(!around({entry}, "org"));
  }
  CAF_CHECK(around({"x", "*"}, "anything"));
  CAF_CHECK(!around({}, "anything"));
}

CAF_TEST(addresses and networks) {
  CAF_CHECK(around({"127.0.0.1"}, "127.0.0.1"));
  CAF_CHECK(!around({"127.0.0.1"}, "127.0.0.10"));
  CAF_CHECK(!around({"0.0.1"}, "127.0.0.1"));
  CAF_CHECK(around({"10.0.0.0/8"}, "10.255.0.1"));
  CAF_CHECK(!around({"10.0.0.0/8"}, "11.0.0.1"));
  CAF_CHECK(around({"192.168.128.0/17"}, "192.168.129.1"));
  CAF_CHECK(!around({"192.168.128.0/17"}, "192.168.127.1"));
  CAF_CHECK(around({"0.0.0.0/0"}, "1.2.3.4"));
  CAF_CHECK(!around({"0.0.0.0/0"}, "::1"));
  CAF_CHECK(!around({"10.0.0.0/8"}, "host"));
  CAF_CHECK(around({"::1"}, "0:0::1"));
  CAF_CHECK(around({"[::1]"}, "::1"));
  CAF_CHECK(around({"fd00::/8"}, "fd12::1"));
}

CAF_TEST(a port narrows an entry) {
  CAF_CHECK(around({"example.org:8080"}, "example.org", 8080));
  CAF_CHECK(!around({"example.org:8080"}, "example.org", 80));
  CAF_CHECK(around({"[::1]:8080"}, "::1", 8080));
  CAF_CHECK(!around({"[::1]:8080"}, "::1", 80));
}

CAF_TEST(lists and bad entries) {
  CAF_CHECK_EQUAL(split_no_proxy(" a, .b,,10.0.0.0/8\tc "),
                  (strings{"a", ".b", "10.0.0.0/8", "c"}));
  CAF_CHECK(split_no_proxy("").empty());
  for (const auto* bad : {"", "10.0.0.0/33", "host/8", "10.0.0.0/", "host:", "host:0", "host:x"})
    CAF_CHECK(!why_no_entry(bad).empty());
  for (const auto* good : {"*", "host", ".host", "10.0.0.0/32", "::/0", "::1", "[::1]:1", "h:1"})
    CAF_CHECK_EQUAL(why_no_entry(good), "");
}

// -- the environment ------------------------------------------------------------------------------

CAF_TEST(each kind of URL has its variable) {
  auto both = with({{"http_proxy", "http://plain:1"}, {"https_proxy", "http://u:p@secure:2"}});
  CAF_CHECK_EQUAL(proxy_from_environment(false, nullptr, both).url, "http://plain:1");
  auto secure = proxy_from_environment(true, nullptr, both);
  CAF_CHECK_EQUAL(secure.url, "http://secure:2");
  CAF_CHECK_EQUAL(secure.user, "u");
  CAF_CHECK_EQUAL(secure.password.text(), "p");
}

CAF_TEST(names in upper case count save for that of CGI) {
  auto upper = with({{"HTTP_PROXY", "http://evil"}, {"HTTPS_PROXY", "http://secure"}});
  CAF_CHECK_EQUAL(proxy_from_environment(false, nullptr, upper).url, "");
  CAF_CHECK_EQUAL(proxy_from_environment(true, nullptr, upper).url, "http://secure");
  auto all = with({{"http_proxy", ""}, {"ALL_PROXY", "socks5://all"}, {"NO_PROXY", "a,host/8,b"}});
  auto found = proxy_from_environment(false, nullptr, all);
  CAF_CHECK_EQUAL(found.url, "socks5://all");
  CAF_CHECK_EQUAL(found.no_proxy, (strings{"a", "b"}));
}

CAF_TEST(an environment without proxy or with one that is none) {
  CAF_CHECK(proxy_from_environment(true, nullptr, with({})) == proxy_options{});
  std::string problem;
  auto bad = proxy_from_environment(true, &problem, with({{"https_proxy", "https://x"}}));
  CAF_CHECK(bad == proxy_options{});
  CAF_CHECK(!problem.empty());
}
