// engine_requests.cpp: requests to the server: who gets which message, and what callers are told
// when no answer comes.

#define CAF_SUITE engine_requests

#include "deterministic/supervised_fixture.hpp"

#include "wsengine/request.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>

namespace {

// A lease, and the actor that holds it and may ask.
struct loan {
  caf::actor holder;
  std::optional<lease> got;
  asked<data_message> answer;
};

struct fixture : supervised_fixture {
  fixture() {
    // The key is what stands before the colon.
    hooks.request_key = [this](const data_message& what) -> optional<std::string> {
      ++looked_at;
      auto content = what.data.text();
      if (content == "bad")
        throw std::runtime_error{"bad"};
      auto colon = content.find(':');
      if (colon == std::string_view::npos)
        return nothing;
      return std::string{content.substr(0, colon)};
    };
  }

  ~fixture() override {
    for (auto& x : holders)
      kill(x);
  }

  /// Asks the server through the engine.
  auto query(const std::string& key, timespan timeout = 30s, optional<session_id> only = {}) {
    return ask<data_message>(engine, request_msg{text(key + ":?"), key, timeout, only});
  }

  /// An actor that stays alive takes the connection over; sent the key, it asks the server.
  std::shared_ptr<loan> pause() {
    auto result = std::make_shared<loan>();
    auto hold = [result](caf::event_based_actor* holder,
                         const engine_actor& from) -> caf::behavior {
      holder->request(from, caf::infinite, pause_msg{}).then([result](lease& x) {
        result->got = std::move(x);
      });
      return {[=](const std::string& key) {
        wsengine::request(holder, result->got->which, text(key + ":?"), key, 30s)
          .then([result](data_message& x) { result->answer.answer(std::move(x)); },
                [result](caf::error& x) { result->answer.fail(std::move(x)); });
      }};
    };
    result->holder = sys.spawn(hold, engine);
    consume_messages();
    holders.push_back(result->holder);
    CAF_REQUIRE(result->got);
    return result;
  }

  std::vector<data_message> written() { return network.record(network.last()).written; }

  void check_lost(const std::shared_ptr<asked<data_message>>& answer, session_id id) {
    CAF_REQUIRE(answer->failed(request_errc::session_lost));
    CAF_CHECK_EQUAL(lost_session_of(answer->cause()), id);
    CAF_CHECK(text_of(answer->cause()).find(to_string(id)) != std::string::npos);
    CAF_CHECK_EQUAL(phase_of(answer->cause()), "request");
  }

  std::size_t looked_at = 0;
  std::vector<caf::actor> holders;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_requests_tests, fixture)

// -- answers --------------------------------------------------------------------------------------

CAF_TEST(an answer goes to its caller and everything else to the client) {
  open();
  auto answer = query("1");
  CAF_CHECK(answer->pending());
  CAF_CHECK_EQUAL(written(), (std::vector<data_message>{text("1:?")}));
  peer(script{}.send({text("news"), text("2:x"), text("1:yes"), text("more")}));
  CAF_CHECK_EQUAL(answer->get(), text("1:yes"));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"news\")",
                                    "on_message(text, \"2:x\")", "on_message(text, \"more\")"}));
}

CAF_TEST(answers may come in any order and the key is free again) {
  open();
  auto one = query("1");
  auto two = query("2");
  peer(script{}.send({text("2:b"), text("1:a")}));
  CAF_CHECK_EQUAL(one->get(), text("1:a"));
  CAF_CHECK_EQUAL(two->get(), text("2:b"));
  auto again = query("1");
  peer(script{}.send(text("1:c")));
  CAF_CHECK_EQUAL(again->get(), text("1:c"));
}

CAF_TEST(no message is looked at while no request waits) {
  open();
  peer(script{}.send({text("1:a"), text("2:b")}));
  CAF_CHECK_EQUAL(looked_at, 0U);
  auto answer = query("3");
  peer(script{}.send({text("3:c"), text("4:d")}));
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(looked_at, 1U);
  CAF_CHECK_EQUAL(mock.count(callback::message), 3U);
}

