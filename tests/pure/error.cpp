// error.cpp: names, phases, texts and contents of errors.

#define CAF_SUITE error

#include "wsengine/cluster/error.hpp"

#include "system_fixture.hpp"

#include "wsengine/config.hpp"
#include "wsengine/error.hpp"
#include "wsengine/sending.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <caf/pec.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

using namespace wsengine;
using namespace std::literals;

namespace {

using fixture = tests::system_fixture<config>;

/// All values of an enum that starts with 1 must have a name of their own, and no other may.
template <class Code>
void check_names(Code last) {
  std::set<std::string> names;
  auto count = static_cast<std::uint8_t>(last);
  for (std::uint8_t i = 1; i <= count; ++i) {
    auto name = to_string(static_cast<Code>(i));
    CAF_CHECK(name.find('(') == std::string::npos);
    names.insert(name);
    CAF_CHECK_EQUAL(describe(static_cast<Code>(i)), name);
    CAF_CHECK_EQUAL(describe(make_error(static_cast<Code>(i), "why")), name + ": why");
  }
  CAF_CHECK_EQUAL(names.size(), count);
  CAF_CHECK(to_string(static_cast<Code>(count + 1)).find('(') != std::string::npos);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(error_tests, fixture)

// -- names and phases -----------------------------------------------------------------------------

CAF_TEST(every code has a name) {
  check_names(dial_errc::proxy_timeout);
  check_names(connection_errc::dropped);
  check_names(engine_errc::circuit_open);
  check_names(request_errc::session_lost);
  check_names(send_errc::no_such_subscription);
  check_names(cluster_errc::start_failed);
  check_names(session_signal::exit);
}

CAF_TEST(every error belongs to a phase) {
  CAF_CHECK_EQUAL(phase_of(dial_errc::resolve_failed), "resolve"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::resolve_timeout), "resolve"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::connect_failed), "connect"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::connect_timeout), "connect"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::proxy_failed), "proxy"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::proxy_timeout), "proxy"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::tls_failed), "tls"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::tls_timeout), "tls"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::upgrade_failed), "upgrade"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::upgrade_timeout), "upgrade"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::upgrade_refused), "upgrade"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::invalid_request), "open"sv);
  CAF_CHECK_EQUAL(phase_of(dial_errc::cancelled), "open"sv);
  CAF_CHECK_EQUAL(phase_of(connection_errc::closed), "open"sv);
  CAF_CHECK_EQUAL(phase_of(connection_errc::queue_full), "open"sv);
  CAF_CHECK_EQUAL(phase_of(connection_errc::close_failed), "close"sv);
  CAF_CHECK_EQUAL(phase_of(connection_errc::close_timeout), "close"sv);
  CAF_CHECK_EQUAL(phase_of(engine_errc::open_timeout), "open"sv);
  CAF_CHECK_EQUAL(phase_of(engine_errc::on_open_failed), "on_open"sv);
  CAF_CHECK_EQUAL(phase_of(engine_errc::stop_timeout), "close"sv);
  CAF_CHECK_EQUAL(phase_of(engine_errc::provider_failed), "provide"sv);
  CAF_CHECK_EQUAL(phase_of(engine_errc::circuit_open), "connect"sv);
  CAF_CHECK_EQUAL(phase_of(engine_errc::gave_up), "engine"sv);
  CAF_CHECK_EQUAL(phase_of(request_errc::timeout), "request"sv);
  CAF_CHECK_EQUAL(phase_of(cluster_errc::draining), "cluster"sv);
  CAF_CHECK_EQUAL(phase_of(send_errc::expired), "send"sv);
  CAF_CHECK_EQUAL(phase_of(session_signal::restart), "engine"sv);
  CAF_CHECK_EQUAL(phase_of(caf::sec::runtime_error), "actor"sv);
  CAF_CHECK_EQUAL(phase_of(caf::error{}), "actor"sv);
}

CAF_TEST(an error that can arise in several phases names its own) {
  auto uut = make_error(engine_errc::open_timeout, "too late", phase_name{"tls"});
  CAF_CHECK_EQUAL(phase_of(uut), "tls"sv);
  CAF_CHECK_EQUAL(describe(uut), "open_timeout: too late");
  auto copy = roundtrip(uut);
  CAF_CHECK_EQUAL(phase_of(copy), "tls"sv);
}

// -- texts ----------------------------------------------------------------------------------------

