// transport.cpp: which options of nodes are good.

#define CAF_SUITE transport

#include "wsengine/cluster/transport.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <stdexcept>
#include <string>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> bad_fields(const cluster::transport_options& options) {
  std::vector<std::string> result;
  for (const auto& x : validate(options))
    result.push_back(x.field);
  return result;
}

using strings = std::vector<std::string>;

cluster::transport_options plain() {
  cluster::transport_options result;
  result.plain = true;
  return result;
}

} // namespace

CAF_TEST(nodes need certificates) {
  cluster::transport_options uut;
  CAF_CHECK_EQUAL(bad_fields(uut), (strings{"certificate_file", "key_file", "ca_file"}));
  uut.certificate_file = uut.key_file = uut.ca_file = "/nowhere/at/all";
  CAF_CHECK_EQUAL(bad_fields(uut), (strings{"certificate_file", "key_file", "ca_file"}));
  auto problems = validate(uut);
  CAF_CHECK_EQUAL(problems[0].problem, "is no file: /nowhere/at/all");
}

CAF_TEST(plain nodes stay on the loopback interface) {
  auto uut = plain();
  CAF_CHECK_EQUAL(bad_fields(uut), strings{});
  for (const auto* good : {"localhost", "::1", "127.0.0.2"}) {
    uut.address = good;
    CAF_CHECK_EQUAL(bad_fields(uut), strings{});
  }
  for (const auto* bad : {"0.0.0.0", "::", "10.0.0.1", ""}) {
    uut.address = bad;
    CAF_CHECK_EQUAL(bad_fields(uut), strings{"address"});
  }
}

CAF_TEST(plain nodes have no use for certificates) {
  auto uut = plain();
  uut.ca_file = "x";
  CAF_CHECK_EQUAL(bad_fields(uut), strings{"ca_file"});
}

CAF_TEST(silence is longer than heartbeats) {
  auto uut = plain();
  uut.heartbeat = 5ms;
  CAF_CHECK_EQUAL(bad_fields(uut), strings{"heartbeat"});
  uut.heartbeat = 1s;
  uut.silence = 1999ms;
  CAF_CHECK_EQUAL(bad_fields(uut), strings{"silence"});
}

CAF_TEST(a configuration with bad options is not made) {
  std::string problem;
  try {
    cluster::node_config uut{cluster::transport_options{}};
  } catch (const std::invalid_argument& x) {
    problem = x.what();
  }
  CAF_CHECK(problem.find("certificate_file: is needed") != std::string::npos);
}

CAF_TEST(plain nodes are not joined beyond the loopback interface) {
  auto options = plain();
  cluster::node_config cfg{options};
  caf::actor_system sys{cfg};
  auto result = cluster::join(sys, options, "192.0.2.1", 1, {});
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error() == cluster_errc::invalid_options);
}
