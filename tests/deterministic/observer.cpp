// observer.cpp: what an observer of an engine is told, in virtual time.

#define CAF_SUITE observer

#include "wsengine/observer.hpp"

#include "deterministic/sending_fixture.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

/// Notes all that it is told as text, with durations in milliseconds.
class diary : public observer {
public:
  strings lines;
  /// The sessions that were named, in their order.
  std::vector<session_id> sessions;
  caf::actor_id engine = 0;

  void engine_spawned(const subject& who, const caf::actor_addr& which,
                      const handshake_request& request) override {
    engine = who.engine;
    CAF_CHECK(which.id() == who.engine);
    note(who, "spawned " + request.url);
  }

  void state_changed(const subject& who, engine_state before, engine_state now,
                     const caf::error&) override {
    note(who, to_string(before) + " -> " + to_string(now));
  }

  void engine_ended(const subject& who, engine_state last) override {
    note(who, "ended " + to_string(last));
  }

  void dial_began(const subject& who, const handshake_request& request) override {
    note(who, "dial " + request.url);
  }

  void dial_ended(const subject& who, const caf::error& failure, timespan took) override {
    note(who, "dialed" + outcome(failure) + " after " + ms(took));
  }

  void retry_scheduled(const subject& who, retry_cause why, const caf::error&,
                       timespan delay) override {
    note(who, "retry " + to_string(why) + " in " + ms(delay));
  }

  void session_opened(const subject& who, const handshake_response& response) override {
    note(who, "opened " + std::to_string(response.status));
  }

  void session_closed(const subject& who, const session_end& how) override {
    auto by = how.peer ? "peer " + code(*how.peer) : "us " + code(how.ours);
    note(who, "closed by " + by + " after " + ms(how.lasted));
  }

  void callbacks_ended(const subject& who, callback_kind which,
                       std::span<const timespan> took) override {
    for (auto x : took)
      note(who, to_string(which) + " took " + ms(x));
  }

  void callback_failed(const subject& who, callback_kind which, timespan took,
                       const caf::error& failure) override {
    note(who, to_string(which) + " failed after " + ms(took) + ": " + text_of(failure));
  }

  void received(const subject& who, const volume& what) override {
    note(who, "received " + amount(what));
  }

  void write_began(const subject& who, const volume& what) override {
    note(who, "write " + amount(what));
  }

  void write_ended(const subject& who, const volume& what, const caf::error& failure) override {
    note(who, "written " + amount(what) + outcome(failure));
  }

  void pong_came(const subject& who, timespan round_trip) override {
    note(who, "pong after " + ms(round_trip));
  }

  void inbox_changed(const subject& who, const volume& before, const volume& now) override {
    CAF_CHECK(before == inbox_);
    inbox_ = now;
    note(who, "inbox " + amount(now));
  }

  void send_accepted(const subject& who) override { note(who, "send"); }

  void send_settled(const subject& who, optional<send_errc> failure) override {
    note(who, "sent" + (failure ? " " + to_string(*failure) : ""));
  }

  /// The lines since the last call.
  strings news() {
    strings result{lines.begin() + static_cast<std::ptrdiff_t>(read_), lines.end()};
    read_ = lines.size();
    return result;
  }

private:
  static std::string ms(timespan what) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(what).count());
  }

  static std::string code(const close_details& details) {
    return std::to_string(static_cast<unsigned>(details.code));
  }

  static std::string amount(const volume& what) {
    return std::to_string(what.messages) + "/" + std::to_string(what.bytes);
  }

  static std::string outcome(const caf::error& failure) {
    auto text = describe(failure);
    return failure ? " " + text.substr(0, text.find(':')) : "";
  }

  void note(const subject& who, std::string line) {
    CAF_CHECK(who.engine == engine);
    if (who.session != session_id{} && (sessions.empty() || sessions.back() != who.session))
      sessions.push_back(who.session);
    lines.push_back(std::move(line));
  }

  volume inbox_;
  std::size_t read_ = 0;
};

struct fixture : sending_fixture {
  fixture() { hooks.watcher = book; }

  strings news() { return book->news(); }

