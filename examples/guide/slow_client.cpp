// slow_client.cpp: a client that is slower than its server, and one that sends more than a
// connection takes at once; with their tests. Explained in docs/back-pressure.md.

#include "wsengine/all.hpp"
#include "wsengine/testing/fixture.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>

#include <deque>
#include <iostream>
#include <string>
#include <utility>

// -- the clients ----------------------------------------------------------------------------------

/// Hands each message to a store, and takes the next one when the store is done.
class storing_client : public caf::event_based_actor {
public:
  storing_client(caf::actor_config& config, caf::actor store)
    : caf::event_based_actor(config),
      store_(std::move(store)) {}

  caf::behavior make_behavior() override {
    return {
      [](const wsengine::on_open&) {},
      [this](const wsengine::on_message& what) -> caf::result<void> {
        // The next message comes when this one is answered.
        auto done = make_response_promise();
        request(store_, caf::infinite, std::string{what.data.text()})
          .then([done]() mutable { done.deliver(caf::unit); },
                [done](caf::error& cause) mutable { done.deliver(std::move(cause)); });
        return done;
      },
      [](const wsengine::on_read_error&) {},
      [](const wsengine::on_close&) { return wsengine::close_details{}; },
      [](const wsengine::on_close_error&) {},
      [](const wsengine::on_restart_error&) {},
    };
  }

  void on_exit() override { store_ = nullptr; }

private:
  caf::actor store_;
};

/// Sends lines one after the other, each when the one before was handed to the system.
void send_all(caf::event_based_actor* self, const wsengine::session& which,
              std::deque<std::string> lines) {
  if (lines.empty())
    return;
  wsengine::write_msg next{wsengine::message_kind::text, std::move(lines.front())};
  lines.pop_front();
  self->request(which.connection, caf::infinite, std::move(next))
    .then([=] { send_all(self, which, lines); },
          [](const caf::error& cause) { std::cerr << wsengine::describe(cause) << '\n'; });
}

/// Sends what it has as soon as a session is open.
class sending_client : public wsengine::callbacks {
public:
  caf::result<void> on_open(wsengine::session_context& context, const wsengine::handshake_response&,
                            bool) override {
    send_all(context.self(), context.which(), {"one", "two", "three"});
    return caf::unit;
  }

  void on_message(wsengine::session_context&, wsengine::message_kind,
                  const wsengine::payload&) override {}
};

// -- their tests ----------------------------------------------------------------------------------

namespace {

using wsengine::text;

/// Tells a store that it is done with what it has.
struct done_msg {};

WSENGINE_INSPECT_EMPTY(done_msg)

} // namespace

WSENGINE_MESSAGE_TYPE(201, done_msg)
WSENGINE_LOCAL_MESSAGE(knows_done_msg, done_msg)

namespace {

/// A store that is done when the test says so.
class slow_store : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {
      [this](const std::string&) -> caf::result<void> {
        waiting_.push_back(make_response_promise());
        return waiting_.back();
      },
      [this](const done_msg&) {
        for (auto& one : std::exchange(waiting_, {}))
          one.deliver(caf::unit);
      },
    };
  }

  void on_exit() override { waiting_.clear(); }

private:
  std::deque<caf::response_promise> waiting_;
};

void a_slow_store_holds_the_messages_back() {
  wsengine::testing::fixture test;
  auto store = test.system().spawn<slow_store>();
  test.spawn(caf::actor_cast<wsengine::client_actor>(test.system().spawn<storing_client>(store)));
  test.open();
  test.server.sends({text("a"), text("b")});
  test.expect_message("a");
  test.expect_nothing();
  caf::anon_send(store, done_msg{});
  test.settle();
  test.expect_message("b");
  wsengine::compat::send_exit(store, caf::exit_reason::user_shutdown);
}

void lines_are_sent_in_turn() {
  wsengine::testing::fixture test;
  test.spawn(std::make_shared<sending_client>());
  test.open();
  for (const auto* line : {"one", "two", "three"})
    test.expect_received(line);
}

} // namespace

int main() {
  try {
    a_slow_store_holds_the_messages_back();
    lines_are_sent_in_turn();
  } catch (const wsengine::testing::failed_expectation& x) {
    std::cerr << x.what() << '\n';
    return 1;
  }
  std::cout << "slow_client: 2 tests are fine\n";
  return 0;
}