CAF_TEST(parts of a message are no answers) {
  open();
  auto answer = query("1");
  auto part = text("1:a");
  part.last = false;
  peer(script{}.send({part, text("1:b")}));
  CAF_CHECK(answer->pending());
  peer(script{}.send(part));
  peer(script{}.send({text("1:c"), text("1:d")}));
  CAF_CHECK_EQUAL(answer->get(), text("1:d"));
  CAF_CHECK_EQUAL(mock.count(callback::message), 4U);
}

CAF_TEST(an exception of the key function is no key) {
  open();
  auto answer = query("1");
  peer(script{}.send({text("bad"), text("1:a")}));
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(last_line(), "on_message(text, \"bad\")");
  CAF_CHECK_EQUAL(network.size(), 1U);
}

CAF_TEST(an answer comes while a callback runs) {
  mock.answer(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send(text("slow")));
  CAF_CHECK_EQUAL(mock.in_flight(), 1U);
  auto answer = query("1");
  peer(script{}.send({text("more"), text("1:a")}));
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(mock.in_flight(), 1U);
}

CAF_TEST(an answer may be behind as much again as the reader holds) {
  options.read_batch = 1;
  mock.answer(callback::message, mock_answer{}.hold());
  open();
  // One with the client and one that waits: there is no more credit.
  peer(script{}.send({text("a"), text("b"), text("c"), text("1:x")}));
  auto answer = query("1");
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(mock.in_flight(), 1U);
}

CAF_TEST(an answer behind too many messages is late and not lost) {
  options.read_batch = 1;
  mock.answer(callback::message, mock_answer{}.hold());
  open();
  auto answer = query("1", 10s);
  peer(script{}.send(std::vector<data_message>(20, text("a"))).send(text("1:x")));
  CAF_CHECK(answer->pending());
  pass(10s);
  CAF_CHECK(answer->failed(request_errc::timeout));
  mock.answer(callback::message, mock_answer{});
  release(callback::message);
  CAF_CHECK_EQUAL(mock.count(callback::message), 21U);
  CAF_CHECK_EQUAL(last_line(), "on_message(text, \"1:x\")");
}

CAF_TEST(answers come with several handlers and to many callers) {
  options.handlers = 3;
  mock.answer(callback::message, mock_answer{}.hold());
  open();
  peer(script{}.send({text("a"), text("b"), text("c")}));
  std::vector<std::shared_ptr<asked<data_message>>> answers;
  script reply;
  for (int i = 0; i < 50; ++i) {
    answers.push_back(query(std::to_string(i)));
    reply.send(text(std::to_string(i) + ":x")).send(text("other"));
  }
  peer(reply);
  CAF_CHECK(std::all_of(answers.begin(), answers.end(), [](auto& x) { return x->succeeded(); }));
  CAF_CHECK_EQUAL(mock.in_flight(), 3U);
}

// -- refusals -------------------------------------------------------------------------------------

CAF_TEST(a key that waits is refused) {
  open();
  auto one = query("1");
  auto two = query("1");
  CAF_CHECK(two->failed(request_errc::duplicate_key));
  CAF_CHECK_EQUAL(written().size(), 1U);
  peer(script{}.send(text("1:a")));
  CAF_CHECK(one->succeeded());
}

CAF_TEST(no more requests wait than allowed) {
  options.max_requests = 2;
  open();
  auto one = query("1");
  auto two = query("2");
  auto three = query("3");
  CAF_REQUIRE(three->failed(request_errc::too_many_requests));
  CAF_CHECK_EQUAL(phase_of(three->cause()), "request");
  // An answer makes room, and so does a deadline.
  peer(script{}.send(text("1:a")));
  CAF_CHECK(one->succeeded());
  auto four = query("4", 1s);
  CAF_CHECK(four->pending());
  pass(1s);
  CAF_CHECK(four->failed(request_errc::timeout));
  auto five = query("5");
  CAF_CHECK(five->pending());
  CAF_CHECK(two->pending());
  CAF_CHECK_EQUAL(written().size(), 4U);
}

