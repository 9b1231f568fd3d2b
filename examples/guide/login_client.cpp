// login_client.cpp: a client that writes and reads by itself before the engine does, and one that
// other threads send through; with their tests. Explained in docs/migration.md.

#include "wsengine/all.hpp"
#include "wsengine/testing/fixture.hpp"

#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

using namespace std::chrono_literals;

// -- reading and writing by oneself ---------------------------------------------------------------

/// Logs in with a message of its own, and accepts the session if the answer is right.
class login_client : public wsengine::callbacks {
public:
  caf::result<void> on_open(wsengine::session_context& context, const wsengine::handshake_response&,
                            bool) override {
    auto* self = context.self();
    auto connection = context.which().connection;
    auto accepted = self->make_response_promise();
    auto refuse = [accepted](caf::error& cause) mutable { accepted.deliver(std::move(cause)); };
    auto judge = [accepted](const wsengine::data_message& answer) mutable {
      if (answer.data.text() == "welcome")
        accepted.deliver(caf::unit);
      else
        accepted.deliver(wsengine::make_error(wsengine::engine_errc::on_open_failed, "no welcome"));
    };
    self->request(connection, 5s, wsengine::write_msg{wsengine::message_kind::text, "login"})
      .then([=] { self->request(connection, 5s, wsengine::read_msg{}).then(judge, refuse); },
            refuse);
    return accepted;
  }

  void on_message(wsengine::session_context&, wsengine::message_kind,
                  const wsengine::payload&) override {}
};

// -- sending from other threads -------------------------------------------------------------------

/// A connection as callback libraries have it: a function for what comes, and `send` from any
/// thread.
class feed : public wsengine::callbacks {
public:
  explicit feed(std::function<void(std::string_view)> on_text) : on_text_(std::move(on_text)) {}

  /// Returns whether a session was open.
  bool send(std::string line) {
    std::lock_guard guard{mutex_};
    if (which_)
      post(*which_, wsengine::text(std::move(line)));
    return which_.has_value();
  }

  caf::result<void> on_open(wsengine::session_context& context, const wsengine::handshake_response&,
                            bool) override {
    std::lock_guard guard{mutex_};
    which_ = context.which();
    return caf::unit;
  }

  void on_message(wsengine::session_context&, wsengine::message_kind,
                  const wsengine::payload& data) override {
    on_text_(data.text());
  }

  wsengine::close_details on_close(wsengine::session_context&,
                                   const wsengine::optional<wsengine::close_details>&) override {
    std::lock_guard guard{mutex_};
    which_.reset();
    return {wsengine::close_code::normal, ""};
  }

private:
  std::function<void(std::string_view)> on_text_;
  std::mutex mutex_;
  std::optional<wsengine::session> which_;
};

// -- their tests ----------------------------------------------------------------------------------

namespace {

using wsengine::engine_errc;
using wsengine::text;
using wsengine::testing::fixture;

void a_login_that_is_answered_opens_the_session() {
  fixture test;
  test.server.accepts().awaits(text("login")).sends({text("welcome"), text("news")});
  test.spawn(std::make_shared<login_client>());
  test.start();
  test.expect_open();
  test.expect_message("news");
}

void a_login_that_is_refused_does_not() {
  fixture test;
  test.server.accepts().awaits(text("login")).sends(text("go away"));
  test.spawn(std::make_shared<login_client>());
  test.expect_failure(test.start(), engine_errc::on_open_failed);
}

void other_threads_send_while_a_session_is_open() {
  fixture test;
  std::string heard;
  auto uut = std::make_shared<feed>([&heard](std::string_view line) { heard += line; });
  auto send = [&uut] {
    auto sent = false;
    std::thread{[&] { sent = uut->send("hello"); }}.join();
    return sent;
  };
  test.spawn(uut);
  test.check(!send(), "no session to send in", "it was sent");
  test.open();
  test.server.sends(text("hi"));
  test.expect_message("hi");
  test.check(heard == "hi", "hi", heard);
  test.check(send(), "a session to send in", "there is none");
  test.settle();
  test.expect_received("hello");
  test.server.drops();
  test.expect_close(1006);
  test.check(!send(), "no session to send in", "it was sent");
}

} // namespace

int main() {
  try {
    a_login_that_is_answered_opens_the_session();
    a_login_that_is_refused_does_not();
    other_threads_send_while_a_session_is_open();
  } catch (const wsengine::testing::failed_expectation& x) {
    std::cerr << x.what() << '\n';
    return 1;
  }
  std::cout << "login_client: 3 tests are fine\n";
  return 0;
}
