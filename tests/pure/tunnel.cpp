// tunnel.cpp: conversations with proxies, byte by byte.

#define CAF_SUITE tunnel

#include "tunnel.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <memory>
#include <string>

using namespace std::literals;
using namespace wsengine;
using io::make_tunnel;
using protocol = proxy_address::protocol;
using state = io::tunnel::state;

namespace {

struct fixture {
  void start(protocol speaks, const std::string& host = "example.org", std::uint16_t port = 443) {
    uut = make_tunnel(speaks, host, port, login);
  }

  std::string said() { return uut->take_output(); }

  /// Hands bytes in one by one, and never more than it wants.
  void answer(std::string_view bytes) {
    for (auto c : bytes) {
      CAF_REQUIRE(uut->current() == state::talking);
      CAF_REQUIRE(uut->wants() > 0);
      uut->take({&c, 1});
    }
  }

  void check_open() {
    CAF_CHECK(uut->current() == state::open);
    CAF_CHECK_EQUAL(uut->problem(), "");
    CAF_CHECK_EQUAL(said(), "");
  }

  void check_failed(const std::string& problem) {
    CAF_CHECK(uut->current() == state::failed);
    CAF_CHECK_EQUAL(uut->problem(), problem);
  }

  /// A SOCKS5 conversation without a login up to the reply.
  void ask_socks() {
    start(protocol::socks5);
    said();
    answer("\x05\x00"sv);
    said();
  }

  proxy_options login;
  std::unique_ptr<io::tunnel> uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tunnel_tests, fixture)

// -- HTTP -----------------------------------------------------------------------------------------

CAF_TEST(CONNECT) {
  start(protocol::http);
  CAF_CHECK_EQUAL(said(), "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n"
                          "User-Agent: wsengine\r\n\r\n");
  CAF_CHECK_EQUAL(said(), "");
  answer("HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n");
  check_open();
}

CAF_TEST(CONNECT with a login and to an address) {
  login.user = "Aladdin";
  login.password = "open sesame";
  start(protocol::http, "::1", 80);
  CAF_CHECK_EQUAL(said(), "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\nUser-Agent: wsengine\r\n"
                          "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
  answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 Fine\r\n\r\n");
  check_open();
}

CAF_TEST(CONNECT that is refused) {
  start(protocol::http);
  answer("HTTP/1.1 407 Proxy Authentication\x01 Required\r\nContent-Length: 5\r\n\r\n");
  check_failed("the proxy answered with status 407 Proxy Authentication Required");
}

CAF_TEST(CONNECT that is answered with something else) {
  for (const auto* bad : {"SSH-2.0-x\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
                          "HTTP/2 200\r\n\r\n", "HTTP/1.1 20 x\r\n\r\n", "\r\n\r\n"}) {
    start(protocol::http);
    answer(bad);
    check_failed("the proxy does not answer in HTTP");
  }
}

CAF_TEST(CONNECT whose answer does not end where it should) {
  start(protocol::http);
  uut->take("HTTP/1.1 200 OK\r\n\r\nx");
  check_failed("the proxy sent something behind its answer");
  start(protocol::http);
  uut->take("HTTP/1.1 200 OK\r\nX: " + std::string(17000, 'x'));
  check_failed("the answer of the proxy has more than 16 KiB of headers");
}

// -- SOCKS5 ---------------------------------------------------------------------------------------

CAF_TEST(SOCKS5 lets the proxy resolve the name) {
  start(protocol::socks5);
  CAF_CHECK_EQUAL(said(), "\x05\x01\x00"s);
  CAF_CHECK_EQUAL(uut->wants(), 2U);
  answer("\x05\x00"sv);
  CAF_CHECK_EQUAL(said(), "\x05\x01\x00\x03\x0b"s + "example.org" + "\x01\xbb"s);
  answer("\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"sv);
  check_open();
}

CAF_TEST(SOCKS5 to addresses) {
  start(protocol::socks5, "127.0.0.1", 80);
  said();
  answer("\x05\x00"sv);
  CAF_CHECK_EQUAL(said(), "\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50"s);
  start(protocol::socks5, "::1", 80);
  said();
  answer("\x05\x00"sv);
  CAF_CHECK_EQUAL(said(), "\x05\x01\x00\x04"s + std::string(15, '\0') + "\x01\x00\x50"s);
}

CAF_TEST(SOCKS5 replies with all kinds of addresses) {
  for (const auto& reply : {"\x05\x00\x00\x04"s + std::string(18, 'x'),
                            "\x05\x00\x00\x03\x04host\x01\x02"s, "\x05\x00\x00\x03\x00\x01\x02"s}) {
    ask_socks();
    answer(reply);
    check_open();
  }
}

CAF_TEST(SOCKS5 with a login) {
  login.user = "me";
  login.password = "secret";
  start(protocol::socks5);
  CAF_CHECK_EQUAL(said(), "\x05\x02\x00\x02"s);
  answer("\x05\x02"sv);
  CAF_CHECK_EQUAL(said(), "\x01\x02me\x06secret"s);
  answer("\x01\x00"sv);
  CAF_CHECK(said().starts_with("\x05\x01\x00\x03"s));
}

CAF_TEST(SOCKS5 with a login that is not wanted or not accepted) {
  login.user = "me";
  start(protocol::socks5);
  said();
  answer("\x05\x00"sv);
  CAF_CHECK(said().starts_with("\x05\x01\x00\x03"s));
  start(protocol::socks5);
  answer("\x05\x02\x01\x01"sv);
  check_failed("the proxy does not accept user and password");
  start(protocol::socks5);
  answer("\x05\xff"sv);
  check_failed("the proxy accepts no user with a password");
}

CAF_TEST(SOCKS5 that wants a login) {
  for (auto method : {"\x05\xff"sv, "\x05\x02"sv}) {
    start(protocol::socks5);
    answer(method);
    check_failed("the proxy wants a login");
  }
}

CAF_TEST(SOCKS5 that refuses) {
  ask_socks();
  answer("\x05\x05\x00\x01\x00"sv);
  check_failed("the proxy answered: connection refused");
  ask_socks();
  answer("\x05\x63\x00\x01\x00"sv);
  check_failed("the proxy answered: reply 99");
}

CAF_TEST(SOCKS5 that is something else) {
  start(protocol::socks5);
  answer("HT"sv);
  check_failed("the proxy does not answer in SOCKS5");
  ask_socks();
  answer("\x05\x00\x00\x02\x00"sv);
  check_failed("the proxy does not answer in SOCKS5");
}

CAF_TEST_FIXTURE_SCOPE_END()