CAF_TEST(without a key function there are no requests) {
  hooks.request_key = nullptr;
  open();
  auto answer = query("1");
  CAF_CHECK(answer->failed(request_errc::no_key_function));
  CAF_CHECK_EQUAL(written().size(), 0U);
}

CAF_TEST(without a session there are no requests) {
  spawn();
  auto idle = query("1");
  CAF_CHECK(idle->failed(request_errc::no_session));
  CAF_REQUIRE(start()->succeeded());
  auto old = open_id();
  peer(script{}.drop());
  auto between = query("1");
  CAF_CHECK(between->failed(request_errc::no_session));
  check_lost(query("1", 30s, old), old);
  pass(1s);
  CAF_CHECK(query("1")->pending());
  // The session that it names is another one.
  check_lost(query("2", 30s, old), old);
}

CAF_TEST(a request that cannot be written fails and frees its key) {
  open();
  peer(script{}.refuse_writes(make_error(connection_errc::queue_full, "full")));
  auto full = query("1");
  CAF_CHECK(full->failed(connection_errc::queue_full));
  peer(script{}.refuse_writes(make_error(connection_errc::write_unknown, "broken")));
  check_lost(query("1"), open_id());
  peer(script{}.take_writes());
  auto answer = query("1");
  peer(script{}.send(text("1:a")));
  CAF_CHECK(answer->succeeded());
}

// -- time -----------------------------------------------------------------------------------------

CAF_TEST(each request has its own time and a late answer goes to the client) {
  open();
  auto slow = query("slow", 30s);
  auto fast = query("fast", 5s);
  auto never = query("never", timespan::max());
  pass(4s);
  CAF_CHECK(fast->pending());
  pass(1s);
  CAF_CHECK(fast->failed(request_errc::timeout));
  CAF_CHECK(slow->pending());
  peer(script{}.send(text("fast:late")));
  CAF_CHECK_EQUAL(last_line(), "on_message(text, \"fast:late\")");
  pass(25s);
  CAF_CHECK(slow->failed(request_errc::timeout));
  pass(24h);
  CAF_CHECK(never->pending());
  peer(script{}.send(text("never:at last")));
  CAF_CHECK(never->succeeded());
}

CAF_TEST(a request without time is not sent) {
  open();
  CAF_CHECK(query("1", 0s)->failed(request_errc::timeout));
  CAF_CHECK_EQUAL(written().size(), 0U);
}

CAF_TEST(time passes while writes are stalled) {
  open();
  peer(script{}.stall_writes());
  auto answer = query("1", 5s);
  pass(5s);
  CAF_CHECK(answer->failed(request_errc::timeout));
}

// -- the end of the session -----------------------------------------------------------------------

CAF_TEST(requests fail with the id of the session whoever ends it) {
  open();
  auto end_by = [this](const std::function<void()>& what) {
    auto id = open_id();
    auto answer = query("1");
    CAF_REQUIRE(answer->pending());
    what();
    check_lost(answer, id);
    pass(1min);
  };
  end_by([&] { peer(script{}.close({close_code::normal, "bye"})); });
  end_by([&] { peer(script{}.drop()); });
  end_by([&] { peer(script{}.die(caf::exit_reason::unknown)); });
  end_by([&] { signal(session_signal::restart); });
  end_by([&] { CAF_CHECK(stop()->succeeded()); });
  CAF_REQUIRE(start()->succeeded());
  end_by([&] { kill(caf::actor_cast<caf::actor>(engine)); });
}

CAF_TEST(what came before the end is an answer still) {
  open();
  auto answer = query("1");
  auto other = query("2");
  peer(script{}.send(text("1:a")).close({close_code::normal, "bye"}));
  CAF_CHECK_EQUAL(answer->get(), text("1:a"));
  CAF_CHECK(other->failed(request_errc::session_lost));
  CAF_CHECK(text_of(other->cause()).find("bye") != std::string::npos);
}

CAF_TEST(a request is not carried over to the next session) {
  open();
  auto answer = query("1");
  peer(script{}.drop());
  pass(1s);
  CAF_CHECK(answer->failed(request_errc::session_lost));
  peer(script{}.send(text("1:a")));
  CAF_CHECK_EQUAL(last_line(), "on_message(text, \"1:a\")");
}

