// recording.cpp: recordings of sessions in virtual time, and what becomes of them when they are
// played again.

#define CAF_SUITE recording

#include "wsengine/recording.hpp"

#include "wsengine/error.hpp"
#include "wsengine/testing/caf_test.hpp"
#include "wsengine/testing/replay.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <utility>
#include <vector>

using namespace wsengine;
using namespace wsengine::testing;
using namespace std::chrono_literals;
using namespace std::literals;

namespace {

using strings = std::vector<std::string>;

/// Answers "ping" and crashes at "crash".
class answering : public callbacks {
public:
  void on_message(session_context& context, message_kind, const payload& data) override {
    if (data.text() == "crash")
      throw std::runtime_error{"a bad message"};
    if (data.text() == "ping")
      context.post(text("pong"));
    if (data.text() == "restart")
      context.restart();
  }
};

/// Counts the messages of its batches.
class batch_counter : public batch_client_actor::base {
public:
  batch_counter(caf::actor_config& cfg, std::shared_ptr<std::size_t> taken)
    : batch_client_actor::base(cfg),
      taken_(std::move(taken)) {}

  behavior_type make_behavior() override {
    return {
      [](const on_open&) {},
      [](const on_message&) {},
      [](const on_read_error&) {},
      [](const on_close&) { return close_details{}; },
      [](const on_close_error&) {},
      [](const on_restart_error&) {},
      [this](const on_messages& what) { *taken_ += what.batch.messages.size(); },
    };
  }

private:
  std::shared_ptr<std::size_t> taken_;
};

struct recorded_world : caf_test_fixture {
  recorded_world() { options.request.headers = {{"Authorization", "Bearer secret"}}; }

  ~recorded_world() override { end(); }

  /// Spawns an engine that is recorded.
  void spawn_recorded(std::shared_ptr<callbacks> own) {
    auto result = spawn_engine(system(), log.record(connect()), options,
                               watched(log.record(std::move(own))), placement::scheduler, hooks);
    if (!result)
      CAF_FAIL(describe(result.error()));
    log.watch(*result);
    take(std::move(*result));
  }

  /// The same for a client that is an actor.
  template <class Client>
  void spawn_recorded_actor(Client own) {
    auto result =
      spawn_engine(system(), log.record(connect()), options, log.record(std::move(own)), hooks);
    if (!result)
      CAF_FAIL(describe(result.error()));
    log.watch(*result);
    take(std::move(*result));
  }

  std::vector<recorded_event> recording() {
    log.flush();
    std::istringstream in{file.str()};
    optional<recording_problem> problem;
    auto result = read_recording(in, problem);
    if (problem)
      CAF_FAIL(to_string(*problem));
    return result;
  }

  /// What happened, without times.
  strings story_of_recording() {
    strings result;
    for (const auto& x : recording()) {
      auto line = x.what;
      if (!x.name.empty())
        line += " " + x.name;
      if (x.message)
        line += " " + std::string{x.message->data.text()};
      if (x.details)
        line += " " + std::to_string(static_cast<int>(x.details->code));
      result.push_back(line);
    }
    return result;
  }

  std::ostringstream file;
  recorder log{system(), file};
};

struct fixture {};

/// A disk that is busy until it is told otherwise.
class busy_disk : public std::stringbuf {
public:
  void release() {
    std::lock_guard guard{mutex_};
    free_ = true;
    changed_.notify_all();
  }

  void wait_until_asked() {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [this] { return asked_ > 0; });
  }

protected:
  int sync() override {
    std::unique_lock guard{mutex_};
    // The first one is the header's.
    if (flushes_++ > 0) {
      ++asked_;
      changed_.notify_all();
      changed_.wait(guard, [this] { return free_; });
    }
    return 0;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int flushes_ = 0;
  int asked_ = 0;
  bool free_ = false;
};

} // namespace

