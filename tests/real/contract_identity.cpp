// contract_identity.cpp: TLS beyond trust in files: who we are, pinned keys, versions, protocols,
// and sessions that are resumed.

#define CAF_SUITE contract_identity

#include "real/certificates.hpp"
#include "real/connection_fixture.hpp"
#include "real/tls_peer.hpp"

#include <openssl/pem.h>

#include <memory>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::certificate;
using tests::make_certificate;
using tests::make_signed_certificate;
using tests::temporary_file;
using tests::tls_peer;

namespace {

// Demands a certificate that `authority` has signed.
tls_peer::set_up demanding(const certificate& authority) {
  return [pem = authority.pem](SSL_CTX* context) {
    auto* from = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    auto* trusted = PEM_read_bio_X509(from, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), trusted);
    X509_free(trusted);
    BIO_free(from);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  };
}

tls_peer::set_up at_most(int version) {
  return [version](SSL_CTX* context) { SSL_CTX_set_max_proto_version(context, version); };
}

// Chooses "http/1.1", wherever it stands in the client's list.
int choose_http(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* list,
                unsigned list_size, void*) {
  static const unsigned char ours[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  auto result = SSL_select_next_proto(&found, size, ours, 9, list, list_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

struct fixture : tests::connection_fixture {
  // A server with a certificate that is trusted.
  void serve(const tls_peer::set_up& more = {}) {
    peer = std::make_unique<tls_peer>(trusted, more);
    options.tls.ca_pem = trusted.pem;
  }

  /// Opens a session, closes it, and returns what TLS had agreed upon.
  tls_summary summary(const std::string& host = "localhost") {
    auto uut = spawn();
    auto response = dial(uut, peer->url(host));
    if (!response)
      CAF_FAIL(describe(response.error()));
    auto result = response->tls;
    CAF_CHECK_EQUAL(close(uut, {close_code::normal, ""}), caf::none);
    return result;
  }

  void check_refused(const std::string& fault, const std::string& host = "localhost") {
    auto reason = dial_error(peer->url(host));
    CAF_CHECK_EQUAL(reason, dial_errc::tls_failed);
    CAF_CHECK(text_of(reason).find(fault) != std::string::npos);
  }

  certificate trusted = make_certificate("DNS:localhost,IP:127.0.0.1");
  std::unique_ptr<tls_peer> peer;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(contract_identity_tests, fixture)

// -- trust ----------------------------------------------------------------------------------------

CAF_TEST(trusted certificates in memory) {
  serve();
  CAF_CHECK(summary().version.starts_with("TLSv1."));
  CAF_CHECK(summary("127.0.0.1").version.starts_with("TLSv1."));
  options.tls.ca_pem = make_certificate("DNS:localhost").pem;
  check_refused("certificate");
}

CAF_TEST(an issuer that nobody knows is named as the fault) {
  auto authority = make_certificate("DNS:authority");
  peer = std::make_unique<tls_peer>(make_signed_certificate(authority, "DNS:localhost"));
  options.tls.ca_pem = trusted.pem;
  check_refused("unable to get local issuer certificate");
  options.tls.ca_pem += authority.pem;
  CAF_CHECK(!summary().version.empty());
}

CAF_TEST(texts that hold no certificate) {
  serve();
  for (const auto* bad :
       {"nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    options.tls.ca_pem = bad;
    check_refused("trusted certificates from memory");
  }
}

CAF_TEST(an IPv6 address is verified as an address) {
  peer = std::make_unique<tls_peer>(make_certificate("DNS:localhost,IP:127.0.0.1"),
                                    tls_peer::set_up{}, "::1");
  options.tls.verify = false;
  if (auto response = dial(spawn(), peer->url("[::1]")); !response) {
    CAF_MESSAGE("skipped: this machine has no IPv6 loopback");
    return;
  }
  auto right = make_certificate("IP:::1");
  options.tls.verify = true;
  options.tls.ca_pem = right.pem;
  peer = std::make_unique<tls_peer>(right, tls_peer::set_up{}, "::1");
  CAF_CHECK(!summary("[::1]").version.empty());
  auto wrong = make_certificate("DNS:localhost,IP:::2");
  options.tls.ca_pem = wrong.pem;
  peer = std::make_unique<tls_peer>(wrong, tls_peer::set_up{}, "::1");
  check_refused("IP address mismatch", "[::1]");
}

// -- who we are -----------------------------------------------------------------------------------

CAF_TEST(a client shows its certificate from memory or files) {
  auto authority = make_certificate("DNS:authority");
  auto ours = make_signed_certificate(authority, "DNS:client");
  serve(demanding(authority));
  options.tls.certificate_pem = ours.pem;
  options.tls.key_pem = ours.key;
  CAF_CHECK(!summary().version.empty());
  temporary_file pem{ours.pem};
  temporary_file key{ours.key};
  options.tls.certificate_pem.clear();
  options.tls.key_pem = {};
  options.tls.certificate_file = pem.path();
  options.tls.key_file = key.path();
  CAF_CHECK(!summary().version.empty());
  CAF_CHECK_EQUAL(peer->clients(),
                  (std::vector<std::string>{"wsengine test, signed", "wsengine test, signed"}));
}

CAF_TEST(a client without the certificate that is demanded) {
  auto authority = make_certificate("DNS:authority");
  for (auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    serve([&](SSL_CTX* context) {
      demanding(authority)(context);
      at_most(version)(context);
    });
    auto reason = dial_error(peer->url("localhost"));
    CAF_CHECK_EQUAL(reason, dial_errc::tls_failed);
    CAF_CHECK(text_of(reason).find("alert") != std::string::npos);
    auto stranger = make_certificate("DNS:client");
    options.tls.certificate_pem = stranger.pem;
    options.tls.key_pem = stranger.key;
    CAF_CHECK_EQUAL(dial_error(peer->url("localhost")), dial_errc::tls_failed);
    options.tls.certificate_pem.clear();
    options.tls.key_pem = {};
  }
}

CAF_TEST(certificates and keys that cannot be used) {
  serve();
  options.tls.certificate_pem = "nonsense";
  options.tls.key_pem = trusted.key;
  check_refused("cannot load our certificate from memory");
  options.tls.certificate_pem = trusted.pem;
  options.tls.key_pem = "nonsense";
  check_refused("cannot load the key of our certificate from memory");
  options.tls.key_pem = make_certificate("DNS:other").key;
  check_refused("cannot load the key of our certificate from memory");
  options.tls.certificate_pem.clear();
  options.tls.certificate_file = "/nonexistent/cert.pem";
  check_refused("/nonexistent/cert.pem");
}

CAF_TEST(a certificate without a key is no request) {
  serve();
  options.tls.certificate_pem = trusted.pem;
  CAF_CHECK_EQUAL(dial_error(peer->url("localhost")), dial_errc::invalid_request);
}

// -- pinned keys ----------------------------------------------------------------------------------

CAF_TEST(only a pinned key is accepted) {
  serve();
  auto other = tests::pin_of(make_certificate("DNS:localhost"));
  options.tls.pinned_keys = {other, tests::pin_of(trusted)};
  CAF_CHECK(!summary().version.empty());
  options.tls.pinned_keys = {other};
  check_refused("the key of the server is not pinned: " + tests::pin_of(trusted));
  // A session that is resumed is checked, too, and so is one without any other verification.
  options.tls.verify = false;
  check_refused("not pinned");
  options.tls.pinned_keys = {tests::pin_of(trusted)};
  CAF_CHECK(!summary().version.empty());
}

// -- versions and protocols -----------------------------------------------------------------------

CAF_TEST(the oldest version can be chosen) {
  serve(at_most(TLS1_2_VERSION));
  CAF_CHECK_EQUAL(summary().version, "TLSv1.2");
  options.tls.min_version = tls_version::tls_1_3;
  check_refused("alert");
  serve();
  CAF_CHECK_EQUAL(summary().version, "TLSv1.3");
}

CAF_TEST(versions before TLS 1_2 are refused) {
  serve([](SSL_CTX* context) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
  });
  CAF_CHECK_EQUAL(dial_error(peer->url("localhost")), dial_errc::tls_failed);
}

CAF_TEST(the protocol that the server chose is told) {
  serve([](SSL_CTX* context) { SSL_CTX_set_alpn_select_cb(context, choose_http, nullptr); });
  CAF_CHECK_EQUAL(summary().alpn, "");
  options.tls.alpn = {"other", "http/1.1"};
  CAF_CHECK_EQUAL(summary().alpn, "http/1.1");
  options.tls.alpn = {"other"};
  check_refused("alert");
}

// -- resumption -----------------------------------------------------------------------------------

CAF_TEST(sessions are resumed with the same server) {
  for (auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    serve(at_most(version));
    CAF_CHECK(!summary().resumed);
    CAF_CHECK(summary().resumed);
    CAF_CHECK(summary().resumed);
    // To OpenSSL that is another server: nobody has verified its name.
    CAF_CHECK(!summary("127.0.0.1").resumed);
  }
}

CAF_TEST(a session is resumed after its connection broke) {
  serve();
  auto uut = spawn();
  CAF_REQUIRE(dial(uut, peer->url("localhost")));
  self->send_exit(uut, caf::exit_reason::kill);
  uut = nullptr;
  CAF_CHECK(summary().resumed);
}

CAF_TEST(sessions are not resumed with other options or unasked) {
  serve();
  CAF_CHECK(!summary().resumed);
  auto before = options.tls;
  options.tls.ca_pem += make_certificate("DNS:other").pem;
  CAF_CHECK(!summary().resumed);
  options.tls = before;
  options.tls.resume = false;
  CAF_CHECK(!summary().resumed);
  CAF_CHECK(!summary().resumed);
}

CAF_TEST_FIXTURE_SCOPE_END()