  std::shared_ptr<diary> book = std::make_shared<diary>();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(observer_tests, fixture)

// -- the life of an engine ------------------------------------------------------------------------

CAF_TEST(an observer hears of a life from its beginning to its end) {
  spawn();
  CAF_CHECK_EQUAL(news(), strings{"spawned ws://example.org/feed"});
  network.add(script{}.after(40ms).accept());
  auto started = start();
  pass(40ms);
  CAF_REQUIRE(started->succeeded());
  auto opened = strings{
    "idle -> dialing", "dial ws://example.org/feed", "dialed after 40", "dialing -> opening",
    "on_open took 0",  "opening -> running",         "opened 101"};
  CAF_CHECK_EQUAL(news(), opened);
  pass(3s);
  CAF_REQUIRE(stop()->succeeded());
  auto closed = strings{"running -> closing", "on_close took 0", "closing -> stopped",
                        "closed by us 1001 after 3000"};
  CAF_CHECK_EQUAL(news(), closed);
  kill(caf::actor_cast<caf::actor>(engine));
  CAF_CHECK_EQUAL(news(), strings{"ended stopped"});
  auto sessions = book->sessions.size();
  CAF_CHECK_EQUAL(sessions, 1u);
}

CAF_TEST(every way to lose a session has a cause of its own) {
  open();
  news();
  auto retries = [this] {
    strings result;
    for (const auto& x : news())
      if (x.starts_with("retry") || x.starts_with("closed") || x.starts_with("dialed"))
        result.push_back(x);
    return result;
  };
  peer(script{}.close({close_code::service_restart, "soon"}));
  CAF_CHECK_EQUAL(retries(), (strings{"closed by peer 1012 after 0", "retry peer_closed in 1000"}));
  network.add(script{}.refuse(make_error(dial_errc::connect_failed, "nobody listens")));
  pass(1s);
  CAF_CHECK_EQUAL(retries(),
                  (strings{"dialed connect_failed after 0", "retry attempt_failed in 2000"}));
  pass(2s);
  CAF_CHECK_EQUAL(retries(), strings{"dialed after 0"});
  peer(script{}.drop());
  auto lost = retries();
  CAF_CHECK_EQUAL(lost.front(), "closed by peer 1006 after 0");
  CAF_CHECK(lost.back().starts_with("retry connection_lost"));
  pass(10s);
  retries();
  signal(session_signal::restart);
  CAF_CHECK(retries().back().starts_with("retry restart_asked"));
}

CAF_TEST(a handler that crashes is told of and is the cause of the restart) {
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  news();
  mock.answer_next(callback::message, mock_answer{}.crash("a bad message"));
  peer(script{}.send(text("x")));
  auto told = news();
  auto has = [&](const std::string& line) {
    return std::find(told.begin(), told.end(), line) != told.end();
  };
  CAF_CHECK(has("on_message failed after 0: a bad message"));
  CAF_CHECK(has("retry handler_crashed in 1000"));
}

CAF_TEST(a dial that is given up ends) {
  spawn();
  network.add(script{}.stall());
  start();
  pass(2s);
  news();
  CAF_REQUIRE(stop()->succeeded());
  CAF_CHECK_EQUAL(news(), (strings{"dialing -> stopped", "dialed stopped after 2000"}));
}

CAF_TEST(each url is a dial) {
  options.more_urls = {"ws://example.org/other"};
  network.add(script{}.refuse(make_error(dial_errc::connect_failed, "nobody listens")));
  open();
  auto told = news();
  told.erase(
    std::remove_if(told.begin(), told.end(), [](auto& x) { return !x.starts_with("dial "); }),
    told.end());
  CAF_CHECK_EQUAL(told, (strings{"dial ws://example.org/feed", "dial ws://example.org/other"}));
}

// -- callbacks ------------------------------------------------------------------------------------

CAF_TEST(callbacks take as long as the client does) {
  open();
  news();
  mock.answer_next(callback::message, mock_answer{}.hold());
  peer(script{}.send(text("abc")).send(text("de")));
  pass(70ms);
  release(callback::message);
  auto told = news();
  auto callbacks = strings{};
  std::copy_if(told.begin(), told.end(), std::back_inserter(callbacks),
               [](const auto& x) { return x.starts_with("on_message"); });
  CAF_CHECK_EQUAL(callbacks, (strings{"on_message took 70", "on_message took 0"}));
}

CAF_TEST(callbacks of an object are timed one by one) {
  spawn_for_object();
  CAF_REQUIRE(start()->succeeded());
  news();
  // Time passes in the second one only.
  mock.answer_next(callback::message, mock_answer{});
  mock.answer_next(callback::message,
                   mock_answer{}.run([this](mock_context&) { time.tick(30ms); }));
  peer(script{}.send(text("a")).send(text("b")).send(text("c")));
  auto told = news();
  auto callbacks = strings{};
  std::copy_if(told.begin(), told.end(), std::back_inserter(callbacks),
               [](const auto& x) { return x.starts_with("on_message"); });
  CAF_CHECK_EQUAL(callbacks,
                  (strings{"on_message took 0", "on_message took 30", "on_message took 0"}));
}

// -- messages -------------------------------------------------------------------------------------

CAF_TEST(messages that come are counted and so is what waits for a handler) {
  options.read_batch = 1;
  open();
  news();
  mock.answer_next(callback::message, mock_answer{}.hold());
  peer(script{}.send(text("abc")).send(text("de")));
  auto waiting = news();
  CAF_CHECK(std::find(waiting.begin(), waiting.end(), "inbox 1/2") != waiting.end());
  release(callback::message);
  auto told = news();
  CAF_CHECK(std::find(told.begin(), told.end(), "inbox 0/0") != told.end());
}

CAF_TEST(a session leaves nothing in the inbox) {
  options.read_batch = 1;
  open();
  mock.answer_next(callback::message, mock_answer{}.hold());
  peer(script{}.send(text("abc")).send(text("de")));
  news();
  kill(caf::actor_cast<caf::actor>(engine));
  auto told = news();
  CAF_CHECK(std::find(told.begin(), told.end(), "inbox 0/0") != told.end());
  CAF_CHECK(std::find(told.begin(), told.end(), "ended running") != told.end());
}

CAF_TEST(each write has one end) {
  open();
  news();
  auto connection = mock.last_session()->connection;
  ask<caf::unit_t>(connection, write_msg{message_kind::text, "abc"});
  CAF_CHECK_EQUAL(news(), (strings{"write 1/3", "written 1/3"}));
  peer(script{}.stall_writes());
  ask<caf::unit_t>(connection, write_msg{message_kind::text, "begun"});
  ask<caf::unit_t>(connection, write_batch_msg{{{text("a"), text("bc")}}});
  CAF_CHECK_EQUAL(news(), (strings{"write 1/5", "write 2/3"}));
  peer(script{}.drop());
  auto told = news();
  auto has = [&](const std::string& line) {
    return std::find(told.begin(), told.end(), line) != told.end();
  };
  CAF_CHECK(has("written 1/5 write_unknown"));
  CAF_CHECK(has("written 2/3 write_failed"));
}

CAF_TEST(writes that are refused end at once) {
  options.connection.max_message_size = 4;
  options.connection.write_queue_bytes = 4;
  options.connection.when_queue_full = queue_policy::drop_oldest;
  open();
  peer(script{}.stall_writes());
  news();
  auto connection = mock.last_session()->connection;
  ask<caf::unit_t>(connection, write_msg{message_kind::text, "large"});
  CAF_CHECK_EQUAL(news(), (strings{"write 1/5", "written 1/5 message_too_big"}));
  ask<caf::unit_t>(connection, write_msg{message_kind::text, "a"});
  ask<caf::unit_t>(connection, write_msg{message_kind::text, "bcd"});
  ask<caf::unit_t>(connection, write_msg{message_kind::text, "efg"});
  CAF_CHECK_EQUAL(news(), (strings{"write 1/1", "write 1/3", "write 1/3", "written 1/3 dropped"}));
}

CAF_TEST(pongs are told with their round trip) {
  open();
  news();
  peer(script{}.answer_pings(25ms));
  auto answer = ask<timespan>(mock.last_session()->connection, ping_msg{});
  pass(25ms);
  CAF_REQUIRE(answer->succeeded());
  CAF_CHECK_EQUAL(news(), strings{"pong after 25"});
}

// -- sends ----------------------------------------------------------------------------------------

CAF_TEST(each send is settled once) {
  options.outbox.enabled = true;
  options.outbox.max_messages = 2;
  open();
  news();
  auto sends = [this] {
    strings result;
    for (const auto& x : news())
      if (x.starts_with("sen"))
        result.push_back(x);
    return result;
  };
  send("a");
  CAF_CHECK_EQUAL(sends(), (strings{"send", "sent"}));
  peer(script{}.drop());
  sends();
  send("b", send_policy::expire, 100ms);
  send("c");
  CAF_CHECK_EQUAL(sends(), (strings{"send", "send"}));
  send("too many");
  CAF_CHECK_EQUAL(sends(), (strings{"send", "sent outbox_full"}));
  pass(100ms);
  CAF_CHECK_EQUAL(sends(), strings{"sent expired"});
  pass(900ms);
  CAF_CHECK_EQUAL(sends(), strings{"sent"});
  // Before it is taken, there is nothing to settle.
  CAF_REQUIRE(stop()->succeeded());
  send("late");
  CAF_CHECK_EQUAL(sends(), strings{});
}

// -- who looks on ---------------------------------------------------------------------------------

CAF_TEST(several observers hear the same) {
  auto second = std::make_shared<diary>();
  hooks.watcher = make_observer_list({book, second});
  open();
  peer(script{}.send(text("x")));
  CAF_REQUIRE(stop()->succeeded());
  CAF_CHECK(book->lines.size() > 10);
  CAF_CHECK_EQUAL(book->lines, second->lines);
}

CAF_TEST(an engine whose observer is gone for the user still has it) {
  spawn();
  hooks.watcher = nullptr;
  std::weak_ptr<diary> weak = book;
  book = nullptr;
  CAF_CHECK(!weak.expired());
  CAF_REQUIRE(start()->succeeded());
  kill(caf::actor_cast<caf::actor>(std::exchange(engine, nullptr)));
  consume_messages();
}

CAF_TEST_FIXTURE_SCOPE_END()