CAF_TEST(a session is recorded from dial to end) {
  recorded_world test;
  test.spawn_recorded(std::make_shared<answering>());
  test.open();
  test.advance(250ms);
  test.server.sends(text("ping"));
  test.expect_message("ping");
  test.expect_received("pong");
  test.server.closes(4001, "bye");
  test.expect_close(4001);
  test.expect_success(test.stop());
  test.settle();
  auto lines = test.story_of_recording();
  auto expected = strings{"dial",
                          "open",
                          "callback on_open",
                          "answer on_open",
                          "received ping",
                          "callback on_message",
                          "write pong",
                          "answer on_message",
                          "over 4001",
                          "callback on_close",
                          "answer on_close",
                          "close 1001",
                          "stopped stopped"};
  // Actors that write at the same moment do so in any order.
  CAF_CHECK(std::is_permutation(lines.begin(), lines.end(), expected.begin(), expected.end()));
  if (!std::is_permutation(lines.begin(), lines.end(), expected.begin(), expected.end()))
    for (const auto& x : lines)
      CAF_MESSAGE(x);
  auto all = test.recording();
  CAF_CHECK_EQUAL(all.at(4).what, "received");
  auto at = all.at(4).at;
  CAF_CHECK(at == 250ms);
  CAF_CHECK_EQUAL(all.at(4).by, "reader");
}

CAF_TEST(a client that is an actor is recorded) {
  recorded_world test;
  test.client.answer(callback::open, mock_answer{}.hold());
  test.client.answer(callback::close, mock_answer{}.close_with({close_code{4000}, "enough"}));
  test.spawn_recorded_actor(test.client.spawn(test.system()));
  auto started = test.start();
  test.expect_open();
  CAF_CHECK(started->pending());
  test.advance(100ms);
  test.release(callback::open);
  test.expect_success(started);
  test.server.sends(text("a"));
  test.expect_message("a");
  test.restart();
  test.expect_own_close();
  test.expect_close_frame(4000);
  test.advance(1s);
  test.expect_reopen();
  strings callbacks;
  for (const auto& x : test.recording())
    if (x.what == "callback" || x.what == "answer")
      callbacks.push_back(x.what + " " + x.name + (x.info.empty() ? "" : " " + x.info));
  auto expected = strings{"callback on_open",
                          "answer on_open",
                          "callback on_message text, 1 bytes",
                          "answer on_message",
                          "callback on_close we close",
                          "answer on_close",
                          "callback on_open restarting"};
  CAF_CHECK_EQUAL(callbacks, expected);
  auto all = test.recording();
  auto answer =
    std::find_if(all.begin(), all.end(), [](const auto& x) { return x.what == "answer"; });
  CAF_REQUIRE(answer != all.end());
  CAF_CHECK(answer->at == 100ms);
}

CAF_TEST(what a recorded client actor refuses and how it dies is as without a recorder) {
  recorded_world test;
  test.options.on_client_down = client_down_policy::keep;
  test.client.answer_next(callback::message,
                          mock_answer{}.fail(make_error(engine_errc::stopped, "not that")));
  auto client = test.client.spawn(test.system());
  test.spawn_recorded_actor(client);
  test.open();
  // An error is a crash of the handler.
  test.server.sends(text("a"));
  test.expect_message("a");
  test.expect_own_close();
  test.advance(1s);
  test.expect_reopen();
  // Its death is one even while it owes an answer.
  test.client.answer_next(callback::message, mock_answer{}.hold());
  test.server.sends({text("b"), text("c")});
  test.expect_message("b");
  compat::send_exit(client, caf::exit_reason::kill);
  test.settle();
  client_mock second;
  test.set_client(test.log.record(second.spawn(test.system())));
  auto lines = second.lines();
  auto expected = strings{"on_open(restarting)", "on_message(text, \"c\")"};
  CAF_CHECK_EQUAL(lines, expected);
  auto story = test.story_of_recording();
  auto has = [&](const std::string& line) {
    return std::find(story.begin(), story.end(), line) != story.end();
  };
  CAF_CHECK(has("crash on_message"));
  CAF_CHECK(has("note client_down"));
}