// -- while nothing is delivered -------------------------------------------------------------------

CAF_TEST(a client may ask in on_open and wait for the answer) {
  auto login = std::make_shared<asked<data_message>>();
  auto ask_there = [login](mock_context& context) {
    wsengine::request(context.self(), context.which(), text("in:?"), "in", 10s)
      .then([login](data_message& x) { login->answer(std::move(x)); },
            [login](caf::error& x) { login->fail(std::move(x)); });
  };
  mock.answer(callback::open, mock_answer{}.run(ask_there).hold());
  spawn();
  auto started = start();
  CAF_CHECK_EQUAL(state(), engine_state::opening);
  // Who has not got the session from the client has to wait until it is open.
  CAF_CHECK(query("x")->failed(request_errc::no_session));
  peer(script{}.send({text("news"), text("in:ok")}));
  CAF_CHECK_EQUAL(login->get(), text("in:ok"));
  CAF_CHECK_EQUAL(mock.count(callback::message), 0U);
  // Then the client has the connection to itself again.
  peer(script{}.send({text("hello"), text("after")}));
  auto read = ask<data_message>(mock.last_session()->connection, read_msg{});
  CAF_CHECK_EQUAL(read->get(), text("hello"));
  release(callback::open);
  CAF_CHECK(started->succeeded());
  CAF_CHECK_EQUAL(
    lines(), (strings{"on_open()", "on_message(text, \"news\")", "on_message(text, \"after\")"}));
}

CAF_TEST(the holder of a lease may ask) {
  open();
  auto held = pause();
  caf::anon_send(held->holder, std::string{"1"});
  consume_messages();
  peer(script{}.send({text("news"), text("1:a")}));
  CAF_REQUIRE(held->answer.succeeded());
  CAF_CHECK_EQUAL(held->answer.get(), text("1:a"));
  CAF_CHECK_EQUAL(mock.count(callback::message), 0U);
  // It has the connection to itself again.
  peer(script{}.send(text("mine")));
  auto read = ask<data_message>(held->got->which.connection, read_msg{});
  CAF_CHECK_EQUAL(read->get(), text("mine"));
  CAF_CHECK(ask<caf::unit_t>(engine, resume_msg{held->got->id, {}})->succeeded());
  CAF_CHECK_EQUAL(last_line(), "on_message(text, \"news\")");
}

CAF_TEST(others wait while there is a lease) {
  open();
  auto before = query("1");
  auto held = pause();
  auto during = query("2");
  peer(script{}.send({text("1:a"), text("2:b"), text("3:c")}));
  CAF_CHECK(before->pending());
  CAF_CHECK(during->pending());
  // The holder reads, and gives back what is not for it.
  auto connection = held->got->which.connection;
  auto one = ask<data_message>(connection, read_msg{});
  CAF_REQUIRE(one->succeeded());
  CAF_CHECK(ask<caf::unit_t>(engine, resume_msg{held->got->id, {{one->get()}}})->succeeded());
  CAF_CHECK_EQUAL(before->get(), text("1:a"));
  CAF_CHECK_EQUAL(during->get(), text("2:b"));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open()", "on_message(text, \"3:c\")"}));
}

CAF_TEST(the end of a session under a lease is told to those who wait) {
  open();
  auto id = open_id();
  auto before = query("1");
  auto held = pause();
  peer(script{}.drop());
  check_lost(before, id);
}

CAF_TEST(without a client answers come all the same) {
  options.on_client_down = client_down_policy::keep;
  open();
  auto before = query("1");
  kill(caf::actor_cast<caf::actor>(client));
  auto after = query("2");
  peer(script{}.send({text("news"), text("1:a"), text("2:b")}));
  CAF_CHECK(before->succeeded());
  CAF_CHECK(after->succeeded());
  CAF_REQUIRE(set_client(mock.spawn(sys))->succeeded());
  CAF_CHECK_EQUAL(last_line(), "on_message(text, \"news\")");
}

CAF_TEST_FIXTURE_SCOPE_END()
