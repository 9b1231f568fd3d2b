// node_security.cpp: nodes that show each other certificates, and those that have none.

#define CAF_SUITE node_security

#include "cluster/cluster_fixture.hpp"
#include "real/certificates.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::child_process;
using tests::make_certificate;
using tests::make_signed_certificate;
using tests::temporary_file;

namespace {

// The certificate of a node, and who signed those of others, as files.
struct papers {
  papers(const tests::certificate& authority, const tests::certificate& own)
    : ca(authority.pem),
      certificate(own.pem),
      key(own.key) {}

  cluster::transport_options transport() const {
    cluster::transport_options result;
    result.certificate_file = certificate.path();
    result.key_file = key.path();
    result.ca_file = ca.path();
    result.heartbeat = 200ms;
    result.silence = tests::patience;
    return result;
  }

  temporary_file ca;
  temporary_file certificate;
  temporary_file key;
};

std::vector<std::string> problems_of(const cluster::transport_options& options) {
  std::vector<std::string> result;
  for (const auto& x : validate(options))
    result.push_back(x.field + ": " + x.problem);
  return result;
}

using strings = std::vector<std::string>;

struct fixture {
  fixture() {
    CAF_REQUIRE(there.wait_for_port() != 0);
    server.start();
  }

  /// Joins the node as somebody with these papers, and does it.
  caf::error join_as(const cluster::transport_options& transport) {
    cluster::node_config cfg{transport};
    caf::actor_system sys{cfg};
    auto node =
      cluster::join<cluster::node_actor>(sys, transport, "127.0.0.1", there.wait_for_port());
    if (!node)
      return node.error();
    auto report = tests::ask_and_wait<cluster::node_report>(sys, *node, cluster::node_report_msg{});
    return report ? caf::error{} : report.error();
  }

  tests::certificate authority = make_certificate("DNS:authority");
  papers ours{authority, make_signed_certificate(authority, "DNS:node")};
  child_process there{{WSENGINE_PROGRAM, "node", "--json", "--cert", ours.certificate.path(),
                       "--key", ours.key.path(), "--ca", ours.ca.path(), "--heartbeat", "200ms",
                       "--silence", "30s"}};
  examples::echo_server server;
};

} // namespace

CAF_TEST(what is wrong with certificates is said before anybody listens) {
  auto authority = make_certificate("DNS:authority");
  papers mine{authority, make_signed_certificate(authority, "DNS:node")};
  CAF_CHECK_EQUAL(problems_of(mine.transport()), strings{});
  auto wrong = mine.transport();
  // A certificate is no key, and a key no certificate.
  std::swap(wrong.certificate_file, wrong.key_file);
  wrong.ca_file = wrong.certificate_file;
  strings expected{"certificate_file: has no certificate in PEM: " + wrong.certificate_file,
                   "key_file: has no key in PEM that is not encrypted: " + wrong.key_file,
                   "ca_file: has no certificate in PEM: " + wrong.ca_file};
  CAF_CHECK_EQUAL(problems_of(wrong), expected);
  papers another{authority, make_signed_certificate(authority, "DNS:node")};
  wrong = mine.transport();
  wrong.key_file = another.key.path();
  expected = {"key_file: is not the key of the certificate: " + wrong.key_file};
  CAF_CHECK_EQUAL(problems_of(wrong), expected);
}

CAF_TEST_FIXTURE_SCOPE(node_security_tests, fixture)

CAF_TEST(nodes of one authority work together) {
  papers mine{authority, make_signed_certificate(authority, "DNS:another")};
  CAF_CHECK_EQUAL(join_as(mine.transport()), caf::none);
}

CAF_TEST(an engine runs over TLS) {
  auto transport = ours.transport();
  cluster::node_config cfg{transport};
  caf::actor_system sys{cfg};
  auto node =
    cluster::join<cluster::node_actor>(sys, transport, "127.0.0.1", there.wait_for_port());
  CAF_REQUIRE(node);
  auto client = std::make_shared<tests::probe>();
  auto actor = sys.spawn<internal::callback_client>(client);
  engine_options options;
  options.request.url = server.url("/echo");
  caf::scoped_actor self{sys};
  engine_actor engine;
  self
    ->request(
      *node, 30s,
      cluster::spawn_engine_msg{"one", options, {caf::actor_cast<client_actor>(actor), {}, {}}})
    .receive([&](engine_actor& x) { engine = std::move(x); },
             [&](const caf::error& x) { CAF_FAIL(describe(x)); });
  self->send(engine, start_msg{});
  CAF_REQUIRE(client->wait_for("open"));
  // Larger than a record of TLS, and than what goes out at once.
  post(client->current(), text(std::string(1U << 20U, 'x')));
  CAF_CHECK(client->wait_for("message x"));
  self->send_exit(actor, caf::exit_reason::kill);
}

CAF_TEST(a node of another authority gets nowhere) {
  auto stranger = make_certificate("DNS:authority");
  // It trusts the node, but the node does not trust it.
  papers theirs{authority, make_signed_certificate(stranger, "DNS:node")};
  auto problem = join_as(theirs.transport());
  CAF_CHECK(is(problem, cluster_errc::join_failed));
  CAF_MESSAGE(describe(problem));
  CAF_CHECK_EQUAL(join_as(ours.transport()), caf::none);
}

CAF_TEST(a node that only its peer trusts gets nowhere) {
  auto stranger = make_certificate("DNS:authority");
  papers theirs{stranger, make_signed_certificate(authority, "DNS:node")};
  CAF_CHECK(is(join_as(theirs.transport()), cluster_errc::join_failed));
}

CAF_TEST(a node without TLS gets nowhere) {
  CAF_CHECK(is(join_as(tests::plain_transport()), cluster_errc::join_failed));
  CAF_CHECK_EQUAL(join_as(ours.transport()), caf::none);
}

CAF_TEST(a connection that ends badly harms no other) {
  cluster::node_config cfg{ours.transport()};
  caf::actor_system sys{cfg};
  auto port = there.wait_for_port();
  auto node = cluster::join<cluster::node_actor>(sys, ours.transport(), "127.0.0.1", port);
  CAF_REQUIRE(node);
  auto ask = [&] {
    auto report =
      tests::ask_and_wait<cluster::node_report>(sys, *node, cluster::node_report_msg{}, 10s);
    return report ? caf::error{} : report.error();
  };
  CAF_REQUIRE_EQUAL(ask(), caf::none);
  // It speaks no TLS, and waits until the node has given it up.
  child_process stranger{{"/bin/bash", "-c",
                          "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(port)
                            + "; echo nonsense >&3; cat <&3 2>&1 >/dev/null; echo ended"}};
  CAF_REQUIRE(!stranger.wait_for("ended").empty());
  // The first one is read, and then the node waits for more.
  CAF_CHECK_EQUAL(ask(), caf::none);
  CAF_CHECK_EQUAL(ask(), caf::none);
}

CAF_TEST(the port closes on who shows no certificate) {
  // Without our own certificate CAF does not ask for the other's, which options do not allow; so
  // this is OpenSSL's own client.
  child_process client{
    {"/bin/sh", "-c",
     "openssl s_client -connect 127.0.0.1:" + std::to_string(there.wait_for_port()) + " -CAfile "
       + ours.ca.path() + " -quiet 2>&1 </dev/zero; echo ended"}};
  // It sends without an end as long as somebody listens.
  CAF_CHECK(!client.wait_for("ended").empty());
  CAF_CHECK_EQUAL(join_as(ours.transport()), caf::none);
}

CAF_TEST_FIXTURE_SCOPE_END()
