// engine.cpp: an engine over real sockets: what callback engines got wrong, each as a test.

#define CAF_SUITE engine

#include "engine_fixture.hpp"

#include <atomic>

using namespace wsengine;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(engine_tests, tests::engine_fixture)

CAF_TEST(a session opens delivers and closes) {
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_CHECK_EQUAL(state(), engine_state::running);
  CAF_CHECK_EQUAL(write("hello"), caf::none);
  CAF_CHECK(client->wait_for("message hello"));
  CAF_CHECK_EQUAL(stop(), caf::none);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  CAF_CHECK(server_has_open(0));
  CAF_CHECK(server.counters().closes.back() == close_details{});
  CAF_CHECK_EQUAL(client->lines(),
                  (std::vector<std::string>{"open", "message hello", "close by us"}));
}

CAF_TEST(callbacks run wherever they are placed) {
  for (auto where : {placement::scheduler, placement::io_thread, placement::detached}) {
    client = std::make_shared<tests::probe>();
    spawn(where);
    CAF_REQUIRE_EQUAL(start(), caf::none);
    CAF_CHECK_EQUAL(write("x"), caf::none);
    CAF_CHECK(client->wait_for("message x"));
    CAF_CHECK_EQUAL(stop(), caf::none);
    CAF_CHECK_EQUAL(client->count("close by us"), 1U);
  }
}

CAF_TEST(restart from on_message closes the old socket and opens one new session) {
  client->in_message = [](session_context& context, const payload& data) {
    if (data.text() == "again")
      context.restart();
  };
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_CHECK_EQUAL(write("again"), caf::none);
  CAF_REQUIRE(client->wait_for("open again"));
  CAF_CHECK(server_has_open(1));
  CAF_CHECK_EQUAL(server.counters().opened, 2U);
  CAF_CHECK_EQUAL(client->count("close by us"), 1U);
  CAF_CHECK_EQUAL(stop(), caf::none);
  CAF_CHECK_EQUAL(server.counters().opened, 2U);
}

CAF_TEST(exit from on_open leaves no connection behind) {
  client->in_open = [](session_context& context, bool) -> caf::result<void> {
    context.exit();
    return caf::unit;
  };
  spawn();
  // What a start answers then is for the suites in virtual time.
  static_cast<void>(start());
  auto report = ask<stop_report>(wait_stopped_msg{});
  CAF_REQUIRE(report);
  CAF_CHECK(is(report->reason, engine_errc::exited));
  CAF_CHECK(server_has_open(0));
  CAF_CHECK_EQUAL(server.counters().opened, 1U);
  CAF_CHECK_EQUAL(client->lines(), (std::vector<std::string>{"open", "close by us"}));
}

CAF_TEST(exit from on_message leaves no connection behind) {
  client->in_message = [](session_context& context, const payload&) { context.exit(); };
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_CHECK_EQUAL(write("bye"), caf::none);
  auto report = ask<stop_report>(wait_stopped_msg{});
  CAF_REQUIRE(report);
  CAF_CHECK(is(report->reason, engine_errc::exited));
  CAF_CHECK(server_has_open(0));
  CAF_CHECK_EQUAL(server.counters().opened, 1U);
}

CAF_TEST(an error from on_open refuses the session) {
  client->in_open = [](session_context&, bool) -> caf::result<void> {
    return make_error(engine_errc::stopped, "not today");
  };
  spawn();
  auto problem = start();
  CAF_CHECK(is(problem, engine_errc::on_open_failed));
  CAF_CHECK_EQUAL(phase_of(problem), "on_open");
  CAF_CHECK_EQUAL(text_of(problem), "not today");
  CAF_CHECK(server_has_open(0));
  CAF_CHECK_EQUAL(client->count("close"), 0U);
  CAF_CHECK(server.counters().closes.back().code == close_code::going_away);
}

