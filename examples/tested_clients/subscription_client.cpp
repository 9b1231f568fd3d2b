// subscription_client.cpp: a client that subscribes to topics, and its tests.
//
// Subscriptions end with their session, so the engine sends them again at the beginning of each
// one. After a reconnect the server repeats the last values: those that are known already are left
// out.

#include "wsengine/all.hpp"
#include "wsengine/testing/fixture.hpp"

#include <caf/send.hpp>

#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

// -- the client -----------------------------------------------------------------------------------

/// Subscribes to a topic, now and in each session to come.
void subscribe(const wsengine::engine_actor& engine, const std::string& topic) {
  wsengine::setup_message what{topic, wsengine::text("subscribe " + topic)};
  caf::anon_send(engine, wsengine::subscribe_msg{std::move(what)});
}

/// Ends that.
void unsubscribe(const wsengine::engine_actor& engine, const std::string& topic) {
  auto farewell = wsengine::text("unsubscribe " + topic);
  caf::anon_send(engine, wsengine::unsubscribe_msg{topic, std::move(farewell)});
}

/// Tells new values. The server sends lines as in `prices 17 42.5`: topic, number, value.
class subscriber : public wsengine::callbacks {
public:
  using listener = std::function<void(const std::string& topic, const std::string& value)>;

  explicit subscriber(listener tell) : tell_(std::move(tell)) {}

  void on_message(wsengine::session_context&, wsengine::message_kind,
                  const wsengine::payload& data) override {
    std::string line{data.text()};
    auto first = line.find(' ');
    auto second = line.find(' ', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      return;
    auto topic = line.substr(0, first);
    auto number = std::stoull(line.substr(first + 1, second - first - 1));
    if (auto& last = last_[topic]; number > last) {
      last = number;
      tell_(topic, line.substr(second + 1));
    }
  }

private:
  listener tell_;
  std::map<std::string, unsigned long long> last_;
};

// -- its tests ------------------------------------------------------------------------------------

namespace {

using wsengine::text;

struct subscription_test : wsengine::testing::fixture {
  subscription_test() {
    spawn(std::make_shared<subscriber>([this](const std::string& topic, const std::string& value) {
      told.push_back(topic + "=" + value);
    }));
    subscribe(engine, "prices");
    subscribe(engine, "news");
  }

  void expect_told(const std::string& what) {
    settle();
    check(!told.empty() && told.back() == what, what, told.empty() ? "nothing" : told.back());
  }

  std::vector<std::string> told;
};

void all_topics_are_subscribed() {
  subscription_test test;
  test.open();
  test.expect_received("subscribe prices");
  test.expect_received("subscribe news");
  test.server.sends(text("prices 1 42"));
  test.expect_told("prices=42");
}

void a_new_session_subscribes_again() {
  subscription_test test;
  test.open();
  test.server.drops();
  test.expect_close(1006);
  test.advance(1s);
  test.expect_reopen();
  test.expect_received("subscribe prices");
  test.expect_received("subscribe news");
}

void topics_come_and_go() {
  subscription_test test;
  test.open();
  unsubscribe(test.engine, "prices");
  subscribe(test.engine, "weather");
  test.expect_received("subscribe prices");
  test.expect_received("subscribe news");
  test.expect_received("unsubscribe prices");
  test.expect_received("subscribe weather");
  test.server.drops();
  test.expect_close(1006);
  test.advance(1s);
  test.expect_reopen();
  test.expect_received("subscribe news");
  test.expect_received("subscribe weather");
}

void what_is_known_is_not_told_again() {
  subscription_test test;
  test.open();
  test.server.sends(text("prices 7 42")).drops();
  test.advance(1s);
  test.server.sends({text("prices 7 42"), text("prices 8 43")});
  test.expect_told("prices=43");
  test.check(test.told.size() == 2, "two values", std::to_string(test.told.size()));
}

} // namespace

int main() {
  try {
    all_topics_are_subscribed();
    a_new_session_subscribes_again();
    topics_come_and_go();
    what_is_known_is_not_told_again();
  } catch (const wsengine::testing::failed_expectation& x) {
    std::cerr << x.what() << '\n';
    return 1;
  }
  std::cout << "subscription_client: 4 tests are fine\n";
  return 0;
}