CAF_TEST(a client that takes batches is recorded) {
  recorded_world test;
  test.server.accepts().sends({text("a"), text("bc")});
  auto taken = std::make_shared<std::size_t>(0);
  batch_client_actor client = test.system().spawn<batch_counter>(taken);
  test.spawn_recorded_actor(client);
  test.open();
  CAF_CHECK_EQUAL(*taken, 2u);
  auto all = test.recording();
  auto batch =
    std::find_if(all.begin(), all.end(), [](const auto& x) { return x.name == "on_messages"; });
  CAF_REQUIRE(batch != all.end());
  CAF_CHECK_EQUAL(batch->info, "2 messages, 3 bytes");
}

CAF_TEST(an engine that ends lets go of a recorded client) {
  recorded_world test;
  auto client = test.client.spawn(test.system());
  auto before = test.actors_alive();
  test.spawn_recorded_actor(client);
  CAF_CHECK_EQUAL(test.actors_alive(), before + 2);
  compat::send_exit(std::exchange(test.engine, nullptr), caf::exit_reason::kill);
  test.settle();
  CAF_CHECK_EQUAL(test.actors_alive(), before);
}

CAF_TEST(credentials are not recorded) {
  recorded_world test;
  handshake_response response;
  response.status = 101;
  response.headers = {{"Set-Cookie", "secret"}};
  test.server.accepts(response);
  test.spawn_recorded(std::make_shared<answering>());
  test.open();
  test.log.flush();
  CAF_CHECK_EQUAL(test.file.str().find("secret"), std::string::npos);
  CAF_CHECK(test.file.str().find("[\"Authorization\",\"***\"]") != std::string::npos);
  // The server got the real ones.
  auto sent = test.connections().record(0).request.headers.at(0).second;
  CAF_CHECK_EQUAL(sent, "Bearer secret");
}

