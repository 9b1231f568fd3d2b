// both_worlds.cpp: scenarios that run in virtual time and over real sockets, and lead to the same
// callbacks.

#define CAF_SUITE both_worlds

#include "wsengine/error.hpp"
#include "wsengine/testing/fixture.hpp"
#include "wsengine/testing/socket_world.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

using namespace wsengine;
using namespace wsengine::testing;
using namespace std::chrono_literals;

namespace {

// -- scenarios ------------------------------------------------------------------------------------

struct scenario {
  const char* name;
  void (*play)(world& test);
};

/// A client that fails as a scenario wants it.
class fragile : public callbacks {
public:
  caf::result<void> on_open(session_context&, const handshake_response&, bool) override {
    if (refusals > 0) {
      --refusals;
      return make_error(engine_errc::stopped, "not now");
    }
    return caf::unit;
  }

  void on_message(session_context& context, message_kind, const payload& data) override {
    if (data.text() == "crash")
      throw std::runtime_error{"a bad message"};
    if (data.text() == "restart")
      context.restart();
    if (data.text() == "exit")
      context.exit();
    if (data.text() == "echo")
      context.post(text("echo"));
  }

  close_details on_close(session_context&, const optional<close_details>&) override {
    return {static_cast<close_code>(4001), "farewell"};
  }

