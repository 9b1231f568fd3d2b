// metrics.cpp: what Prometheus reads after a scripted conversation, in virtual time.

#define CAF_SUITE metrics

#include "deterministic/sending_fixture.hpp"

#include "wsengine/prometheus.hpp"

#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

struct fixture : sending_fixture {
  fixture() { hooks.watcher = numbers.watch(); }

  /// The value of a series by its name and labels as they are printed; -1 when there is none.
  double value(const std::string& series) {
    std::istringstream lines{numbers.text()};
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(series + " "))
        return std::strtod(line.c_str() + series.size(), nullptr);
    return -1;
  }

  void shows(const std::string& series, double expected) {
    auto actual = value(series);
    if (actual != expected)
      CAF_MESSAGE(series + " is " + std::to_string(actual));
    CAF_CHECK(actual == expected);
  }

  static std::string engines(const std::string& state) {
    return "wsengine_engines{state=\"" + state + "\"}";
  }

  metrics numbers;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(metrics_tests, fixture)

CAF_TEST(engines are counted by state) {
  shows(engines("idle"), 0);
  open();
  shows(engines("idle"), 0);
  shows(engines("running"), 1);
  peer(script{}.drop());
  shows(engines("running"), 0);
  shows(engines("backoff"), 1);
  kill(caf::actor_cast<caf::actor>(engine));
  shows(engines("backoff"), 0);
  shows(engines("stopped"), 0);
}

CAF_TEST(dials and reconnects have results and causes) {
  network.add(script{}.after(40ms).accept());
  spawn();
  start();
  pass(40ms);
  shows("wsengine_dials_total{result=\"opened\"}", 1);
  shows("wsengine_dial_duration_seconds_sum", 0.04);
  shows("wsengine_dial_duration_seconds_bucket{le=\"0.025\"}", 0);
  shows("wsengine_dial_duration_seconds_bucket{le=\"0.05\"}", 1);
  network.add(script{}.refuse(make_error(dial_errc::connect_failed, "nobody listens")));
  peer(script{}.close({close_code::going_away, ""}));
  pass(1s);
  shows("wsengine_dials_total{result=\"connect\"}", 1);
  shows("wsengine_reconnects_total{cause=\"peer_closed\"}", 1);
  shows("wsengine_reconnects_total{cause=\"attempt_failed\"}", 1);
  shows("wsengine_reconnects_total{cause=\"connection_lost\"}", 0);
  shows("wsengine_sessions_opened_total", 1);
  shows("wsengine_sessions_closed_total{by=\"peer\"}", 1);
}

CAF_TEST(messages and bytes are counted in both directions) {
  open();
  peer(script{}.send(text("abc")).send(text("de")));
  shows("wsengine_received_messages_total", 2);
  shows("wsengine_received_bytes_total", 5);
  auto connection = mock.last_session()->connection;
  ask<caf::unit_t>(connection, write_msg{message_kind::text, "four"});
  shows("wsengine_sent_messages_total", 1);
  shows("wsengine_sent_bytes_total", 4);
}

CAF_TEST(callbacks fall into buckets by how long they took) {
  open();
  mock.answer_next(callback::message, mock_answer{}.hold());
  peer(script{}.send(text("a")));
  pass(70ms);
  release(callback::message);
  peer(script{}.send(text("b")));
  auto series = [](const std::string& rest) { return "wsengine_callback_duration_seconds" + rest; };
  shows(series("_count{callback=\"on_message\"}"), 2);
  shows(series("_sum{callback=\"on_message\"}"), 0.07);
  shows(series("_bucket{callback=\"on_message\",le=\"0.025\"}"), 1);
  shows(series("_bucket{callback=\"on_message\",le=\"0.1\"}"), 2);
  shows(series("_count{callback=\"on_open\"}"), 1);
}

CAF_TEST(callbacks that are told together fall into the same buckets) {
  // As handlers of objects tell of many; the scripted network delivers one by one.
  std::vector<timespan> took{1us, 3us, 70ms, 40s};
  hooks.watcher->callbacks_ended({}, callback_kind::on_message, took);
  auto bucket = [](const std::string& bound) {
    return "wsengine_callback_duration_seconds_bucket{callback=\"on_message\",le=\"" + bound
           + "\"}";
  };
  shows(bucket("2e-06"), 1);
  shows(bucket("1e-05"), 2);
  shows(bucket("0.1"), 3);
  shows(bucket("30"), 3);
  shows(bucket("+Inf"), 4);
}

CAF_TEST(what waits is a gauge) {
  options.read_batch = 1;
  options.outbox.enabled = true;
  open();
  peer(script{}.stall_writes());
  mock.answer_next(callback::message, mock_answer{}.hold());
  peer(script{}.send(text("abc")).send(text("de")));
  send("four");
  send("five");
  shows("wsengine_inbox_messages", 1);
  shows("wsengine_inbox_bytes", 2);
  // The outbox hands over one after the other.
  shows("wsengine_outbox_messages", 2);
  shows("wsengine_write_queue_messages", 1);
  shows("wsengine_write_queue_bytes", 4);
  release(callback::message);
  peer(script{}.take_writes());
  for (const auto* series : {"inbox_messages", "inbox_bytes", "outbox_messages",
                             "write_queue_messages", "write_queue_bytes"})
    shows(std::string{"wsengine_"} + series, 0);
  shows("wsengine_sends_total{result=\"written\"}", 2);
}

CAF_TEST(messages of unknown fate and those that gave way are counted apart) {
  options.connection.write_queue_bytes = 4;
  options.connection.when_queue_full = queue_policy::drop_oldest;
  open();
  peer(script{}.stall_writes());
  auto connection = mock.last_session()->connection;
  for (const auto* x : {"a", "bcd", "efg"})
    ask<caf::unit_t>(connection, write_msg{message_kind::text, x});
  peer(script{}.drop());
  ask<caf::unit_t>(connection, write_msg{message_kind::text, "late"});
  auto unsent = [](const std::string& fate) {
    return "wsengine_unsent_messages_total{fate=\"" + fate + "\"}";
  };
  shows(unsent("dropped"), 1);
  shows(unsent("unknown"), 1);
  shows(unsent("failed"), 1);
  shows(unsent("refused"), 1);
}

CAF_TEST(pings are timed) {
  open();
  peer(script{}.answer_pings(25ms));
  ask<timespan>(mock.last_session()->connection, ping_msg{});
  pass(25ms);
  shows("wsengine_ping_round_trip_seconds_count", 1);
  shows("wsengine_ping_round_trip_seconds_sum", 0.025);
}

CAF_TEST(labels keep kinds of clients apart) {
  hooks.watcher = numbers.watch({{"feed", "prices"}});
  CAF_CHECK(numbers.watch({{"feed", "prices"}}) == hooks.watcher);
  open();
  shows("wsengine_engines{feed=\"prices\",state=\"running\"}", 1);
  shows(engines("running"), 0);
}

CAF_TEST(labels that no series can have are refused) {
  auto refused = 0;
  for (const auto* name : {"state", "le", "not a name", "__reserved", ""})
    try {
      static_cast<void>(numbers.watch({{name, "x"}}));
      CAF_FAIL(std::string{name} + " was taken");
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  CAF_CHECK_EQUAL(refused, 5);
}

CAF_TEST(an observer outlives the metrics) {
  auto own = std::make_unique<metrics>();
  hooks.watcher = own->watch();
  own = nullptr;
  open();
  peer(script{}.send(text("x")));
  auto calls = mock.count(callback::message);
  CAF_CHECK_EQUAL(calls, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