CAF_TEST(crashes and failures are recorded) {
  recorded_world test;
  test.spawn_recorded(std::make_shared<answering>());
  test.open();
  test.server.sends(text("crash"));
  test.expect_message("crash");
  test.expect_own_close();
  test.server.refuses(503);
  test.advance(1s);
  test.expect_restart_error(dial_errc::upgrade_refused);
  auto lines = test.story_of_recording();
  auto has = [&](const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  CAF_CHECK(has("crash on_message"));
  CAF_CHECK(has("dial_failed upgrade_refused"));
  CAF_CHECK(has("callback on_restart_error"));
}

CAF_TEST(the rules of a connection hold behind a recorder) {
  recorded_world test;
  test.spawn_recorded(std::make_shared<answering>());
  test.open();
  auto held = test.expect_success(test.pause());
  test.server.sends({text("a"), text("b")});
  auto first = ask<data_message>(test.system(), held.which.connection, read_msg{});
  test.settle();
  auto got = std::string{test.expect_success(first).data.text()};
  CAF_CHECK_EQUAL(got, "a");
  test.expect_success(test.resume(held));
  test.expect_message("b");
  // The reader has credit again, so nobody else may read.
  auto second = ask<data_message>(test.system(), held.which.connection, read_msg{});
  test.expect_failure(second, connection_errc::read_pending);
  test.server.drops();
  test.expect_close(1006);
  auto late = ask<caf::unit_t>(test.system(), held.which.connection,
                               write_msg{message_kind::text, payload{"late"}});
  test.expect_failure(late, connection_errc::closed);
}

CAF_TEST(a recorder loses nothing of what was granted) {
  recorded_world test;
  caf::scoped_actor self{test.system()};
  auto uut = test.log.record(test.connect()).spawn(*self.ptr());
  dial_msg call;
  call.request.url = "ws://example.org/";
  auto dialed = ask<handshake_response>(test.system(), uut, call);
  test.settle();
  CAF_REQUIRE(dialed->succeeded());
  auto comes = [&](const std::string& expected) {
    test.settle();
    CAF_REQUIRE(!self->mailbox().empty());
    self->receive([&](const message_batch& x) {
      auto got = std::string{x.messages.at(0).data.text()};
      CAF_CHECK_EQUAL(got, expected);
    });
  };
  // What was sent before a withdrawal comes ahead of its answer.
  self->send(uut, credit_msg{1, 100});
  test.settle();
  auto withdrawn = ask<message_batch>(test.system(), uut, demand_msg{0});
  test.connections().play(0, script{}.send(text("a")));
  comes("a");
  CAF_CHECK(withdrawn->succeeded());
  // A grant that meets a read that fails stands.
  test.connections().play(0, script{}.fail_read("oops").send(text("b")));
  self->send(uut, credit_msg{1, 100});
  self->send(uut, credit_msg{1, 100});
  test.settle();
  self->receive([](const caf::error& x) { CAF_CHECK(is(x, connection_errc::read_failed)); });
  comes("b");
}

CAF_TEST(an engine that is killed takes recorded connections along) {
  recorded_world test;
  test.spawn_recorded(std::make_shared<answering>());
  test.open();
  compat::send_exit(test.engine, caf::exit_reason::kill);
  test.settle();
  CAF_CHECK_EQUAL(test.connections().alive(), 0u);
}

CAF_TEST(a full queue leaves events out and says so) {
  busy_disk disk;
  std::ostream file{&disk};
  virtual_system time;
  recorder_options bounds;
  bounds.queue_events = 2;
  {
    recorder log{time.system(), file, bounds};
    log.note("first");
    disk.wait_until_asked();
    // Nobody waits for the disk.
    for (auto i = 0; i < 5; ++i)
      log.note("later");
    disk.release();
    log.flush();
    log.note("last");
  }
  std::istringstream in{disk.str()};
  optional<recording_problem> problem;
  strings names;
  for (const auto& x : read_recording(in, problem))
    names.push_back(x.what + " " + (x.what == "lost" ? x.info : x.name));
  CAF_CHECK(!problem);
  auto expected = strings{"note first", "note later", "note later", "lost 3", "note last"};
  CAF_CHECK_EQUAL(names, expected);
}

CAF_TEST(what was recorded happens again when it is played) {
  recorded_world first;
  first.spawn_recorded(std::make_shared<answering>());
  first.server.accepts().waits(300ms).sends(text("ping")).waits(2s).drops();
  first.server.refuses(503);
  first.open();
  first.advance(300ms);
  first.advance(2s);
  first.advance(1s);
  first.advance(2s);
  first.server.closes(4002, "again");
  first.settle();
  auto recording = first.recording();
  auto expected = first.lines();
  CAF_REQUIRE(expected.size() > 5);

  caf_test_fixture second;
  replay(recording, second.server);
  keep_pace(recording, second.options, second.hooks);
  second.spawn(std::make_shared<answering>());
  second.start();
  second.advance(length_of(recording));
  auto actual = second.lines();
  CAF_CHECK_EQUAL(actual, expected);
  auto before = first.callbacks_so_far();
  auto again = second.callbacks_so_far();
  for (std::size_t i = 0; i < std::min(before.size(), again.size()); ++i) {
    // Delays are drawn as parts of the longest one, which costs a nanosecond or two.
    auto difference = (before[i].at - first.callbacks_so_far()[0].at)
                      - (again[i].at - second.callbacks_so_far()[0].at);
    CAF_CHECK(difference < 1ms && difference > -1ms);
  }
}

CAF_TEST(closes of ours are told from the end of a session) {
  recorded_world test;
  test.spawn_recorded(std::make_shared<answering>());
  test.open();
  test.advance(1s);
  test.restart();
  test.advance(1s);
  test.server.closes(1000);
  test.advance(1s);
  test.advance(3s);
  test.expect_success(test.stop());
  auto closes = closes_of(test.recording());
  CAF_REQUIRE_EQUAL(closes.size(), 2u);
  CAF_CHECK(closes[0].at == 1s);
  CAF_CHECK(closes[0].restarts);
  CAF_CHECK(!closes[1].restarts);
}
