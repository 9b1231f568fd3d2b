// kit.cpp: the words of the testing kit in virtual time, and what a failure says.

#define CAF_SUITE kit

#include "wsengine/error.hpp"
#include "wsengine/testing/caf_test.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <chrono>
#include <string>

using namespace wsengine;
using namespace wsengine::testing;
using namespace std::chrono_literals;

namespace {

/// Runs a statement that must fail; returns what the failure says.
template <class F>
std::string failure_of(F statement) {
  try {
    statement();
  } catch (const failed_expectation& x) {
    return x.what();
  }
  CAF_FAIL("the expectation did not fail");
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A client of a user: greets and counts.
class greeter : public callbacks {
public:
  explicit greeter(int& messages) : messages_(messages) {}

  caf::result<void> on_open(session_context& context, const handshake_response&, bool) override {
    context.post(text("hello"));
    return caf::unit;
  }

  void on_message(session_context&, message_kind, const payload&) override { ++messages_; }

private:
  int& messages_;
};

/// The same as an actor.
client_actor::behavior_type greeting_actor(client_actor::pointer, int* messages) {
  return {
    [](const on_open& what) { post(what.which, text("hello")); },
    [=](const on_message&) { ++*messages; },
    [](const on_read_error&) {},
    [](const on_close&) {
      return close_details{close_code::normal, "bye"};
    },
    [](const on_close_error&) {},
    [](const on_restart_error&) {},
  };
}

struct fixture_for_kit {
  wsengine::testing::fixture test;
};

/// Fails in a framework's own way.
class counting_fixture : public wsengine::testing::fixture {
public:
  int failures = 0;

protected:
  void fail(const std::string&) override { ++failures; }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(kit_tests, fixture_for_kit)

// -- sentences ------------------------------------------------------------------------------------

CAF_TEST(a session reads like a story) {
  test.server.accepts();
  test.start();
  test.expect_open();
  test.server.sends(text("x"));
  test.expect_message("x");
  test.server.drops();
  test.expect_close(1006);
  test.expect_retry_in(1s);
  test.advance(1s);
  test.expect_reopen();
  test.expect_nothing();
  CAF_CHECK_EQUAL(test.now(), timespan{1s});
}

CAF_TEST(a plan is played by the connection that comes next) {
  test.server.accepts().awaits(text("login")).sends(text("welcome")).waits(2s).closes(1000, "bye");
  test.start();
  test.expect_open();
  test.expect_nothing();
  test.write(text("login"));
  test.expect_message("welcome");
  test.expect_received("login");
  test.advance(1s);
  test.expect_nothing();
  test.advance(1s);
  test.expect_close(1000, std::string{"bye"});
}

CAF_TEST(plans follow each other and then the default holds) {
  test.server.refuses(503);
  test.server.accepts();
  test.server.refuses_by_default(401);
  test.options.backoff.retry_first_connect = true;
  test.start();
  test.expect_restart_error(dial_errc::upgrade_refused);
  test.advance(1s);
  test.expect_open();
  test.server.closes();
  test.expect_close(1000);
  test.advance(2s);
  test.expect_restart_error(dial_errc::upgrade_refused);
  CAF_CHECK_EQUAL(test.server.connections(), 3u);
}

CAF_TEST(a server that stalled may answer later) {
  test.server.stalls();
  auto answer = test.start();
  test.advance(5s);
  CAF_CHECK(answer->pending());
  test.expect_state(engine_state::dialing);
  test.server.accepts();
  test.expect_success(answer);
  test.expect_open();
}

CAF_TEST(a URL may have a server of its own) {
  test.options.more_urls = {"ws://other/"};
  auto& other = test.server_at("ws://other/");
  test.server.refuses(503);
  other.accepts().sends(text("from the other"));
  test.start();
  test.expect_open();
  test.expect_message("from the other");
  CAF_CHECK_EQUAL(test.server.connections(), 1u);
  CAF_CHECK_EQUAL(other.connections(), 1u);
}

CAF_TEST(each side may close) {
  test.start();
  test.expect_open();
  test.restart();
  test.expect_own_close();
  test.expect_close_frame(1001);
  test.advance(1s);
  test.expect_reopen();
  test.exit();
  test.expect_own_close();
  test.expect_stopped(engine_errc::exited);
  test.expect_nothing();
}

CAF_TEST(a lease is held and given back) {
  test.start();
  test.expect_open();
  auto held = test.expect_success(test.pause());
  test.server.sends(text("a"));
  test.expect_state(engine_state::paused);
  test.expect_nothing();
  test.expect_success(test.resume(held));
  test.expect_message("a");
}

CAF_TEST(requests that fail say why) {
  test.server.refuses(make_error(dial_errc::tls_failed, "expired"));
  test.expect_failure(test.start(), dial_errc::tls_failed);
  test.expect_failure(test.stop(), engine_errc::not_running);
}

CAF_TEST(reading and closing may fail) {
  test.server.accepts().sends(text("a")).fails_a_read("a hiccup").breaks_close();
  test.start();
  test.expect_open();
  test.expect_message("a");
  test.expect_read_error();
  test.restart();
  test.expect_own_close();
  test.expect_close_error(connection_errc::close_failed);
}

// -- time -----------------------------------------------------------------------------------------

CAF_TEST(time passes alarm by alarm) {
  test.server.plays_by_default(script{}.accept().after(1s).drop());
  test.start();
  test.advance(60s);
  auto times = test.connections().dial_times();
  CAF_REQUIRE_EQUAL(times.size(), 6u);
  // One second open, then the backoff, without loss of a moment.
  std::vector<timespan> gaps;
  for (std::size_t i = 1; i < times.size(); ++i)
    gaps.push_back(times[i] - times[i - 1]);
  CAF_CHECK_EQUAL(gaps, (std::vector<timespan>{2s, 3s, 5s, 9s, 17s}));
}

// -- clients of one's own -------------------------------------------------------------------------

CAF_TEST(an object is seen through) {
  int messages = 0;
  test.spawn(std::make_shared<greeter>(messages));
  test.start();
  test.expect_open();
  test.expect_received("hello");
  test.server.sends({text("a"), binary("b")});
  test.expect_message("a");
  test.expect_message(binary("b"));
  CAF_CHECK_EQUAL(messages, 2);
  test.server.closes(1001);
  test.expect_close(1001);
}

CAF_TEST(an actor is seen through) {
  int messages = 0;
  test.spawn(test.system().spawn(greeting_actor, &messages));
  test.start();
  test.expect_open();
  test.expect_received("hello");
  test.server.sends(text("a"));
  test.expect_message("a");
  CAF_CHECK_EQUAL(messages, 1);
  test.exit();
  test.expect_own_close();
  test.expect_close_frame(1000);
}

CAF_TEST(nothing is left behind) {
  int messages = 0;
  auto before = test.actors_alive();
  test.spawn(std::make_shared<greeter>(messages));
  test.open();
  // Engine, client, reader and connection.
  CAF_CHECK_EQUAL(test.actors_alive(), before + 4);
  test.exit();
  test.expect_own_close();
  test.engine = nullptr;
  // The clock holds actors with alarms.
  test.advance(60s);
  CAF_CHECK_EQUAL(test.actors_alive(), before);
}

// -- failures -------------------------------------------------------------------------------------

CAF_TEST(a failure tells the story) {
  test.server.accepts().sends(text("x"));
  test.start();
  test.expect_open();
  auto text = failure_of([&] { test.expect_close(1006); });
  CAF_MESSAGE(text);
  CAF_CHECK(contains(text, "expected on_close(1006 (abnormal)), but the next callback is "
                           "on_message(text, \"x\")"));
  CAF_CHECK(contains(text, "0.000 s  on_open()\n"));
  CAF_CHECK(contains(text, "0.000 s  on_message(text, \"x\")  (not expected yet)\n"));
  CAF_CHECK(contains(text, "test -> engine: start_msg()\n"));
  CAF_CHECK(contains(text, "engine -> connection: dial_msg(ws://example.org/)\n"));
  CAF_CHECK(contains(text, "connection -> engine: answers handshake_response(101)\n"));
  CAF_CHECK(contains(text, "engine -> client: on_open()\n"));
  CAF_CHECK(contains(text, "handler -> client: on_message(text, \"x\")\n"));
}

CAF_TEST(each expectation fails by itself) {
  test.start();
  test.expect_open();
  CAF_CHECK(contains(failure_of([&] { test.expect_message("x"); }), "no callback came"));
  CAF_CHECK(contains(failure_of([&] { test.expect_received("x"); }), "it got nothing more"));
  CAF_CHECK(contains(failure_of([&] { test.expect_close_frame(1001); }), "it got none"));
  CAF_CHECK(contains(failure_of([&] { test.expect_state(engine_state::idle); }), "it is running"));
  CAF_CHECK(contains(failure_of([&] { test.expect_retry_in(1s); }), "there is none"));
  CAF_CHECK(
    contains(failure_of([&] { test.expect_stopped(engine_errc::stopped); }), "it is not stopped"));
  CAF_CHECK(contains(failure_of([&] { test.expect_failure(test.start(), engine_errc::gave_up); }),
                     "the engine is started already"));
  test.server.drops();
  CAF_CHECK(contains(failure_of([&] { test.expect_nothing(); }), "there is on_close"));
  CAF_CHECK(contains(failure_of([&] { test.expect_close(1000); }), "on_close(1006 (abnormal))"));
  CAF_CHECK(contains(failure_of([&] { test.expect_own_close(); }), "on_close(1006 (abnormal))"));
}

CAF_TEST(a framework may fail in its own way) {
  counting_fixture other;
  other.start();
  other.expect_open();
  other.expect_nothing();
  CAF_CHECK_EQUAL(other.failures, 0);
  other.expect_state(engine_state::closing);
  CAF_CHECK_EQUAL(other.failures, 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
