// client_mock.cpp: see wsengine/testing/client_mock.hpp.

#include "wsengine/testing/client_mock.hpp"

#include "client_recorder.hpp"
#include "mock_client.hpp"
#include "print.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/deep_to_string.hpp>

#include <algorithm>
#include <utility>

namespace wsengine::testing {

// -- calls ----------------------------------------------------------------------------------------

std::string to_string(callback which) {
  switch (which) {
    case callback::open: return "on_open";
    case callback::message: return "on_message";
    case callback::read_error: return "on_read_error";
    case callback::close: return "on_close";
    case callback::close_error: return "on_close_error";
    case callback::restart_error: return "on_restart_error";
  }
  return "callback(" + std::to_string(static_cast<unsigned>(which)) + ")";
}

namespace {

/// Prints the arguments of a callback.
struct printer {
  std::string operator()(const on_open& x) const { return x.restarting ? "restarting" : ""; }

  std::string operator()(const on_message& x) const {
    return print(x.kind, x.data) + (x.last ? "" : ", more follows");
  }

  std::string operator()(const on_read_error& x) const { return describe(x.cause); }

  std::string operator()(const on_close& x) const { return x.peer ? print(*x.peer) : "none"; }

  std::string operator()(const on_close_error& x) const { return describe(x.cause); }

  std::string operator()(const on_restart_error& x) const {
    auto next = x.next_delay ? "next in " + caf::deep_to_string(*x.next_delay) : "gives up";
    return describe(x.cause) + ", retry " + std::to_string(x.retry) + ", " + next;
  }
};

} // namespace

std::string to_string(const recorded_call& call) {
  return to_string(call.which()) + "(" + std::visit(printer{}, call.args) + ")";
}

// -- context --------------------------------------------------------------------------------------

void mock_context::restart() {
  signal(session_signal::restart);
}

void mock_context::exit() {
  signal(session_signal::exit);
}

void mock_context::signal(session_signal what) {
  if (!context_)
    // Between sessions there is only the engine to talk to.
    compat::send_exit(which_.signals ? which_.signals : which_.supervisor, what);
  else if (what == session_signal::restart)
    context_->restart();
  else
    context_->exit();
}

void mock_context::pause(std::function<void(caf::expected<lease>)> then) {
  if (context_)
    return context_->pause(std::move(then));
  auto answer = std::make_shared<decltype(then)>(std::move(then));
  self_->request(engine(), caf::infinite, pause_msg{})
    .then([answer](lease& x) { (*answer)(std::move(x)); },
          [answer](caf::error& x) { (*answer)(std::move(x)); });
}

// -- answers --------------------------------------------------------------------------------------

mock_answer& mock_answer::run(std::function<void(mock_context&)> what) {
  run_ = std::move(what);
  return *this;
}

mock_answer& mock_answer::fail(caf::error cause) {
  outcome_ = outcome::fail;
  cause_ = std::move(cause);
  return *this;
}

mock_answer& mock_answer::close_with(close_details details) {
  details_ = std::move(details);
  return *this;
}

mock_answer& mock_answer::hold() {
  outcome_ = outcome::hold;
  return *this;
}

mock_answer& mock_answer::crash(std::string text) {
  outcome_ = outcome::crash;
  text_ = std::move(text);
  return *this;
}

// -- mock -----------------------------------------------------------------------------------------

client_mock::client_mock() : recorder_(std::make_shared<client_recorder>()) {}

client_mock::~client_mock() {
  recorder_->shut_down();
}

client_actor client_mock::spawn(caf::actor_system& system) {
  auto result = system.spawn<mock_client>(recorder_);
  recorder_->adopt(result.address());
  return caf::actor_cast<client_actor>(result);
}

std::shared_ptr<callbacks> client_mock::object() {
  return std::make_shared<mock_callbacks>(recorder_);
}

client_mock& client_mock::answer(callback which, mock_answer how) {
  recorder_->program(which, std::move(how));
  return *this;
}

client_mock& client_mock::answer_next(callback which, mock_answer how) {
  recorder_->program_next(which, std::move(how));
  return *this;
}

bool client_mock::release(callback which, caf::error cause) {
  return recorder_->release(which, std::move(cause));
}

std::vector<recorded_call> client_mock::calls() const {
  return recorder_->calls();
}

std::vector<std::string> client_mock::lines() const {
  std::vector<std::string> result;
  for (const auto& x : calls())
    result.push_back(to_string(x));
  return result;
}

std::size_t client_mock::count(callback which) const {
  auto all = calls();
  return static_cast<std::size_t>(
    std::count_if(all.begin(), all.end(), [which](const auto& x) { return x.which() == which; }));
}

std::size_t client_mock::in_flight() const {
  return recorder_->in_flight();
}

std::size_t client_mock::most_in_flight() const {
  return recorder_->most_in_flight();
}

optional<session> client_mock::last_session() const {
  return recorder_->last_session();
}

void client_mock::clear() {
  recorder_->clear();
}

bool client_mock::wait_for(callback which, std::size_t count, timespan timeout) const {
  return recorder_->wait_for(which, count, timeout);
}

} // namespace wsengine::testing
