// phase_tracing.cpp: the phases of dials over sockets as spans, and what servers learn of a trace.

#define CAF_SUITE phase_tracing

#include "real/certificates.hpp"
#include "real/engine_fixture.hpp"
#include "real/span_collector.hpp"

#include "wsengine/tracing.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::span_collector;

namespace {

struct fixture : tests::engine_fixture {
  ~fixture() {
    // Their last spans come when they end.
    if (engine)
      caf::anon_send_exit(engine, caf::exit_reason::kill);
  }

  void spawn_traced() {
    engine_hooks hooks;
    hooks.traces = make_tracer(tracing, spans);
    auto result = spawn_engine(sys, tests::adapter_connector(*io), options, client,
                               placement::io_thread, hooks);
    if (!result)
      CAF_FAIL(describe(result.error()));
    engine = *result;
  }

  /// The phases of the dial, in their order. Each has to be within the dial, behind the one before.
  std::vector<span> phases() {
    auto dial = spans->wait_for("dial");
    CAF_REQUIRE(dial);
    auto result = spans->children_of(*dial);
    auto last = dial->start;
    for (const auto& x : result) {
      CAF_CHECK(last <= x.start && x.start <= x.end && x.end <= dial->end);
      CAF_CHECK(x.context.trace == dial->context.trace);
      last = x.end;
    }
    return result;
  }

  static std::vector<std::string> names_of(const std::vector<span>& all) {
    std::vector<std::string> result;
    for (const auto& x : all)
      result.push_back(x.name);
    return result;
  }

  using names = std::vector<std::string>;

  tracing_options tracing;
  std::shared_ptr<span_collector> spans = std::make_shared<span_collector>();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(phase_tracing_tests, fixture)

CAF_TEST(a dial over TLS has four phases) {
  auto made = tests::make_certificate("DNS:localhost");
  tests::temporary_file trusted{made.pem};
  examples::echo_options how;
  how.tls = {made.pem, made.key};
  examples::echo_server secure{std::move(how)};
  secure.start();
  options = tests::hasty_options(secure.url("/echo"));
  options.connection.tls.ca_file = trusted.path();
  spawn_traced();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  auto all = phases();
  CAF_REQUIRE_EQUAL(names_of(all), (names{"resolve", "connect", "tls", "upgrade"}));
  CAF_CHECK_EQUAL(span_collector::text_of(all[1], "network.transport"), "tcp");
  CAF_CHECK_EQUAL(span_collector::text_of(all[1], "network.peer.address"), "127.0.0.1");
  CAF_CHECK(!span_collector::text_of(all[2], "tls.protocol.version").empty());
  for (const auto& x : all)
    CAF_CHECK(x.status == span_status::unset);
  CAF_CHECK_EQUAL(stop(), caf::none);
}

CAF_TEST(the phase that fails says why) {
  options = options_for("/refuse?status=503");
  spawn_traced();
  CAF_CHECK_EQUAL(start(), dial_errc::upgrade_refused);
  auto all = phases();
  CAF_REQUIRE_EQUAL(names_of(all), (names{"resolve", "connect", "upgrade"}));
  CAF_CHECK(all[1].status == span_status::unset);
  CAF_CHECK(all[2].status == span_status::error);
  CAF_CHECK_EQUAL(span_collector::text_of(all[2], "error.type"), "upgrade_refused");
}

CAF_TEST(a phase that takes too long says so) {
  options = options_for("/stall");
  options.connection.timeouts.upgrade = 50ms;
  spawn_traced();
  CAF_CHECK_EQUAL(start(), dial_errc::upgrade_timeout);
  auto all = phases();
  CAF_CHECK_EQUAL(span_collector::text_of(all.back(), "error.type"), "upgrade_timeout");
}

CAF_TEST(a Unix domain socket has no address to resolve) {
  tests::temporary_file nobody{""};
  options.connection.unix_socket = nobody.path();
  spawn_traced();
  CAF_CHECK_EQUAL(start(), dial_errc::connect_failed);
  CAF_CHECK_EQUAL(names_of(phases()), names{"connect"});
}

CAF_TEST(a server sees the header) {
  tracing.propagate = true;
  spawn_traced();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  auto dial = spans->wait_for("dial");
  CAF_REQUIRE(dial);
  auto seen = server.requests().back().headers;
  auto expected = to_traceparent(dial->context);
  const auto* found = find_header(seen, "traceparent");
  CAF_REQUIRE(found != nullptr);
  CAF_CHECK_EQUAL(*found, expected);
}

CAF_TEST(what comes and goes is traced) {
  spawn_traced();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  auto receipt = ask<send_receipt>(send_msg{message_kind::text, "hello"});
  CAF_REQUIRE(receipt);
  auto sent = spans->wait_for("send");
  auto came = spans->wait_for("on_message");
  auto dial = spans->wait_for("dial");
  CAF_REQUIRE(sent && came && dial);
  CAF_CHECK(sent->links.at(0).to == dial->context);
  CAF_CHECK(came->links.at(0).to == dial->context);
  CAF_CHECK_EQUAL(stop(), caf::none);
  auto close = spans->wait_for("close");
  CAF_REQUIRE(close);
  CAF_CHECK_EQUAL(names_of(spans->children_of(*close)), names{"on_close"});
}

CAF_TEST_FIXTURE_SCOPE_END()
