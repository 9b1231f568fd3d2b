// expectations.cpp: what a test says of a world, see wsengine/testing/world.hpp.

#include "callback_record.hpp"
#include "print.hpp"

#include "wsengine/error.hpp"
#include "wsengine/testing/message_log.hpp"
#include "wsengine/testing/world.hpp"

#include <utility>

namespace wsengine::testing {

// -- failing --------------------------------------------------------------------------------------

void world::fail(const std::string& text) {
  throw failed_expectation{text};
}

void world::check(bool holds, const std::string& expected, const std::string& actual) {
  if (!holds)
    fail("expected " + expected + ", but " + actual + "\n" + story());
}

// -- callbacks ------------------------------------------------------------------------------------

recorded_call world::next_callback(const std::string& expected) {
  eventually([this] { return callbacks_so_far().size() > expected_; });
  auto all = callbacks_so_far();
  check(all.size() > expected_, expected, "no callback came");
  return all.at(expected_);
}

void world::expect_callback(const std::string& expected,
                            const std::function<bool(const recorded_call&)>& matches) {
  auto next = next_callback(expected);
  check(matches(next), expected, "the next callback is " + to_string(next));
  ++expected_;
}

void world::expect_open() {
  expect_callback("on_open()", [](const recorded_call& x) {
    const auto* args = std::get_if<on_open>(&x.args);
    return args != nullptr && !args->restarting;
  });
}

void world::expect_reopen() {
  expect_callback("on_open(restarting)", [](const recorded_call& x) {
    const auto* args = std::get_if<on_open>(&x.args);
    return args != nullptr && args->restarting;
  });
}

void world::expect_message(const std::string& content) {
  expect_message(text(content));
}

void world::expect_message(const data_message& message) {
  expect_callback(
    "on_message(" + print(message.kind, message.data) + ")", [&](const recorded_call& x) {
      const auto* args = std::get_if<on_message>(&x.args);
      return args != nullptr && args->kind == message.kind && args->data == message.data;
    });
}

void world::expect_read_error() {
  expect_callback("on_read_error",
                  [](const recorded_call& x) { return x.which() == callback::read_error; });
}

void world::expect_close(close_code code, optional<std::string> reason) {
  auto expected = reason ? print(close_details{code, *reason}) : to_string(code);
  expect_callback("on_close(" + expected + ")", [&](const recorded_call& x) {
    const auto* args = std::get_if<on_close>(&x.args);
    return args != nullptr && args->peer && args->peer->code == code
           && (!reason || args->peer->reason == *reason);
  });
}

void world::expect_close(std::uint16_t code, optional<std::string> reason) {
  expect_close(static_cast<close_code>(code), std::move(reason));
}

void world::expect_own_close() {
  expect_callback("on_close(none)", [](const recorded_call& x) {
    const auto* args = std::get_if<on_close>(&x.args);
    return args != nullptr && !args->peer;
  });
}

void world::expect_cause(callback which, const std::string& code,
                         const std::function<bool(const caf::error&)>& matches) {
  expect_callback(to_string(which) + "(" + code + ")", [&](const recorded_call& x) {
    if (const auto* args = std::get_if<on_close_error>(&x.args))
      return which == callback::close_error && matches(args->cause);
    if (const auto* args = std::get_if<on_restart_error>(&x.args))
      return which == callback::restart_error && matches(args->cause);
    return false;
  });
}

void world::expect_nothing() {
  settle();
  auto all = callbacks_so_far();
  if (all.size() > expected_)
    check(false, "no callback", "there is " + to_string(all[expected_]));
}

// -- the server -----------------------------------------------------------------------------------

void world::expect_received(const data_message& message) {
  if (auto newest = server.connections(); std::exchange(connection_, newest) != newest)
    received_ = 0;
  eventually([this] { return server.received().size() > received_; });
  auto all = server.received();
  auto expected = "the server to get " + print(message.kind, message.data);
  check(all.size() > received_, expected, "it got nothing more");
  const auto& next = all.at(received_);
  check(next == message, expected, "it got " + print(next.kind, next.data));
  ++received_;
}

void world::expect_received(const std::string& content) {
  expect_received(text(content));
}

void world::expect_close_frame(close_code code) {
  eventually([this] { return static_cast<bool>(server.close_frame()); });
  auto got = server.close_frame();
  check(got && got->code == code, "the server to get a close frame with " + to_string(code),
        got ? "it got " + print(*got) : "it got none");
}

void world::expect_close_frame(std::uint16_t code) {
  expect_close_frame(static_cast<close_code>(code));
}

// -- the engine -----------------------------------------------------------------------------------

void world::expect_state(engine_state state) {
  eventually([&] { return status().state == state; });
  auto actual = status().state;
  check(actual == state, "an engine that is " + to_string(state), "it is " + to_string(actual));
}

void world::expect_retry_in(timespan delay) {
  auto actual = status().next_retry_in;
  check(actual && *actual == delay, "the next attempt in " + print_time(delay),
        actual ? "it is in " + print_time(*actual) : "there is none");
}

} // namespace wsengine::testing