  int refusals = 0;
};

const std::vector<scenario> scenarios{
  {"the server closes",
   [](world& test) {
     test.open();
     test.server.closes(1000, "bye");
     test.expect_close(1000, std::string{"bye"});
     test.advance(1s);
     test.expect_reopen();
   }},
  {"the server closes with a code of its own",
   [](world& test) {
     test.open();
     test.server.closes(4321);
     test.expect_close(4321, std::string{});
   }},
  {"the connection breaks",
   [](world& test) {
     test.open();
     test.server.drops();
     test.expect_close(1006);
     test.advance(1s);
     test.expect_reopen();
   }},
  {"messages come in order",
   [](world& test) {
     test.open();
     test.server.sends({text("a"), binary("b"), text("")}).sends(text("c"));
     test.expect_message("a");
     test.expect_message(binary("b"));
     test.expect_message("");
     test.expect_message("c");
   }},
  {"a large message",
   [](world& test) {
     test.open();
     test.server.sends(binary(std::string(100000, 'x')));
     test.expect_message(binary(std::string(100000, 'x')));
   }},
  {"what had come is delivered before the end",
   [](world& test) {
     test.server.accepts().sends({text("a"), text("b")}).closes(1001, "going");
     test.open();
     test.expect_message("a");
     test.expect_message("b");
     test.expect_close(1001, std::string{"going"});
   }},
  {"a login",
   [](world& test) {
     test.server.accepts().awaits(text("login")).sends(text("welcome"));
     test.open();
     test.expect_success(test.write(text("login")));
     test.expect_message("welcome");
     test.expect_received("login");
   }},
  {"a client that answers",
   [](world& test) {
     test.spawn(std::make_shared<fragile>());
     test.open();
     test.server.sends(text("echo"));
     test.expect_message("echo");
     test.expect_received("echo");
   }},
  {"the first start is refused",
   [](world& test) {
     test.server.refuses(401);
     test.expect_failure(test.start(), dial_errc::upgrade_refused);
     test.expect_state(engine_state::stopped);
   }},
  {"the first start is refused and tried again",
   [](world& test) {
     test.options.backoff.retry_first_connect = true;
     test.server.refuses(503);
     test.start();
     test.expect_restart_error(dial_errc::upgrade_refused);
     test.advance(1s);
     test.expect_open();
   }},
  {"restarts that fail",
   [](world& test) {
     test.server.accepts().awaits(text("go")).drops();
     test.server.refuses(503);
     test.server.refuses(429);
     test.open();
     test.write(text("go"));
     test.expect_close(1006);
     test.advance(1s);
     test.expect_restart_error(dial_errc::upgrade_refused);
     test.advance(2s);
     test.expect_restart_error(dial_errc::upgrade_refused);
     test.advance(4s);
     test.expect_reopen();
   }},
  {"the engine gives up",
   [](world& test) {
     test.options.backoff.max_attempts = 2;
     test.open();
     test.server.refuses_by_default(500);
     test.server.drops();
     test.expect_close(1006);
     test.advance(1s);
     test.expect_restart_error(dial_errc::upgrade_refused);
     test.advance(2s);
     test.expect_restart_error(dial_errc::upgrade_refused);
     test.expect_stopped(engine_errc::gave_up);
   }},
  {"a redirect is followed",
   [](world& test) {
     test.options.max_redirects = 1;
     test.server.redirects("/other");
     test.open();
     test.server.sends(text("a"));
     test.expect_message("a");
   }},
  {"restart from outside",
   [](world& test) {
     test.open();
     test.restart();
     test.expect_own_close();
     test.advance(1s);
     test.expect_reopen();
   }},
  {"exit from outside",
   [](world& test) {
     test.open();
     test.exit();
     test.expect_own_close();
     test.expect_close_frame(1001);
     test.expect_stopped(engine_errc::exited);
   }},
  {"stop",
   [](world& test) {
     test.open();
     test.expect_success(test.stop());
     test.expect_own_close();
     test.expect_stopped(engine_errc::stopped);
   }},
  {"start again after stop",
   [](world& test) {
     test.open();
     test.expect_success(test.stop());
     test.expect_own_close();
     test.start();
     test.expect_open();
   }},
  {"a farewell of the client's own",
   [](world& test) {
     test.spawn(std::make_shared<fragile>());
     test.open();
     test.exit();
     test.expect_own_close();
     test.expect_close_frame(4001);
   }},
  {"restart from a callback drops what waits",
   [](world& test) {
     test.spawn(std::make_shared<fragile>());
     test.server.accepts().sends({text("restart"), text("never")});
     test.open();
     test.expect_message("restart");
     test.expect_own_close();
     test.advance(1s);
     test.expect_reopen();
   }},
  {"exit from a callback",
   [](world& test) {
     test.spawn(std::make_shared<fragile>());
     test.open();
     test.server.sends(text("exit"));
     test.expect_message("exit");
     test.expect_own_close();
     test.expect_stopped(engine_errc::exited);
   }},
  {"a crash of the handler restarts",
   [](world& test) {
     test.spawn(std::make_shared<fragile>());
     test.open();
     test.server.sends(text("crash"));
     test.expect_message("crash");
     test.expect_own_close();
     test.advance(1s);
     test.expect_reopen();
   }},
  {"a crash of the handler stops",
   [](world& test) {
     test.options.on_handler_crash = handler_crash_policy::stop;
     test.spawn(std::make_shared<fragile>());
     test.open();
     test.server.sends(text("crash"));
     test.expect_message("crash");
     test.expect_own_close();
     test.expect_stopped(engine_errc::handler_crashed);
   }},
  {"the client refuses the first session",
   [](world& test) {
     auto client = std::make_shared<fragile>();
     client->refusals = 1;
     test.spawn(client);
     test.expect_failure(test.start(), engine_errc::on_open_failed);
     test.expect_open();
     test.expect_close_frame(1001);
   }},
  {"the server never answers the close frame",
   [](world& test) {
     test.options.connection.timeouts.close = 200ms;
     test.server.accepts().ignores_close();
     test.open();
     test.restart();
     test.expect_own_close();
     test.advance(200ms);
     test.expect_close_error(connection_errc::close_timeout);
     test.advance(1s);
     test.expect_reopen();
   }},
  {"the server breaks the close handshake",
   [](world& test) {
     test.server.accepts().breaks_close();
     test.open();
     test.exit();
     test.expect_own_close();
     test.expect_close_error(connection_errc::close_failed);
     test.expect_stopped(engine_errc::exited);
   }},
  {"a lease",
   [](world& test) {
     test.open();
     auto held = test.expect_success(test.pause());
     test.expect_state(engine_state::paused);
     test.server.sends(text("a"));
     test.expect_success(test.resume(held, {{text("given back")}}));
     test.expect_message("given back");
     test.expect_message("a");
   }},
};

// -- the comparison -------------------------------------------------------------------------------

/// A callback without what differs between worlds: the texts of errors.
std::string skeleton_of(const recorded_call& call) {
  if (const auto* x = std::get_if<on_restart_error>(&call.args))
    return "on_restart_error(" + std::string{phase_of(x->cause)} + ", " + std::to_string(x->retry)
           + ")";
  if (const auto* x = std::get_if<on_close_error>(&call.args))
    return "on_close_error(" + std::string{phase_of(x->cause)} + ")";
  if (const auto* x = std::get_if<on_close>(&call.args);
      x != nullptr && x->peer && x->peer->code == close_code::abnormal)
    return "on_close(1006)";
  return to_string(call);
}

std::vector<std::string> play(world& test, const scenario& what) {
  std::vector<std::string> result;
  try {
    what.play(test);
  } catch (const failed_expectation& x) {
    CAF_ERROR(what.name << ": " << x.what());
  }
  for (const auto& x : test.callbacks_so_far())
    result.push_back(skeleton_of(x));
  return result;
}

} // namespace

CAF_TEST(each scenario is the same in both worlds) {
  CAF_CHECK(scenarios.size() >= 20);
  for (const auto& x : scenarios) {
    fixture virtual_world;
    socket_world real_world;
    auto expected = play(virtual_world, x);
    auto actual = play(real_world, x);
    // The real one may have gone on meanwhile: it does not wait for the test.
    actual.resize(std::min(actual.size(), expected.size()));
    CAF_MESSAGE(x.name << ": " << expected.size() << " callbacks");
    CAF_CHECK_EQUAL(actual, expected);
  }
}
