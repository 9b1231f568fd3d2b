// contract_tls.cpp: wss: whom we trust, what we say when we do not, and how TLS sessions end.

#define CAF_SUITE contract_tls

#include "real/certificates.hpp"
#include "real/connection_fixture.hpp"
#include "real/raw_peer.hpp"

#include <memory>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::certificate;
using tests::make_certificate;
using tests::raw_peer;
using tests::raw_session;
using tests::temporary_ca_folder;
using tests::temporary_file;

namespace {

struct fixture : tests::connection_fixture {
  // Starts a server with that certificate, which nobody trusts yet.
  void serve(const certificate& which) {
    examples::echo_options how;
    how.tls = {which.pem, which.key};
    tls_server = std::make_unique<examples::echo_server>(std::move(how));
    tls_server->start();
  }

  void trust(const certificate& which) {
    file = std::make_unique<temporary_file>(which.pem);
    options.tls.ca_file = file->path();
  }

  void serve_trusted(const std::string& names) {
    auto made = make_certificate(names);
    serve(made);
    trust(made);
  }

  std::string url(const std::string& host, const std::string& path = "/echo") const {
    return "wss://" + host + ":" + std::to_string(tls_server->port()) + path;
  }

  void check_echo(const std::string& where) {
    auto uut = open(where);
    auto big = binary(std::string(300000, 'x'));
    CAF_CHECK_EQUAL(write(uut, text("hello")), caf::none);
    CAF_CHECK(*read(uut) == text("hello"));
    CAF_CHECK_EQUAL(write(uut, big), caf::none);
    CAF_CHECK(*read(uut) == big);
    CAF_CHECK(tests::get<timespan>(request(uut, ping_msg{"x"})));
    CAF_CHECK_EQUAL(close(uut, {close_code::normal, "bye"}), caf::none);
    CAF_CHECK_EQUAL(end_of(uut).code, close_code::normal);
    CAF_CHECK(tls_server->wait_until([](const auto& x) { return x.open == 0; }));
    CAF_CHECK(last_close(*tls_server) == (close_details{close_code::normal, "bye"}));
  }

  void check_refused(const std::string& where, const std::string& fault) {
    auto reason = dial_error(where);
    CAF_CHECK_EQUAL(reason, dial_errc::tls_failed);
    CAF_CHECK_EQUAL(phase_of(reason), "tls");
    CAF_CHECK(text_of(reason).find(fault) != std::string::npos);
  }

