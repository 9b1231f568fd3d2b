// request_client.cpp: a client that asks the server questions, and its tests.
//
// Questions and answers begin with a number, as in `7 what time is it` and `7 noon`. The engine
// finds the answer to each question; the client only has to say what makes them belong together.

#include "wsengine/all.hpp"
#include "wsengine/testing/fixture.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

// -- the client -----------------------------------------------------------------------------------

/// Ask the server; answered with a `std::string`, or with a `wsengine::request_errc`.
struct question {
  std::string text;
};

WSENGINE_INSPECT(question, text)

WSENGINE_MESSAGE_TYPE(200, question)
WSENGINE_LOCAL_MESSAGE(knows_question, question)

/// For `engine_hooks::request_key`: the number before the first space. For messages in JSON there
/// is `wsengine::json_key`.
wsengine::optional<std::string> number_of(const wsengine::data_message& what) {
  auto line = what.data.text();
  auto space = line.find(' ');
  if (space == std::string_view::npos)
    return wsengine::nothing;
  return std::string{line.substr(0, space)};
}

/// A client actor that takes `question`, too.
class asking_client : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {
      [this](const wsengine::on_open& what) { which_ = what.which; },
      // Answers do not come here, but those that are too late do.
      [](const wsengine::on_message&) {},
      [](const wsengine::on_read_error&) {},
      [](const wsengine::on_close&) { return wsengine::close_details{}; },
      [](const wsengine::on_close_error&) {},
      [](const wsengine::on_restart_error&) {},
      [this](const question& what) { return ask(what.text); },
    };
  }

private:
  caf::result<std::string> ask(const std::string& text) {
    if (!which_.supervisor)
      return wsengine::make_error(wsengine::request_errc::no_session, "there was none yet");
    auto number = std::to_string(++last_);
    auto promise = make_response_promise();
    wsengine::request(this, wsengine::engine_of(which_), wsengine::text(number + ' ' + text),
                      number, 5s)
      .then(
        [promise, number](const wsengine::data_message& answer) mutable {
          promise.deliver(std::string{answer.data.text().substr(number.size() + 1)});
        },
        [promise](caf::error& cause) mutable { promise.deliver(std::move(cause)); });
    return promise;
  }

  wsengine::session which_;
  std::uint64_t last_ = 0;
};

// -- its tests ------------------------------------------------------------------------------------

namespace {

using wsengine::request_errc;
using wsengine::text;

struct request_test : wsengine::testing::fixture {
  request_test() {
    hooks.request_key = number_of;
    asker = system().spawn<asking_client>();
    spawn(caf::actor_cast<wsengine::client_actor>(asker));
  }

  /// Asks, and looks at the answer later.
  auto ask(const std::string& what) {
    auto result = wsengine::testing::ask<std::string>(system(), asker, question{what});
    settle();
    return result;
  }

  caf::actor asker;
};

void answers_find_their_questions() {
  request_test test;
  test.open();
  auto first = test.ask("one?");
  auto second = test.ask("two?");
  test.expect_received("1 one?");
  test.expect_received("2 two?");
  test.server.sends({text("2 two!"), text("1 one!")});
  test.check(test.expect_success(first) == "one!", "one!", first->get());
  test.check(test.expect_success(second) == "two!", "two!", second->get());
  test.expect_nothing();
}

void a_question_does_not_wait_for_ever() {
  request_test test;
  test.open();
  auto answer = test.ask("anybody there?");
  test.advance(4s);
  test.check(answer->pending(), "a question that waits", "it does not");
  test.advance(1s);
  test.expect_failure(answer, request_errc::timeout);
  // An answer that comes too late is a message like any other.
  test.server.sends(text("1 yes"));
  test.expect_message("1 yes");
}

void questions_end_with_their_session() {
  request_test test;
  test.open();
  auto answer = test.ask("still there?");
  test.server.drops();
  test.expect_failure(answer, request_errc::session_lost);
  test.expect_failure(test.ask("and now?"), request_errc::no_session);
  test.advance(1s);
  auto next = test.ask("back again?");
  test.server.sends(text("3 yes"));
  test.check(test.expect_success(next) == "yes", "yes", next->get());
}

} // namespace

int main() {
  try {
    answers_find_their_questions();
    a_question_does_not_wait_for_ever();
    questions_end_with_their_session();
  } catch (const wsengine::testing::failed_expectation& x) {
    std::cerr << x.what() << '\n';
    return 1;
  }
  std::cout << "request_client: 3 tests are fine\n";
  return 0;
}
