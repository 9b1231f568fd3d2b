// contract_routes.cpp: ways to the server: proxies, Unix-domain sockets, hosts with several
// addresses.

#define CAF_SUITE contract_routes

#include "real/certificates.hpp"
#include "real/connection_fixture.hpp"
#include "real/raw_peer.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <filesystem>
#include <memory>
#include <unistd.h>

using namespace std::literals;
using namespace wsengine;
using tests::error_of;
using tests::make_certificate;
using tests::raw_peer;
using tests::raw_session;
using tests::temporary_file;

namespace {

// Answers a CONNECT and carries on to where the test says.
raw_peer::script http_proxy(std::uint16_t port, std::string& request) {
  return [port, &request](raw_session& session) {
    request = session.read_request();
    session.send("HTTP/1.1 200 Connection established\r\n\r\n");
    session.relay(port);
  };
}

// Takes a user and a password, then the name, and carries on to where the test says.
raw_peer::script socks_proxy(std::uint16_t port, std::string& request) {
  return [port, &request](raw_session& session) {
    request = session.take(4);
    session.send("\x05\x02"sv);
    request += session.take(2 + 2 + 1 + 6);
    session.send("\x01\x00"sv);
    request += session.take(5 + 19 + 2);
    session.send("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"sv);
    session.relay(port);
  };
}

struct fixture : tests::connection_fixture {
  // A name that only a proxy could know.
  static std::string url(const std::string& scheme, std::uint16_t port) {
    return scheme + "://server.proxied.test:" + std::to_string(port) + "/echo";
  }

  void go_through(const raw_peer& proxy, const std::string& scheme) {
    options.proxy.url = scheme + "://127.0.0.1:" + std::to_string(proxy.port());
  }

  // A TLS server with that name.
  void serve_tls() {
    auto made = make_certificate("DNS:server.proxied.test");
    examples::echo_options how;
    how.tls = {made.pem, made.key};
    tls_server = std::make_unique<examples::echo_server>(std::move(how));
    tls_server->start();
    options.tls.ca_pem = made.pem;
  }

  void check_echo(const std::string& where) {
    auto uut = open(where);
    CAF_CHECK_EQUAL(write(uut, text("hello")), caf::none);
    CAF_CHECK(*read(uut) == text("hello"));
    CAF_CHECK_EQUAL(close(uut, {close_code::normal, "bye"}), caf::none);
  }

  std::unique_ptr<examples::echo_server> tls_server;
};

// A server on a Unix-domain socket that hands one connection on to a port.
class local_relay {
public:
  explicit local_relay(raw_peer::script what) : script_(std::move(what)) {
    thread_ = std::thread{[this] { run(); }};
  }