CAF_TEST(errors of CAF can be read too) {
  CAF_CHECK_EQUAL(describe({}), "no error");
  CAF_CHECK_EQUAL(text_of({}), "");
  CAF_CHECK_EQUAL(describe(caf::sec::request_timeout), "request_timeout");
  CAF_CHECK_EQUAL(describe(caf::exit_reason::user_shutdown), "user_shutdown");
  CAF_CHECK_EQUAL(describe(caf::make_error(caf::sec::runtime_error, "what"s)),
                  "runtime_error: what");
  auto two = caf::make_error(caf::sec::invalid_argument, "argument"s, 42, "too large"s);
  CAF_CHECK_EQUAL(text_of(two), "argument: too large");
  CAF_CHECK_EQUAL(text_of(caf::make_error(caf::sec::runtime_error, 42)), "");
  // A category that only CAF knows.
  CAF_CHECK_EQUAL(describe(caf::pec::unexpected_eof),
                  to_string(caf::error{caf::pec::unexpected_eof}));
}

CAF_TEST(the actor system renders our errors) {
  CAF_CHECK_EQUAL(tests::rendered(sys, make_error(dial_errc::connect_failed, "Connection refused")),
                  tests::rendering("connect_failed", "Connection refused"));
  CAF_CHECK_EQUAL(tests::rendered(sys, connection_errc::closed), "closed");
  CAF_CHECK_EQUAL(tests::rendered(sys, make_error(engine_errc::gave_up, "after 3")),
                  tests::rendering("gave_up", "after 3"));
  CAF_CHECK_EQUAL(tests::rendered(sys, session_signal::exit), "exit");
}

// -- contents -------------------------------------------------------------------------------------

CAF_TEST(an error is its code whatever it carries) {
  auto uut = make_error(dial_errc::tls_failed, "self-signed certificate");
  CAF_CHECK(is(uut, dial_errc::tls_failed));
  CAF_CHECK(!is(uut, dial_errc::tls_timeout));
  // The same number in another category.
  CAF_CHECK(!is(uut, static_cast<connection_errc>(dial_errc::tls_failed)));
  CAF_CHECK(!is(uut, static_cast<engine_errc>(dial_errc::tls_failed)));
  CAF_CHECK(!is(caf::error{}, dial_errc::tls_failed));
}

CAF_TEST(the error of a closed session carries close details) {
  close_details bye{close_code::normal, "bye"};
  auto uut = make_closed_error("the peer closed", bye);
  CAF_CHECK(is(uut, connection_errc::closed));
  CAF_CHECK_EQUAL(text_of(uut), "the peer closed");
  CAF_CHECK_EQUAL(describe(uut), "closed: the peer closed");
  CAF_CHECK_EQUAL(close_details_of(uut), bye);
  CAF_CHECK(!response_of(uut));
}

CAF_TEST(the error of a send names its session if there is one) {
  auto uut = make_send_error(send_errc::unknown, "cut off", session_id{7});
  CAF_CHECK_EQUAL(session_of(uut), session_id{7});
  CAF_CHECK_EQUAL(describe(uut), "unknown: cut off");
  CAF_CHECK(!session_of(make_send_error(send_errc::dropped, "stopped", {})));
  CAF_CHECK(!session_of(make_error(connection_errc::closed, "")));
}

CAF_TEST(close details are 1006 where none came) {
  close_details none{close_code::abnormal, ""};
  CAF_CHECK_EQUAL(close_details_of(connection_errc::closed), none);
  CAF_CHECK_EQUAL(close_details_of(make_error(connection_errc::closed, "lost")), none);
  CAF_CHECK(!close_details_of(make_error(connection_errc::read_failed, "x")));
  CAF_CHECK(!close_details_of(caf::error{}));
}

CAF_TEST(the error of a refused upgrade carries the response) {
  handshake_response response{403, "", "", {{"Server", "gate"}}};
  auto uut = make_refused_error(response);
  CAF_CHECK(is(uut, dial_errc::upgrade_refused));
  CAF_CHECK_EQUAL(describe(uut), "upgrade_refused: the server answered with status 403");
  CAF_CHECK_EQUAL(response_of(uut), response);
  CAF_CHECK_EQUAL(describe(make_refused_error(response, "; not followed")),
                  "upgrade_refused: the server answered with status 403; not followed");
  CAF_CHECK(!close_details_of(uut));
  CAF_CHECK(!response_of(dial_errc::upgrade_refused));
  CAF_CHECK(!response_of(caf::error{}));
}

CAF_TEST(errors keep their contents on the way to another node) {
  handshake_response response{403, "chat", "", {{"Server", "gate"}}, "no", {"TLSv1.3", "", false}};
  CAF_CHECK_EQUAL(response_of(roundtrip(make_refused_error(response))), response);
  close_details bye{close_code::normal, "bye"};
  auto closed = roundtrip(make_closed_error("the peer closed", bye));
  CAF_CHECK_EQUAL(close_details_of(closed), bye);
  CAF_CHECK_EQUAL(describe(closed), "closed: the peer closed");
}

CAF_TEST_FIXTURE_SCOPE_END()
