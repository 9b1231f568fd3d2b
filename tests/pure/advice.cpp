// advice.cpp: what somebody may do about a failure.

#define CAF_SUITE advice

#include "advice.hpp"

#include "wsengine/error.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <caf/sec.hpp>

#include <string>

using namespace wsengine;
using namespace wsengine::cli;

namespace {

engine_options dialing(const std::string& url) {
  engine_options result;
  result.request.url = url;
  return result;
}

std::string advice(const caf::error& cause, const std::string& url = "ws://host:81/") {
  return advice_for(cause, dialing(url));
}

std::string refused(unsigned status) {
  handshake_response response;
  response.status = status;
  return advice(make_refused_error(std::move(response)));
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST(a URL gets its scheme) {
  CAF_CHECK_EQUAL(advice_for_url("localhost:80/x"), "; did you mean ws://localhost:80/x?");
  CAF_CHECK_EQUAL(advice_for_url("http://x/y"), "; did you mean ws://x/y?");
  CAF_CHECK_EQUAL(advice_for_url("https://x/y"), "; did you mean wss://x/y?");
  for (const auto* nothing_to_say : {"", "ws://", "wss://a b", "ftp://x"})
    CAF_CHECK_EQUAL(advice_for_url(nothing_to_say), "");
}

CAF_TEST(a server that cannot be reached) {
  auto failed = make_error(dial_errc::connect_failed, "Connection refused");
  CAF_CHECK(has(advice(failed), "port 81 of host?"));
  CAF_CHECK(has(advice(failed, "wss://host/"), "port 443 of host?"));
  auto options = dialing("ws://host/");
  options.connection.unix_socket = "/run/x";
  CAF_CHECK(has(advice_for(failed, options), "listen on /run/x?"));
  CAF_CHECK(has(advice(make_error(dial_errc::resolve_failed, "x")), "name"));
}

CAF_TEST(a server that is reached) {
  CAF_CHECK(has(advice(make_error(dial_errc::tls_failed, "x"), "wss://x/"), "--ca"));
  auto failed = make_error(dial_errc::upgrade_failed, "x");
  CAF_CHECK(has(advice(failed), "wss://"));
  CAF_CHECK(!has(advice(failed, "wss://x/"), "wss://"));
  CAF_CHECK(has(advice(make_error(dial_errc::proxy_failed, "x")), "--no-proxy"));
}

CAF_TEST(a server that refuses) {
  CAF_CHECK(has(refused(301), "--max-redirects"));
  CAF_CHECK(has(refused(401), "--bearer-auth"));
  CAF_CHECK(has(refused(403), "Origin"));
  CAF_CHECK(has(refused(404), "path"));
  CAF_CHECK(has(refused(503), "--retry-first"));
  CAF_CHECK_EQUAL(refused(500), "");
}

CAF_TEST(nothing to say) {
  CAF_CHECK_EQUAL(advice({}), "");
  CAF_CHECK_EQUAL(advice(make_error(engine_errc::on_open_failed, "x")), "");
  CAF_CHECK_EQUAL(advice(caf::sec::runtime_error), "");
}