CAF_TEST(stop ends a dial) {
  options = options_for("/stall");
  spawn();
  caf::scoped_actor self{sys};
  auto pending = self->request(engine, caf::infinite, start_msg{});
  CAF_REQUIRE(server.wait_until([](const auto& x) { return x.requests == 1; }));
  CAF_CHECK_EQUAL(state(), engine_state::dialing);
  CAF_CHECK_EQUAL(stop(), caf::none);
  pending.receive([](const session&) { CAF_FAIL("the session must not open"); },
                  [](const caf::error& x) { CAF_CHECK(is(x, engine_errc::stopped)); });
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(stop ends the backoff) {
  options.backoff.base = 1h;
  options.backoff.cap = 1h;
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  server.stop();
  CAF_REQUIRE(client->wait_for("close 1006"));
  CAF_REQUIRE_EQUAL(stop(), caf::none);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(stop waits for on_open and no longer than its timeout) {
  options.timeouts.stop = 200ms;
  auto door = std::make_shared<tests::gate>();
  client->in_open = [door](session_context&, bool) -> caf::result<void> {
    door->wait();
    return caf::unit;
  };
  spawn(placement::detached);
  caf::scoped_actor self{sys};
  self->send(engine, start_msg{});
  CAF_REQUIRE(client->wait_for("open"));
  CAF_CHECK(is(stop(), engine_errc::stop_timeout));
  CAF_CHECK(server_has_open(0));
  door->open();
}

CAF_TEST(no callback runs after stop was answered) {
  auto door = std::make_shared<tests::gate>();
  std::atomic<int> running = 0;
  client->in_message = [&](session_context&, const payload&) {
    ++running;
    door->wait();
    --running;
  };
  spawn(placement::detached);
  CAF_REQUIRE_EQUAL(start(), caf::none);
  for (int i = 0; i < 100; ++i)
    CAF_REQUIRE_EQUAL(write("x"), caf::none);
  CAF_REQUIRE(client->wait_for("message"));
  caf::scoped_actor self{sys};
  auto stopping = self->request(engine, caf::infinite, stop_msg{});
  while (state() != engine_state::closing)
    CAF_REQUIRE(state() == engine_state::closing || state() == engine_state::running);
  CAF_CHECK_EQUAL(running, 1);
  door->open();
  stopping.receive([] {}, [](const caf::error& x) { CAF_FAIL(describe(x)); });
  CAF_CHECK_EQUAL(running, 0);
  auto count = client->count("message");
  CAF_CHECK_EQUAL(std::string{client->lines().back()}, "close by us");
  CAF_CHECK(server_has_open(0));
  CAF_CHECK_EQUAL(client->count("message"), count);
}

CAF_TEST(status can be asked from inside every callback) {
  std::atomic<int> asked = 0;
  auto ask_inside = [&](session_context& context) {
    caf::scoped_actor self{sys};
    self->request(context.engine(), std::chrono::seconds(20), status_msg{})
      .receive([&](const engine_status&) { ++asked; }, [](const caf::error&) {});
  };
  client->in_open = [&](session_context& context, bool) -> caf::result<void> {
    ask_inside(context);
    return caf::unit;
  };
  client->in_message = [&](session_context& context, const payload&) { ask_inside(context); };
  client->in_close = [&](session_context& context, const auto&) {
    ask_inside(context);
    return close_details{};
  };
  client->in_restart_error = ask_inside;
  options.backoff.max_attempts = 1;
  spawn(placement::detached);
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_CHECK_EQUAL(write("x"), caf::none);
  CAF_REQUIRE(client->wait_for("message"));
  server.stop();
  auto report = ask<stop_report>(wait_stopped_msg{});
  CAF_REQUIRE(report);
  CAF_CHECK(is(report->reason, engine_errc::gave_up));
  CAF_CHECK_EQUAL(asked, 4);
}

CAF_TEST(a start that times out leaves no session behind) {
  options = options_for("/stall");
  options.timeouts.open = 200ms;
  spawn();
  auto problem = start();
  CAF_CHECK(is(problem, engine_errc::open_timeout));
  CAF_CHECK_EQUAL(phase_of(problem), "upgrade");
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
  CAF_CHECK_EQUAL(server.counters().opened, 0U);
  CAF_CHECK_EQUAL(client->lines().size(), 0U);
}

CAF_TEST(five thousand messages arrive in order) {
  options = options_for("/flood?n=5000&size=8");
  std::atomic<std::uint64_t> next = 0;
  std::atomic<std::uint64_t> wrong = 0;
  client->in_message = [&](session_context&, const payload& data) {
    std::uint64_t index = 0;
    for (auto byte : data.bytes())
      index = index << 8U | std::to_integer<std::uint64_t>(byte);
    wrong += index == next++ ? 0 : 1;
  };
  client->in_close = [&](session_context& context, const auto&) {
    context.exit();
    return close_details{};
  };
  for (auto where : {placement::io_thread, placement::scheduler}) {
    next = 0;
    spawn(where);
    CAF_REQUIRE_EQUAL(start(), caf::none);
    auto report = ask<stop_report>(wait_stopped_msg{});
    CAF_REQUIRE(report);
    CAF_CHECK_EQUAL(next, 5000U);
    CAF_CHECK_EQUAL(wrong, 0U);
  }
}

CAF_TEST(several handlers deliver everything) {
  options = options_for("/flood?n=2000&size=8");
  options.handlers = 4;
  std::atomic<int> count = 0;
  client->in_message = [&](session_context&, const payload&) { ++count; };
  client->in_close = [&](session_context& context, const auto& peer) {
    CAF_CHECK(peer && peer->code == close_code::normal);
    context.exit();
    return close_details{};
  };
  spawn(placement::scheduler);
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_REQUIRE(ask<stop_report>(wait_stopped_msg{}));
  CAF_CHECK_EQUAL(count, 2000);
}

CAF_TEST(a reset is one on_close with 1006 and a new session) {
  options = options_for("/drop");
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_CHECK_EQUAL(write("x"), caf::none);
  CAF_REQUIRE(client->wait_for("open again"));
  CAF_CHECK_EQUAL(stop(), caf::none);
  CAF_CHECK_EQUAL(client->lines(),
                  (std::vector<std::string>{"open", "close 1006", "open again", "close by us"}));
}

CAF_TEST(the close frame of the peer reaches on_close) {
  options = options_for("/close?code=4001&reason=go");
  client->in_close = [](session_context& context, const optional<close_details>& peer) {
    CAF_CHECK(peer && *peer == (close_details{static_cast<close_code>(4001), "go"}));
    context.exit();
    return close_details{};
  };
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_REQUIRE(ask<stop_report>(wait_stopped_msg{}));
  CAF_CHECK_EQUAL(client->count("close 4001"), 1U);
  CAF_CHECK(server_has_open(0));
}

CAF_TEST(pongs go out while a callback is busy) {
  auto door = std::make_shared<tests::gate>();
  client->in_message = [door](session_context&, const payload&) { door->wait(); };
  spawn(placement::detached);
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_REQUIRE_EQUAL(write("x"), caf::none);
  CAF_REQUIRE(client->wait_for("message"));
  server.ping_all("are you there");
  CAF_CHECK(server.wait_until([](const auto& x) { return x.pongs == 1; }));
  door->open();
  CAF_CHECK_EQUAL(stop(), caf::none);
}

CAF_TEST(an idle connection is paused at once and pongs go out meanwhile) {
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  caf::scoped_actor holder{sys};
  lease loan;
  holder->request(engine, caf::infinite, pause_msg{})
    .receive([&](lease& x) { loan = std::move(x); },
             [](const caf::error& x) { CAF_FAIL(describe(x)); });
  CAF_CHECK_EQUAL(state(), engine_state::paused);
  // We may know of the session before the server does.
  CAF_REQUIRE(server_has_open(1));
  server.ping_all("still there");
  CAF_CHECK(server.wait_until([](const auto& x) { return x.pongs == 1; }));
  // The holder has the connection to itself.
  holder
    ->request(loan.which.connection, caf::infinite,
              write_msg{message_kind::text, std::string{"mine"}})
    .receive([] {}, [](const caf::error& x) { CAF_FAIL(describe(x)); });
  holder->request(loan.which.connection, caf::infinite, read_msg{})
    .receive([](const data_message& x) { CAF_CHECK(x == text("mine")); },
             [](const caf::error& x) { CAF_FAIL(describe(x)); });
  CAF_CHECK_EQUAL(client->count("message"), 0U);
  holder->request(engine, caf::infinite, resume_msg{loan.id, {{text("returned")}}})
    .receive([] {}, [](const caf::error& x) { CAF_FAIL(describe(x)); });
  CAF_CHECK(client->wait_for("message returned"));
  CAF_CHECK_EQUAL(state(), engine_state::running);
}

CAF_TEST(a lease ends when its holder dies) {
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  {
    caf::scoped_actor holder{sys};
    holder->request(engine, caf::infinite, pause_msg{})
      .receive([](const lease&) {}, [](const caf::error& x) { CAF_FAIL(describe(x)); });
  }
  CAF_CHECK_EQUAL(write("delivered"), caf::none);
  CAF_CHECK(client->wait_for("message delivered"));
}

CAF_TEST(requests out of place have errors of their own) {
  spawn();
  CAF_CHECK(is(stop(), engine_errc::not_running));
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_CHECK(is(start(), engine_errc::already_started));
  CAF_CHECK_EQUAL(stop(), caf::none);
  CAF_CHECK(is(stop(), engine_errc::not_running));
  CAF_CHECK_EQUAL(write("too late"), connection_errc::closed);
}

CAF_TEST(an engine that was stopped starts again) {
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_REQUIRE_EQUAL(stop(), caf::none);
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_CHECK_EQUAL(client->count("open"), 2U);
  CAF_CHECK_EQUAL(client->count("open again"), 0U);
}

CAF_TEST(bad options are refused with every name) {
  options.request.url = "http://nowhere";
  options.backoff.factor = 0.5;
  auto result = spawn_engine(sys, tests::adapter_connector(*io), options, client);
  CAF_REQUIRE(!result);
  CAF_CHECK(is(result.error(), engine_errc::invalid_options));
  auto text = text_of(result.error());
  CAF_CHECK(text.find("request.url") != std::string::npos);
  CAF_CHECK(text.find("backoff.factor") != std::string::npos);
}

CAF_TEST(a server that is not there is a failed start) {
  server.stop();
  spawn();
  auto problem = start();
  CAF_CHECK(is(problem, dial_errc::connect_failed));
  CAF_CHECK_EQUAL(phase_of(problem), "connect");
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(the first start is tried again when asked to) {
  server.stop();
  options.backoff.retry_first_connect = true;
  client->in_restart_error = [this](session_context&) {
    if (client->count("restart_error") == 2)
      server.start();
  };
  spawn(placement::detached);
  CAF_CHECK_EQUAL(start(), caf::none);
  CAF_CHECK(client->count("restart_error 0 ") == 1);
  CAF_CHECK(client->count("restart_error 1 ") == 1);
  CAF_CHECK_EQUAL(client->count("open again"), 0U);
}

CAF_TEST(the host takes its engines along) {
  spawn();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  caf::scoped_actor self{sys};
  self->monitor(engine);
  io.reset();
  CAF_CHECK(server_has_open(0));
  CAF_CHECK(server.counters().closes.back().code == close_code::going_away);
  CAF_CHECK_EQUAL(client->count("close by us"), 1U);
  self->receive(
    [](const caf::down_msg& x) { CAF_CHECK_EQUAL(x.reason, caf::exit_reason::user_shutdown); });
  io = std::make_unique<host>(sys);
}

CAF_TEST(two hosts threads serve many sessions) {
  io = std::make_unique<host>(sys, host_options{2, 10s});
  std::vector<engine_actor> engines;
  for (int i = 0; i < 20; ++i) {
    spawn();
    CAF_REQUIRE_EQUAL(start(), caf::none);
    engines.push_back(engine);
  }
  CAF_CHECK(server_has_open(20));
  for (auto& x : engines) {
    engine = x;
    CAF_CHECK_EQUAL(stop(), caf::none);
  }
  CAF_CHECK(server_has_open(0));
}

CAF_TEST_FIXTURE_SCOPE_END()
