// contract_dial.cpp: every phase of a dial, its failures and its timeout.

#define CAF_SUITE contract_dial

#include "real/connection_fixture.hpp"
#include "real/full_listener.hpp"
#include "real/raw_peer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using tests::error_of;
using tests::raw_peer;
using tests::raw_session;

namespace {

std::string url_of_closed_port() {
  boost::asio::io_context context;
  tcp::acceptor acceptor{context, {boost::asio::ip::address_v4::loopback(), 0}};
  return "ws://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/";
}

bool machine_has_ipv6() {
  boost::asio::io_context context;
  tcp::acceptor acceptor{context};
  boost::system::error_code ec;
  acceptor.open(tcp::v6(), ec);
  if (!ec)
    acceptor.bind({boost::asio::ip::address_v6::loopback(), 0}, ec);
  return !ec;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(contract_dial_tests, tests::connection_fixture)

// -- success --------------------------------------------------------------------------------------

CAF_TEST(the response names status and headers) {
  auto uut = spawn();
  auto response = dial(uut, server.url("/echo"));
  CAF_REQUIRE(response);
  CAF_CHECK_EQUAL(response->status, 101);
  CAF_CHECK_EQUAL(response->subprotocol, "");
  CAF_CHECK_EQUAL(response->extensions, "");
  auto* upgrade = find_header(response->headers, "upgrade");
  CAF_REQUIRE(upgrade != nullptr);
  CAF_CHECK_EQUAL(*upgrade, "websocket");
}

CAF_TEST(the request carries headers and subprotocols) {
  handshake_request request;
  request.url = server.url("/echo?fragment=16");
  request.headers = {{"X-Token", "a"}, {"X-Token", "b"}, {"Host", "example.org"}};
  request.subprotocols = {"one", "two"};
  auto response = dial(spawn(), request);
  CAF_REQUIRE_EQUAL(error_of(response), caf::none);
  CAF_CHECK_EQUAL(response->subprotocol, "one");
  auto seen = server.requests().back();
  CAF_CHECK_EQUAL(seen.target, "/echo?fragment=16");
  std::vector<std::string> tokens;
  for (const auto& [name, value] : seen.headers)
    if (name == "X-Token")
      tokens.push_back(value);
  CAF_CHECK_EQUAL(tokens, (std::vector<std::string>{"a", "b"}));
  CAF_CHECK_EQUAL(*find_header(seen.headers, "host"), "example.org");
  CAF_CHECK_EQUAL(*find_header(seen.headers, "sec-websocket-protocol"), "one, two");
  CAF_CHECK(find_header(seen.headers, "user-agent")->starts_with("wsengine"));
}

CAF_TEST(the host header names the port and the user agent may be set) {
  handshake_request request;
  request.url = "ws://localhost:" + std::to_string(server.port()) + "/echo";
  request.headers = {{"user-agent", "mine"}};
  CAF_REQUIRE_EQUAL(error_of(dial(spawn(), request)), caf::none);
  auto seen = server.requests().back();
  CAF_CHECK_EQUAL(*find_header(seen.headers, "host"), "localhost:" + std::to_string(server.port()));
  CAF_CHECK_EQUAL(*find_header(seen.headers, "user-agent"), "mine");
}

CAF_TEST(ipv6) {
  if (!machine_has_ipv6()) {
    CAF_MESSAGE("skipped: this machine has no IPv6 loopback");
    return;
  }
  raw_peer peer{[](raw_session& session) {
                  session.upgrade();
                  session.wait_end();
                },
                "::1"};
  auto response = dial(spawn(), "ws://[::1]:" + std::to_string(peer.port()) + "/");
  CAF_CHECK_EQUAL(error_of(response), caf::none);
}

// -- failures -------------------------------------------------------------------------------------

CAF_TEST(bad requests) {
  CAF_CHECK_EQUAL(dial_error("http://localhost/"), dial_errc::invalid_request);
  handshake_request request;
  request.url = server.url();
  request.headers = {{"Connection", "close"}};
  auto response = dial(spawn(), request);
  CAF_CHECK_EQUAL(error_of(response), dial_errc::invalid_request);
  CAF_CHECK_EQUAL(server.counters().accepted, 0U);
}

CAF_TEST(a name that does not exist) {
  auto reason = dial_error("ws://nosuchhost.invalid/");
  CAF_CHECK_EQUAL(reason, dial_errc::resolve_failed);
  CAF_CHECK(text_of(reason).starts_with("nosuchhost.invalid: "));
}

CAF_TEST(a resolver that is too slow) {
  options.timeouts.resolve = timespan{1};
  CAF_CHECK_EQUAL(dial_error("ws://nosuchhost.invalid/"), dial_errc::resolve_timeout);
}

CAF_TEST(a port where nobody listens) {
  auto reason = dial_error(url_of_closed_port());
  CAF_CHECK_EQUAL(reason, dial_errc::connect_failed);
  CAF_CHECK_EQUAL(phase_of(reason), "connect");
  CAF_CHECK(text_of(reason).ends_with("Connection refused"));
}

CAF_TEST(a port that does not answer) {
  tests::full_listener nobody;
  options.timeouts.connect = 100ms;
  CAF_CHECK_EQUAL(dial_error(nobody.url()), dial_errc::connect_timeout);
}

CAF_TEST(a server that says nothing) {
  raw_peer peer{[](raw_session& session) { session.wait_end(); }};
  options.timeouts.upgrade = 100ms;
  CAF_CHECK_EQUAL(dial_error(peer.url()), dial_errc::upgrade_timeout);
}

CAF_TEST(a server that ends the connection) {
  raw_peer peer{[](raw_session& session) { session.read_request(); }};
  CAF_CHECK_EQUAL(dial_error(peer.url()), dial_errc::upgrade_failed);
}

CAF_TEST(a server that refuses) {
  auto reason = dial_error(server.url("/refuse?status=403"));
  CAF_CHECK_EQUAL(reason, dial_errc::upgrade_refused);
  auto response = response_of(reason);
  CAF_REQUIRE(response);
  CAF_CHECK_EQUAL(response->status, 403);
  CAF_CHECK(!response->headers.empty());
}

CAF_TEST(the body of a refusal is kept up to a bound) {
  for (const std::size_t size : {0, 5, 16384, 100000}) {
    raw_peer peer{[size](raw_session& session) {
      session.read_request();
      session.send("HTTP/1.1 500 Oops\r\nRetry-After: 7\r\nContent-Length: " + std::to_string(size)
                   + "\r\n\r\n" + std::string(size, 'x'));
      session.wait_end();
    }};
    auto response = response_of(dial_error(peer.url()));
    CAF_REQUIRE(response);
    CAF_CHECK_EQUAL(response->status, 500);
    CAF_CHECK_EQUAL(*find_header(response->headers, "retry-after"), "7");
    CAF_CHECK_EQUAL(response->body, std::string(std::min<std::size_t>(size, 16384), 'x'));
  }
}

CAF_TEST(a refusal whose body never ends is a refusal) {
  options.timeouts.upgrade = 100ms;
  raw_peer peer{[](raw_session& session) {
    session.read_request();
    session.send("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\nwait");
    session.wait_end();
  }};
  auto reason = dial_error(peer.url());
  CAF_CHECK_EQUAL(reason, dial_errc::upgrade_refused);
  CAF_CHECK(text_of(reason).ends_with("; its body did not end in time"));
  auto response = response_of(reason);
  CAF_REQUIRE(response);
  CAF_CHECK_EQUAL(response->status, 503);
  CAF_CHECK_EQUAL(response->body, "wait");
}

CAF_TEST(a refusal whose body breaks off or is too long is a refusal) {
  for (const auto* size : {"100", "100000000"}) {
    raw_peer peer{[size](raw_session& session) {
      session.read_request();
      session.send("HTTP/1.1 503 Busy\r\nContent-Length: " + std::string{size} + "\r\n\r\nwait");
    }};
    auto response = response_of(dial_error(peer.url()));
    CAF_REQUIRE(response);
    CAF_CHECK_EQUAL(response->status, 503);
    CAF_CHECK_EQUAL(response->headers.size(), 1U);
  }
}

CAF_TEST(a body without a length ends with the connection) {
  raw_peer peer{[](raw_session& session) {
    session.read_request();
    session.send("HTTP/1.0 503 Busy\r\n\r\ncome back later");
  }};
  auto response = response_of(dial_error(peer.url()));
  CAF_REQUIRE(response);
  CAF_CHECK_EQUAL(response->body, "come back later");
}

CAF_TEST(a response with a wrong key) {
  raw_peer peer{[](raw_session& session) {
    session.read_request();
    session.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n");
    session.wait_end();
  }};
  CAF_CHECK_EQUAL(dial_error(peer.url()), dial_errc::upgrade_failed);
}

CAF_TEST(a response that is not HTTP) {
  raw_peer peer{[](raw_session& session) {
    session.read_request();
    session.send("SSH-2.0-OpenSSH\r\n\r\n");
    session.wait_end();
  }};
  CAF_CHECK_EQUAL(dial_error(peer.url()), dial_errc::upgrade_failed);
}

CAF_TEST(choices that were not offered) {
  for (const std::string choice :
       {"Sec-WebSocket-Protocol: other\r\n", "Sec-WebSocket-Extensions: permessage-deflate\r\n"}) {
    raw_peer peer{[choice](raw_session& session) {
      session.upgrade(choice);
      session.wait_end();
    }};
    auto reason = dial_error(peer.url());
    CAF_CHECK_EQUAL(reason, dial_errc::upgrade_failed);
    CAF_CHECK(text_of(reason).ends_with("which was not offered"));
  }
}

// -- life -----------------------------------------------------------------------------------------

CAF_TEST(a connection is dialed once) {
  auto uut = open_path();
  CAF_CHECK_EQUAL(error_of(dial(uut, server.url())), dial_errc::already_dialed);
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK_EQUAL(error_of(dial(uut, server.url())), dial_errc::already_dialed);
  auto failed = spawn();
  CAF_CHECK_EQUAL(error_of(dial(failed, url_of_closed_port())), dial_errc::connect_failed);
  CAF_CHECK_EQUAL(error_of(dial(failed, server.url())), dial_errc::already_dialed);
}

CAF_TEST(requests before the dial and after one that failed) {
  auto uut = spawn();
  CAF_CHECK_EQUAL(error_of(read(uut)), connection_errc::not_open);
  CAF_CHECK_EQUAL(error_of(demand(uut, 1)), connection_errc::not_open);
  CAF_CHECK_EQUAL(write(uut, text("x")), connection_errc::not_open);
  auto end = request(uut, wait_closed_msg{});
  CAF_CHECK_EQUAL(error_of(dial(uut, url_of_closed_port())), dial_errc::connect_failed);
  CAF_CHECK_EQUAL(error_of(tests::get<close_details>(end)), dial_errc::connect_failed);
  CAF_CHECK_EQUAL(error_of(wait_closed(uut)), dial_errc::connect_failed);
  CAF_CHECK_EQUAL(error_of(read(uut)), connection_errc::not_open);
  CAF_CHECK_EQUAL(write(uut, text("x")), connection_errc::not_open);
  CAF_CHECK_EQUAL(close(uut), caf::none);
}

CAF_TEST(a close cancels the dial) {
  auto uut = spawn();
  auto response = request(uut, dial_msg{handshake_request{server.url("/stall"), {}, {}}, options});
  CAF_REQUIRE(server.wait_until([](const auto& x) { return x.requests == 1; }));
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK_EQUAL(error_of(tests::get<handshake_response>(response)), dial_errc::cancelled);
  CAF_CHECK_EQUAL(error_of(wait_closed(uut)), dial_errc::cancelled);
}

CAF_TEST(a close before the dial) {
  auto uut = spawn();
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK_EQUAL(error_of(dial(uut, server.url())), dial_errc::cancelled);
  CAF_CHECK_EQUAL(server.counters().accepted, 0U);
}

CAF_TEST(a connection that is killed while it dials) {
  auto uut = spawn();
  auto response = request(uut, dial_msg{handshake_request{server.url("/stall"), {}, {}}, options});
  CAF_REQUIRE(server.wait_until([](const auto& x) { return x.requests == 1; }));
  self->send_exit(uut, caf::exit_reason::kill);
  CAF_CHECK(!tests::get<handshake_response>(response));
}

CAF_TEST_FIXTURE_SCOPE_END()
