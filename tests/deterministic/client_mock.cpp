// client_mock.cpp: the mock of the client, in both shapes: its record and its programmed answers.

#define CAF_SUITE client_mock

#include "wsengine/testing/client_mock.hpp"

#include "deterministic/asking_fixture.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using namespace wsengine;
using namespace wsengine::testing;
using namespace std::chrono_literals;

namespace {

// Calls a callbacks object as the actors of the engine do.
caf::behavior driver(caf::event_based_actor* self, std::shared_ptr<callbacks> uut, session which) {
  self->set_exception_handler([](std::exception_ptr&) -> caf::error {
    return caf::sec::runtime_error; // Without CAF's message on the terminal.
  });
  return {
    [=](const on_open& x) {
      session_context context{self, which};
      return uut->on_open(context, x.response, x.restarting);
    },
    [=](const on_message& x) {
      session_context context{self, which};
      uut->on_message(context, x.kind, x.data);
      return context.interrupted();
    },
    [=](const on_read_error& x) {
      session_context context{self, which};
      uut->on_read_error(context, x.cause);
    },
    [=](const on_close& x) {
      session_context context{self, which};
      return uut->on_close(context, x.peer);
    },
    [=](const on_close_error& x) {
      session_context context{self, which};
      uut->on_close_error(context, x.cause);
    },
    [=](const on_restart_error& x) {
      session none;
      none.supervisor = x.supervisor;
      session_context context{self, none};
      uut->on_restart_error(context, x.cause, x.retry, x.next_delay);
    },
  };
}

struct fixture : asking_fixture {
  fixture() {
    // Stands for reader and engine: notes the signals, and lends the connection.
    auto run = [](caf::event_based_actor* engine,
                  std::vector<caf::error>* signals) -> caf::behavior {
      engine->set_exit_handler([=](caf::exit_msg& x) { signals->push_back(x.reason); });
      return {[](const pause_msg&) { return lease{7, {}, {}}; }};
    };
    auto engine = sys.spawn(run, &signals);
    which.id = make_session_id();
    which.supervisor = engine;
    which.signals = engine;
    opened = on_open{which, {101, "chat", "", {}}, false};
    restart_failed = on_restart_error{make_error(dial_errc::connect_failed, "refused"), 2,
                                      timespan{500ms}, engine};
  }

  ~fixture() override {
    caf::anon_send_exit(which.supervisor, caf::exit_reason::kill);
    which = {};
    opened = {};
    restart_failed = {};
  }

  on_message message(const std::string& content) const {
    return {which.id, message_kind::text, content};
  }

  /// The mock as an object, behind an actor.
  caf::actor object() { return sys.spawn(driver, mock.object(), which); }

  template <class Client, class Message>
  auto call(const Client& client, Message what) {
    return ask<caf::unit_t>(client, std::move(what));
  }

  template <class Client>
  void call_all(const Client& client) {
    CAF_CHECK(call(client, opened)->succeeded());
    CAF_CHECK(call(client, on_read_error{which.id, make_error(connection_errc::read_failed, "x")})
                ->succeeded());
    CAF_CHECK_EQUAL(ask<close_details>(client, on_close{which.id, nothing})->get(),
                    (close_details{close_code::going_away, ""}));
    CAF_CHECK_EQUAL(
      ask<close_details>(client, on_close{which.id, close_details{close_code::normal, "bye"}})
        ->get(),
      (close_details{close_code::going_away, ""}));
    CAF_CHECK(
      call(client, on_close_error{which.id, make_error(connection_errc::close_timeout, "late")})
        ->succeeded());
    CAF_CHECK(call(client, restart_failed)->succeeded());
    opened.restarting = true;
    CAF_CHECK(call(client, opened)->succeeded());
  }

