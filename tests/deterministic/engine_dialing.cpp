// engine_dialing.cpp: several URLs, redirects, cookies, and servers that ask to be left alone.

#define CAF_SUITE engine_dialing

#include "deterministic/supervised_fixture.hpp"

namespace {

handshake_response answer(std::uint16_t status, header_fields headers = {}) {
  return {status, "", "", std::move(headers)};
}

script refusing(std::uint16_t status, header_fields headers = {}) {
  return script{}.refuse(make_refused_error(answer(status, std::move(headers))));
}

script redirecting(const std::string& location, std::uint16_t status = 302) {
  return refusing(status, {{"Location", location}});
}

script failing(const std::string& text = "refused") {
  return script{}.refuse(make_error(dial_errc::connect_failed, text));
}

struct fixture : supervised_fixture {
  /// The URLs that were dialed.
  strings urls() {
    strings result;
    for (std::size_t i = 0; i < network.size(); ++i)
      result.push_back(network.record(i).request.url);
    return result;
  }

  /// A field of the request of that dial; empty when there is none.
  std::string sent(std::size_t index, const std::string& name) {
    auto request = network.record(index).request;
    const auto* found = find_header(request.headers, name);
    return found == nullptr ? "" : *found;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_dialing_tests, fixture)

// -- several URLs ---------------------------------------------------------------------------------

CAF_TEST(an attempt tries all URLs at once) {
  options.more_urls = {"ws://b/", "ws://c/"};
  network.add(failing()).add(failing()).add(script{}.accept());
  spawn();
  auto answer = start();
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(urls(), (strings{"ws://example.org/feed", "ws://b/", "ws://c/"}));
  CAF_CHECK_EQUAL(network.alive(), 1U);
  CAF_CHECK_EQUAL(network.actors(), 1U);
  // A first start that goes well is no failed restart.
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()"}));
}

CAF_TEST(a start fails when all URLs do) {
  options.more_urls = {"ws://b/"};
  network.add(failing("one")).add(failing("two"));
  spawn();
  auto answer = start();
  CAF_CHECK(answer->failed(dial_errc::connect_failed));
  CAF_CHECK_EQUAL(text_of(answer->cause()), "two");
  CAF_CHECK_EQUAL(network.size(), 2U);
  CAF_CHECK_EQUAL(network.actors(), 0U);
}

CAF_TEST(a fixed order begins with the first and counts rounds) {
  options.more_urls = {"ws://b/"};
  options.backoff.max_attempts = 2;
  network.add(failing()).add(script{}.accept());
  network.fallback(failing());
  open();
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK_EQUAL(
    urls(), (strings{"ws://example.org/feed", "ws://b/", "ws://example.org/feed", "ws://b/"}));
  auto errors = mock.calls_of<on_restart_error>();
  CAF_REQUIRE_EQUAL(errors.size(), 2U);
  CAF_CHECK_EQUAL(errors[0].retry, 0U);
  CAF_CHECK_EQUAL(errors[0].next_delay, timespan{0});
  CAF_CHECK_EQUAL(errors[1].retry, 0U);
  CAF_CHECK_EQUAL(errors[1].next_delay, timespan{2s});
  CAF_CHECK_EQUAL(status().attempts, 1U);
  auto report = wait_stopped();
  pass(2s);
  CAF_REQUIRE(report->succeeded());
  CAF_CHECK(is(report->get().reason, engine_errc::gave_up));
}

CAF_TEST(a rotating order goes on behind the last URL) {
  options.more_urls = {"ws://b/"};
  options.order = url_order::rotating;
  open();
  peer(script{}.drop());
  pass(1s);
  peer(script{}.drop());
  pass(2s);
  CAF_CHECK_EQUAL(urls(), (strings{"ws://example.org/feed", "ws://b/", "ws://example.org/feed"}));
}

CAF_TEST(each URL has the time of an attempt) {
  options.more_urls = {"ws://b/"};
  network.add(script{}.stall()).add(script{}.stall());
  spawn();
  auto answer = start();
  pass(30s);
  CAF_CHECK(answer->pending());
  CAF_CHECK_EQUAL(network.size(), 2U);
  CAF_CHECK_EQUAL(network.alive(), 1U);
  pass(30s);
  CAF_CHECK(answer->failed(engine_errc::open_timeout));
  CAF_CHECK_EQUAL(network.actors(), 0U);
}

CAF_TEST(a connection that dies while it dials is left for the next URL) {
  options.more_urls = {"ws://b/"};
  network.add(script{}.stall());
  spawn();
  auto answer = start();
  peer(script{}.die(caf::exit_reason::unknown));
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(network.size(), 2U);
}

CAF_TEST(a stop ends an attempt between its URLs) {
  options.more_urls = {"ws://b/"};
  network.add(failing()).add(script{}.stall());
  spawn();
  auto answer = start();
  CAF_CHECK_EQUAL(network.size(), 2U);
  CAF_CHECK(stop()->succeeded());
  CAF_CHECK(answer->failed(engine_errc::stopped));
  CAF_CHECK_EQUAL(network.actors(), 0U);
}

// -- redirects ------------------------------------------------------------------------------------

CAF_TEST(redirects are not followed unless asked to) {
  network.add(redirecting("ws://other/"));
  spawn();
  auto answer = start();
  CAF_CHECK(answer->failed(dial_errc::upgrade_refused));
  CAF_CHECK_EQUAL(text_of(answer->cause()), "the server answered with status 302");
  CAF_CHECK_EQUAL(network.size(), 1U);
}

CAF_TEST(redirects are followed at once) {
  options.max_redirects = 5;
  std::uint16_t statuses[] = {301, 302, 303, 307, 308};
  for (auto status : statuses)
    network.add(redirecting("/" + std::to_string(status), status));
  spawn();
  CAF_CHECK(start()->succeeded());
  CAF_CHECK_EQUAL(
    urls(), (strings{"ws://example.org/feed", "ws://example.org/301", "ws://example.org/302",
                     "ws://example.org/303", "ws://example.org/307", "ws://example.org/308"}));
  CAF_CHECK_EQUAL(network.actors(), 1U);
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()"}));
  // The next session begins with the URL of the options.
  peer(script{}.drop());
  pass(1s);
  auto last = urls().back();
  CAF_CHECK_EQUAL(last, "ws://example.org/feed");
}

CAF_TEST(redirects beyond the limit and from wss to ws fail) {
  options.max_redirects = 2;
  network.fallback(redirecting("/again"));
  spawn();
  auto answer = start();
  CAF_CHECK(answer->failed(dial_errc::upgrade_refused));
  CAF_CHECK_EQUAL(
    text_of(answer->cause()),
    "the server answered with status 302; not followed: there were 2 redirects before");
  CAF_CHECK_EQUAL(unsigned{response_of(answer->cause())->status}, 302U);
  CAF_CHECK_EQUAL(network.size(), 3U);
  network.add(redirecting("wss://example.org/")).add(redirecting("ws://example.org/"));
  auto second = start();
  CAF_CHECK_EQUAL(text_of(second->cause()),
                  "the server answered with status 302; not followed: it leads from wss to ws");
  CAF_CHECK_EQUAL(network.actors(), 0U);
}

CAF_TEST(what proves who we are stays with its host) {
  options.max_redirects = 2;
  options.request.headers = {bearer_auth("x"), {"Cookie", "a=b"}, {"X-Other", "c"}};
  options.connection.tls.server_name = "name";
  options.connection.tls.certificate_file = "file";
  options.connection.tls.key_pem = "pem";
  network.add(redirecting("/same")).add(redirecting("ws://other/"));
  spawn();
  CAF_CHECK(start()->succeeded());
  CAF_CHECK_EQUAL(sent(1, "Authorization"), "Bearer x");
  CAF_CHECK_EQUAL(sent(1, "Cookie"), "a=b");
  CAF_CHECK(network.record(1).options.tls == options.connection.tls);
  CAF_CHECK_EQUAL(sent(2, "Authorization"), "");
  CAF_CHECK_EQUAL(sent(2, "Cookie"), "");
  CAF_CHECK_EQUAL(sent(2, "X-Other"), "c");
  CAF_CHECK(network.record(2).options.tls == tls_options{});
}

CAF_TEST(a redirect does not leave a Unix domain socket) {
  options.max_redirects = 1;
  options.connection.unix_socket = "/run/socket";
  network.add(redirecting("ws://other/"));
  spawn();
  auto answer = start();
  CAF_CHECK(text_of(answer->cause()).ends_with("it leads away from the Unix-domain socket"));
  CAF_CHECK_EQUAL(network.size(), 1U);
}

CAF_TEST(redirects count against the time of the attempt) {
  options.max_redirects = 1;
  network.add(script{}.after(29s).refuse(make_refused_error(answer(302, {{"Location", "/x"}}))));
  network.add(script{}.after(2s).accept());
  spawn();
  auto answer = start();
  pass(29s);
  CAF_CHECK_EQUAL(network.size(), 2U);
  pass(1s);
  CAF_CHECK(answer->failed(engine_errc::open_timeout));
}

// -- cookies --------------------------------------------------------------------------------------

CAF_TEST(cookies are not kept unless asked to) {
  network.add(script{}.accept(answer(101, {{"Set-Cookie", "a=1"}})));
  open();
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK_EQUAL(sent(1, "Cookie"), "");
}

CAF_TEST(cookies are kept over sessions refusals and redirects) {
  options.keep_cookies = true;
  options.max_redirects = 1;
  network.add(refusing(302, {{"Location", "/x"}, {"Set-Cookie", "a=1"}}));
  network.add(script{}.accept(answer(101, {{"Set-Cookie", "b=2; Path=/"}})));
  network.add(refusing(503, {{"Set-Cookie", "a=3"}}));
  open();
  CAF_CHECK_EQUAL(sent(0, "Cookie"), "");
  CAF_CHECK_EQUAL(sent(1, "Cookie"), "a=1");
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK_EQUAL(sent(2, "Cookie"), "a=1; b=2");
  pass(2s);
  CAF_CHECK_EQUAL(sent(3, "Cookie"), "a=3; b=2");
}

CAF_TEST(cookies do not go to other hosts) {
  options.keep_cookies = true;
  options.more_urls = {"ws://other/"};
  network.add(refusing(500, {{"Set-Cookie", "a=1"}}));
  open();
  auto last = urls().back();
  CAF_CHECK_EQUAL(last, "ws://other/");
  CAF_CHECK_EQUAL(sent(1, "Cookie"), "");
}

// -- Retry-After ----------------------------------------------------------------------------------

CAF_TEST(the next attempt comes no sooner than the server asks for) {
  network.add(script{}.accept());
  network.add(refusing(503, {{"Retry-After", "20"}}));
  network.add(refusing(429, {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                             {"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"}}));
  network.add(refusing(500, {{"Retry-After", "20"}}));
  open();
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK_EQUAL(status().next_retry_in, timespan{20s});
  auto told = mock.calls_of<on_restart_error>();
  CAF_CHECK_EQUAL(told.at(0).next_delay, timespan{20s});
  pass(20s);
  CAF_CHECK_EQUAL(status().next_retry_in, timespan{60s});
  pass(59s);
  CAF_CHECK_EQUAL(network.size(), 3U);
  pass(1s);
  // 500 is not asked to wait for, and the backoff has gone on meanwhile.
  CAF_CHECK_EQUAL(status().next_retry_in, timespan{8s});
}

CAF_TEST(what one attempt was asked for is no matter of the next) {
  options.backoff.retry_after_cap = 15s;
  network.add(script{}.accept());
  network.add(refusing(503, {{"Retry-After", "3600"}}));
  network.add(script{}.accept());
  open();
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK_EQUAL(status().next_retry_in, timespan{15s});
  pass(15s);
  signal(session_signal::restart);
  CAF_CHECK_EQUAL(status().next_retry_in, timespan{4s});
}

CAF_TEST(of several servers the one that asks for most counts) {
  options.more_urls = {"ws://b/"};
  network.add(script{}.accept());
  network.add(refusing(503, {{"Retry-After", "30"}}));
  network.add(refusing(503, {{"Retry-After", "10"}}));
  open();
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK_EQUAL(status().next_retry_in, timespan{30s});
}

CAF_TEST_FIXTURE_SCOPE_END()