  std::unique_ptr<examples::echo_server> tls_server;
  std::unique_ptr<temporary_file> file;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(contract_tls_tests, fixture)

// -- trust ----------------------------------------------------------------------------------------

CAF_TEST(a certificate that nobody signed is refused) {
  serve(make_certificate("DNS:localhost"));
  check_refused(url("localhost"), "self-signed certificate");
}

CAF_TEST(a certificate of the ca file is accepted) {
  serve_trusted("DNS:localhost");
  check_echo(url("localhost"));
}

CAF_TEST(a certificate of the ca directory is accepted and no other) {
  auto right = make_certificate("DNS:localhost");
  serve(right);
  temporary_ca_folder other{make_certificate("DNS:localhost")};
  options.tls.ca_directory = other.path();
  check_refused(url("localhost"), "certificate");
  temporary_ca_folder ours{right};
  options.tls.ca_directory = ours.path();
  check_echo(url("localhost"));
}

CAF_TEST(a certificate for another name is refused) {
  serve_trusted("DNS:example.org");
  check_refused(url("localhost"), "hostname mismatch");
}

CAF_TEST(addresses are verified as addresses) {
  serve_trusted("DNS:localhost,IP:127.0.0.1");
  check_echo(url("127.0.0.1"));
  serve_trusted("DNS:127.0.0.1,IP:127.0.0.2");
  check_refused(url("127.0.0.1"), "IP address mismatch");
}

CAF_TEST(a certificate that has expired is refused) {
  auto old = make_certificate("DNS:localhost", -10, -1);
  serve(old);
  trust(old);
  check_refused(url("localhost"), "certificate has expired");
}

CAF_TEST(without verification everything is accepted) {
  serve(make_certificate("DNS:example.org", -10, -1));
  options.tls.verify = false;
  check_echo(url("localhost"));
}

CAF_TEST(the name to verify can be given) {
  serve_trusted("DNS:example.org");
  options.tls.server_name = "example.org";
  check_echo(url("localhost"));
}

CAF_TEST(a ca file that is not there) {
  serve(make_certificate("DNS:localhost"));
  options.tls.ca_file = "/nonexistent/ca.pem";
  check_refused(url("localhost"), "/nonexistent/ca.pem");
}

CAF_TEST(a ca file that was replaced is loaded again) {
  auto right = make_certificate("DNS:localhost");
  serve(right);
  trust(make_certificate("DNS:localhost"));
  check_refused(url("localhost"), "certificate");
  file->replace(right.pem);
  check_echo(url("localhost"));
}

// -- failures -------------------------------------------------------------------------------------

CAF_TEST(a server that says nothing) {
  raw_peer peer{[](raw_session& session) { session.wait_end(); }};
  options.timeouts.tls = 100ms;
  CAF_CHECK_EQUAL(dial_error(peer.url("wss")), dial_errc::tls_timeout);
}

CAF_TEST(a server that does not speak TLS) {
  raw_peer peer{[](raw_session& session) {
    session.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    session.wait_end();
  }};
  CAF_CHECK_EQUAL(dial_error(peer.url("wss")), dial_errc::tls_failed);
}

CAF_TEST(a server that answers the upgrade with silence or refusal) {
  serve_trusted("DNS:localhost");
  CAF_CHECK_EQUAL(dial_error(url("localhost", "/refuse?status=503")), dial_errc::upgrade_refused);
  options.timeouts.upgrade = 100ms;
  CAF_CHECK_EQUAL(dial_error(url("localhost", "/stall")), dial_errc::upgrade_timeout);
}

// -- ends -----------------------------------------------------------------------------------------

CAF_TEST(a close of the peer) {
  serve_trusted("DNS:localhost");
  auto uut = open(url("localhost", "/close?code=4000&reason=over"));
  CAF_CHECK(end_of(uut) == (close_details{close_code{4000}, "over"}));
}

CAF_TEST(a reset is 1006) {
  serve_trusted("DNS:localhost");
  auto uut = open(url("localhost", "/drop"));
  CAF_CHECK_EQUAL(write(uut, text("x")), caf::none);
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::abnormal);
}

CAF_TEST(a peer that does not answer the close frame) {
  serve_trusted("DNS:localhost");
  options.timeouts.close = 100ms;
  auto uut = open(url("localhost", "/silent"));
  CAF_CHECK_EQUAL(close(uut), connection_errc::close_timeout);
}

CAF_TEST(a flood) {
  serve_trusted("DNS:localhost");
  options.read_ahead_bytes = 10000;
  auto uut = open(url("localhost", "/flood?n=5000&size=1000"));
  std::size_t received = 0;
  for (auto batch = demand(uut, 100); batch; batch = demand(uut, 100))
    received += batch->messages.size();
  CAF_CHECK_EQUAL(received, 5000U);
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::normal);
}

CAF_TEST(killed sessions close their sockets) {
  serve_trusted("DNS:localhost");
  for (const std::string path : {"/echo", "/silent"}) {
    auto uut = open(url("localhost", path));
    self->send_exit(uut, caf::exit_reason::kill);
    uut = nullptr;
    CAF_CHECK(tests::eventually([&] { return io.hosted_actors() == 0; }));
  }
  CAF_CHECK(tls_server->wait_until([](const auto& x) { return x.opened == 2; }));
}

CAF_TEST_FIXTURE_SCOPE_END()