  session which;
  on_open opened;
  on_restart_error restart_failed;
  std::vector<caf::error> signals;
  client_mock mock;
};

const std::vector<std::string> all_lines{
  "on_open()",
  "on_read_error(read_failed: x)",
  "on_close(none)",
  "on_close(1000 (normal), \"bye\")",
  "on_close_error(close_timeout: late)",
  "on_restart_error(connect_failed: refused, retry 2, next in 500ms)",
  "on_open(restarting)",
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_mock_tests, fixture)

// -- record ---------------------------------------------------------------------------------------

CAF_TEST(a client actor records every callback and succeeds) {
  auto client = mock.spawn(sys);
  call_all(client);
  CAF_CHECK_EQUAL(mock.lines(), all_lines);
  CAF_CHECK(call(client, message("a"))->succeeded());
  CAF_CHECK_EQUAL(mock.lines().size(), all_lines.size() + 1);
  CAF_CHECK_EQUAL(to_string(mock.calls().at(all_lines.size())), "on_message(text, \"a\")");
}

CAF_TEST(an object records every callback and succeeds) {
  auto client = object();
  call_all(client);
  CAF_CHECK_EQUAL(mock.lines(), all_lines);
  CAF_CHECK(!ask<bool>(client, message("a"))->get());
  CAF_CHECK_EQUAL(to_string(mock.calls().at(all_lines.size())), "on_message(text, \"a\")");
}

CAF_TEST(a call that ends the attempts says so) {
  restart_failed.next_delay = nothing;
  call(mock.spawn(sys), restart_failed);
  CAF_CHECK_EQUAL(mock.lines().size(), 1u);
  CAF_CHECK_EQUAL(to_string(mock.calls().at(0)),
                  "on_restart_error(connect_failed: refused, retry 2, gives up)");
}

CAF_TEST(the record has arguments and times) {
  auto client = mock.spawn(sys);
  call(client, opened);
  pass(3s);
  call(client, message("a"));
  call(client, message("b"));
  auto calls = mock.calls();
  CAF_REQUIRE_EQUAL(calls.size(), 3u);
  CAF_CHECK_EQUAL(calls[1].at - calls[0].at, timespan{3s});
  CAF_CHECK(calls[0].which() == callback::open);
  auto messages = mock.calls_of<on_message>();
  CAF_REQUIRE_EQUAL(messages.size(), 2u);
  CAF_CHECK_EQUAL(messages[1].data, payload{"b"});
  CAF_CHECK_EQUAL(mock.count(callback::message), 2u);
  CAF_CHECK_EQUAL(mock.count(callback::close), 0u);
  auto last = mock.last_session();
  CAF_REQUIRE(last);
  CAF_CHECK(*last == which);
  mock.clear();
  CAF_CHECK(mock.calls().empty());
}

// -- answers --------------------------------------------------------------------------------------

CAF_TEST(answers for the next call come before the usual one) {
  auto client = mock.spawn(sys);
  auto cause = make_error(engine_errc::on_open_failed, "not today");
  mock.answer(callback::close, mock_answer{}.close_with({close_code::normal, "usual"}));
  mock.answer_next(callback::close, mock_answer{}.close_with({close_code::normal, "first"}));
  mock.answer_next(callback::close, mock_answer{}.fail(cause));
  on_close over{which.id, nothing};
  CAF_CHECK_EQUAL(ask<close_details>(client, over)->get().reason, "first");
  CAF_CHECK(ask<close_details>(client, over)->failed(engine_errc::on_open_failed));
  CAF_CHECK_EQUAL(ask<close_details>(client, over)->get().reason, "usual");
  CAF_CHECK_EQUAL(ask<close_details>(client, over)->get().reason, "usual");
}

CAF_TEST(on_open can fail in both shapes) {
  mock.answer(callback::open, mock_answer{}.fail(make_error(engine_errc::exited, "no")));
  CAF_CHECK(call(mock.spawn(sys), opened)->failed(engine_errc::exited));
  CAF_CHECK(call(object(), opened)->failed(engine_errc::exited));
}

CAF_TEST(a client can crash in both shapes) {
  mock.answer(callback::message, mock_answer{}.crash());
  auto client = mock.spawn(sys);
  CAF_CHECK(call(client, message("a"))->failed(caf::sec::runtime_error));
  CAF_CHECK(call(client, opened)->failed(caf::sec::request_receiver_down));
  CAF_CHECK(ask<bool>(object(), message("a"))->failed(caf::sec::runtime_error));
  CAF_CHECK_EQUAL(mock.in_flight(), 0u);
}

CAF_TEST(an object that cannot return an error throws) {
  mock.answer(callback::close, mock_answer{}.fail(make_error(engine_errc::exited, "no")));
  CAF_CHECK(
    ask<close_details>(object(), on_close{which.id, nothing})->failed(caf::sec::runtime_error));
}

CAF_TEST(a client actor holds its answers until they are released) {
  auto client = mock.spawn(sys);
  mock.answer(callback::message, mock_answer{}.hold());
  mock.answer(callback::close, mock_answer{}.close_with({close_code::normal, "late"}).hold());
  auto first = call(client, message("a"));
  auto second = call(client, message("b"));
  auto third = ask<close_details>(client, on_close{which.id, nothing});
  CAF_CHECK(first->pending() && second->pending() && third->pending());
  CAF_CHECK_EQUAL(mock.in_flight(), 3u);
  CAF_CHECK(mock.release(callback::message));
  consume_messages();
  CAF_CHECK(first->succeeded() && second->pending());
  CAF_CHECK(mock.release(callback::message, make_error(engine_errc::exited, "no")));
  CAF_CHECK(mock.release(callback::close));
  consume_messages();
  CAF_CHECK(second->failed(engine_errc::exited));
  CAF_CHECK_EQUAL(third->get().reason, "late");
  CAF_CHECK(!mock.release(callback::message));
  CAF_CHECK_EQUAL(mock.in_flight(), 0u);
  CAF_CHECK_EQUAL(mock.most_in_flight(), 3u);
}

CAF_TEST(an object holds on_open until it is released) {
  auto client = object();
  mock.answer(callback::open, mock_answer{}.hold());
  auto first = call(client, opened);
  auto second = call(client, opened);
  CAF_CHECK(first->pending() && second->pending());
  CAF_CHECK(mock.release(callback::open));
  CAF_CHECK(mock.release(callback::open, make_error(engine_errc::exited, "no")));
  consume_messages();
  CAF_CHECK(first->succeeded());
  CAF_CHECK(second->failed(engine_errc::exited));
  CAF_CHECK_EQUAL(mock.in_flight(), 0u);
}

CAF_TEST(an object on a thread of its own holds any callback) {
  auto client = sys.spawn<caf::detached>(driver, mock.object(), which);
  mock.answer(callback::message, mock_answer{}.hold());
  auto request = self->request(client, caf::infinite, message("a"));
  CAF_REQUIRE(mock.wait_for(callback::message, 1, 1min));
  CAF_CHECK_EQUAL(mock.in_flight(), 1u);
  CAF_CHECK(mock.release(callback::message));
  request.receive([](bool interrupted) { CAF_CHECK(!interrupted); },
                  [](const caf::error& x) { CAF_FAIL(describe(x)); });
  CAF_CHECK(!mock.wait_for(callback::message, 2, 1ms));
}

// -- functions inside of callbacks ----------------------------------------------------------------

CAF_TEST(functions run inside of callbacks in both shapes) {
  std::vector<std::string> seen;
  auto look = [&](mock_context& x) {
    CAF_CHECK(x.which() == which);
    CAF_CHECK(x.self() != nullptr);
    CAF_CHECK_EQUAL(caf::actor_cast<caf::actor>(x.engine()), which.supervisor);
    seen.emplace_back(std::get<on_message>(x.args()).data.text());
  };
  mock.answer(callback::message, mock_answer{}.run(look));
  auto client = mock.spawn(sys);
  call(client, opened);
  CAF_CHECK(call(client, message("a"))->succeeded());
  ask<bool>(object(), message("b"));
  CAF_CHECK_EQUAL(seen, (std::vector<std::string>{"a", "b"}));
}

CAF_TEST(sessions are restarted and ended from inside of callbacks) {
  auto restart = mock_answer{}.run([](mock_context& x) { x.restart(); });
  auto exit = mock_answer{}.run([](mock_context& x) { x.exit(); });
  mock.answer_next(callback::message, restart).answer_next(callback::message, restart);
  mock.answer(callback::restart_error, exit);
  auto client = mock.spawn(sys);
  call(client, opened);
  call(client, message("a"));
  CAF_CHECK(ask<bool>(object(), message("b"))->get());
  call(client, restart_failed);
  call(object(), restart_failed);
  CAF_REQUIRE_EQUAL(signals.size(), 4u);
  CAF_CHECK(is(signals[0], session_signal::restart));
  CAF_CHECK(is(signals[1], session_signal::restart));
  CAF_CHECK(is(signals[2], session_signal::exit));
  CAF_CHECK(is(signals[3], session_signal::exit));
}

CAF_TEST(connections are taken over from inside of callbacks) {
  std::vector<std::uint64_t> leases;
  auto keep = [&](caf::expected<lease> x) { leases.push_back(x ? x->id : 0); };
  mock.answer(callback::message, mock_answer{}.run([=](mock_context& x) { x.pause(keep); }));
  auto client = mock.spawn(sys);
  call(client, opened);
  call(client, message("a"));
  auto uut = object();
  CAF_CHECK(ask<bool>(uut, message("b"))->get());
  CAF_CHECK_EQUAL(leases, (std::vector<std::uint64_t>{7, 7}));
}

// -- the end --------------------------------------------------------------------------------------

CAF_TEST(a mock takes its actors and calls along) {
  {
    client_mock other;
    other.answer(callback::open, mock_answer{}.hold());
    auto client = other.spawn(sys);
    call(client, opened);
    call(sys.spawn(driver, other.object(), which), opened);
    CAF_CHECK_EQUAL(other.in_flight(), 2u);
  }
  consume_messages();
  // What is left: the stand-in for the engine, and the fixture's own actor.
  CAF_CHECK_EQUAL(sys.registry().running(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