  ~local_relay() {
    thread_.join();
    std::filesystem::remove(path_);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

private:
  void run() {
    boost::asio::local::stream_protocol::socket accepted{context_};
    acceptor_.accept(accepted);
    // The script only reads and writes.
    boost::asio::ip::tcp::socket socket{context_};
    socket.assign(boost::asio::ip::tcp::v4(), accepted.release());
    raw_session session{socket};
    script_(session);
  }

  boost::asio::io_context context_;
  std::string path_ = (std::filesystem::temp_directory_path()
                       / ("wsengine-" + std::to_string(::getpid()) + ".socket"))
                        .string();
  boost::asio::local::stream_protocol::acceptor acceptor_{
    context_, boost::asio::local::stream_protocol::endpoint{path_}};
  raw_peer::script script_;
  std::thread thread_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(contract_routes_tests, fixture)

// -- proxies --------------------------------------------------------------------------------------

CAF_TEST(ws by CONNECT) {
  std::string request;
  {
    raw_peer proxy{http_proxy(server.port(), request)};
    go_through(proxy, "http");
    options.proxy.user = "me";
    options.proxy.password = "secret";
    check_echo(url("ws", 81));
  }
  CAF_CHECK(request.starts_with("CONNECT server.proxied.test:81 HTTP/1.1\r\n"));
  CAF_CHECK(request.find("Proxy-Authorization: Basic bWU6c2VjcmV0\r\n") != std::string::npos);
  auto seen = server.requests().back();
  CAF_CHECK_EQUAL(*find_header(seen.headers, "host"), "server.proxied.test:81");
  CAF_CHECK(find_header(seen.headers, "proxy-authorization") == nullptr);
}

CAF_TEST(wss by CONNECT verifies the server and not the proxy) {
  serve_tls();
  std::string request;
  raw_peer proxy{http_proxy(tls_server->port(), request)};
  go_through(proxy, "http");
  check_echo(url("wss", 443));
  raw_peer again{http_proxy(tls_server->port(), request)};
  go_through(again, "http");
  CAF_CHECK_EQUAL(dial_error("wss://other.test/"), dial_errc::tls_failed);
}

CAF_TEST(ws by SOCKS5 with a login) {
  std::string request;
  {
    raw_peer proxy{socks_proxy(server.port(), request)};
    go_through(proxy, "socks5");
    options.proxy.user = "me";
    options.proxy.password = "secret";
    check_echo(url("ws", 81));
  }
  CAF_CHECK_EQUAL(request, "\x05\x02\x00\x02\x01\x02me\x06secret\x05\x01\x00\x03\x13"s
                             + "server.proxied.test" + "\x00\x51"s);
}

CAF_TEST(wss by SOCKS5 with a login) {
  serve_tls();
  std::string request;
  raw_peer proxy{socks_proxy(tls_server->port(), request)};
  go_through(proxy, "socks5");
  options.proxy.user = "me";
  options.proxy.password = "secret";
  check_echo(url("wss", 443));
}

CAF_TEST(SOCKS5 without a login) {
  raw_peer proxy{[this](raw_session& session) {
    session.take(3);
    session.send("\x05\x00"sv);
    session.take(5 + 19 + 2);
    session.send("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"sv);
    session.relay(server.port());
  }};
  go_through(proxy, "socks5");
  check_echo(url("ws", 81));
}

CAF_TEST(proxies that refuse) {
  raw_peer proxy{[](raw_session& session) {
    session.read_request();
    session.send("HTTP/1.1 407 Login Required\r\nContent-Length: 2\r\n\r\nno");
    session.wait_end();
  }};
  go_through(proxy, "http");
  auto reason = dial_error(url("ws", 80));
  CAF_CHECK_EQUAL(reason, dial_errc::proxy_failed);
  CAF_CHECK_EQUAL(phase_of(reason), "proxy");
  CAF_CHECK(text_of(reason).ends_with("the proxy answered with status 407 Login Required"));
  raw_peer gone{[](raw_session& session) { session.take(3); }};
  go_through(gone, "socks5");
  CAF_CHECK(text_of(dial_error(url("ws", 80))).ends_with("the proxy ended the connection"));
}

CAF_TEST(a proxy that says nothing) {
  for (const std::string scheme : {"http", "socks5"}) {
    raw_peer proxy{[](raw_session& session) { session.wait_end(); }};
    go_through(proxy, scheme);
    options.timeouts.proxy = 100ms;
    CAF_CHECK_EQUAL(dial_error(url("ws", 80)), dial_errc::proxy_timeout);
  }
}

CAF_TEST(a close while the proxy says nothing) {
  raw_peer proxy{[](raw_session& session) { session.wait_end(); }};
  go_through(proxy, "http");
  auto uut = spawn();
  auto response = request(uut, dial_msg{handshake_request{url("ws", 80), {}, {}}, options});
  CAF_CHECK_EQUAL(close(uut), caf::none);
  CAF_CHECK_EQUAL(error_of(tests::get<handshake_response>(response)), dial_errc::cancelled);
}

CAF_TEST(a proxy that is not there is named) {
  options.proxy.url = "http://nosuchproxy.invalid";
  auto reason = dial_error(url("ws", 80));
  CAF_CHECK_EQUAL(reason, dial_errc::resolve_failed);
  CAF_CHECK(text_of(reason).starts_with("the proxy http://nosuchproxy.invalid: "));
}

CAF_TEST(servers on the list are reached without the proxy) {
  options.proxy.url = "http://nosuchproxy.invalid";
  options.proxy.no_proxy = {"127.0.0.0/8"};
  check_echo(server.url("/echo"));
}

// -- Unix-domain sockets --------------------------------------------------------------------------

CAF_TEST(ws over a Unix domain socket) {
  local_relay relay{[this](raw_session& session) { session.relay(server.port()); }};
  options.unix_socket = relay.path();
  check_echo("ws://service/echo");
  auto seen = server.requests().back();
  CAF_CHECK_EQUAL(*find_header(seen.headers, "host"), "service");
}

CAF_TEST(wss over a Unix domain socket) {
  serve_tls();
  local_relay relay{[this](raw_session& session) { session.relay(tls_server->port()); }};
  options.unix_socket = relay.path();
  check_echo("wss://server.proxied.test/echo");
}

CAF_TEST(Unix domain sockets that cannot be) {
  options.unix_socket = "/nonexistent/socket";
  auto reason = dial_error("ws://service/");
  CAF_CHECK_EQUAL(reason, dial_errc::connect_failed);
  CAF_CHECK_EQUAL(text_of(reason), "/nonexistent/socket: No such file or directory");
  options.unix_socket = std::string(200, 'x');
  CAF_CHECK_EQUAL(dial_error("ws://service/"), dial_errc::invalid_request);
}

// -- several addresses ----------------------------------------------------------------------------

CAF_TEST(a family that refuses gives way to the other one) {
  // "localhost" is both; the server listens on 127.0.0.1 only.
  check_echo("ws://localhost:" + std::to_string(server.port()) + "/echo");
}

CAF_TEST_FIXTURE_SCOPE_END()
