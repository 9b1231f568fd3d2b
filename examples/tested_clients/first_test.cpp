// first_test.cpp: the first tests of docs/testing.md: the words of the kit, and the mock of the
// client.

#include "wsengine/error.hpp"
#include "wsengine/testing/fixture.hpp"

#include <chrono>
#include <iostream>
#include <stdexcept>

using namespace std::chrono_literals;
using namespace wsengine;
using namespace wsengine::testing;

namespace {

void a_session_is_lost_and_comes_back() {
  fixture test;
  test.server.accepts();
  test.start(); // spawns an engine for the mock of the client, and starts it
  test.expect_open();
  test.server.sends(text("x"));
  test.expect_message("x");
  test.server.drops();
  test.expect_close(1006);
  test.advance(1s); // the backoff
  test.expect_reopen();
}

void the_server_is_told_ahead() {
  fixture test;
  test.options.backoff.retry_first_connect = true;
  test.server.refuses(503);
  test.server.accepts().awaits(text("login")).waits(2s).sends(text("welcome"));
  test.start();
  test.expect_restart_error(dial_errc::upgrade_refused);
  test.expect_retry_in(1s);
  test.advance(1s);
  test.expect_open();
  test.write(text("login"));
  test.advance(2s);
  test.expect_message("welcome");
}

void the_mock_answers_as_it_is_told() {
  fixture test;
  // Refuses the first session, answers the first message only when it is told to, posts an answer
  // to the second one, and says farewell with a code of its own.
  test.client.answer_next(callback::open,
                          mock_answer{}.fail(make_error(engine_errc::stopped, "not now")));
  test.client.answer_next(callback::message, mock_answer{}.hold());
  test.client.answer_next(callback::message, mock_answer{}.run([](mock_context& context) {
    post(context.which(), text("thank you"));
  }));
  test.client.answer(callback::close, mock_answer{}.close_with({close_code{4001}, "farewell"}));

  test.expect_failure(test.start(), engine_errc::on_open_failed);
  test.expect_open();
  test.open();
  test.server.sends({text("a"), text("b")});
  test.expect_message("a");
  test.expect_nothing(); // one after the other: "b" waits for the answer to "a"
  test.release(callback::message);
  test.expect_message("b");
  test.expect_received("thank you");
  test.stop();
  test.expect_own_close();
  test.expect_close_frame(4001);

  // What it was called with, to look at.
  test.check(test.client.count(callback::open) == 2, "two sessions", "there were others");
  test.check(test.client.calls_of<on_message>().back().data.text() == "b", "b", "it is another");
}

} // namespace

int main() {
  try {
    a_session_is_lost_and_comes_back();
    the_server_is_told_ahead();
    the_mock_answers_as_it_is_told();
  } catch (const failed_expectation& x) {
    std::cerr << x.what() << '\n';
    return 1;
  }
  std::cout << "first_test: 3 tests are fine\n";
  return 0;
}
