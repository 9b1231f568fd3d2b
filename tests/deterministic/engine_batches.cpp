// engine_batches.cpp: clients that take messages in batches, and batches that are written.

#define CAF_SUITE engine_batches

#include "deterministic/supervised_fixture.hpp"

namespace {

/// What a batch client was told.
struct batch_log {
  strings lines;
  std::vector<std::size_t> sizes;
  // What the next callbacks for messages are answered with.
  std::vector<caf::error> failures;
  // Done in the first callback for messages.
  std::function<void()> during;
};

class batch_client : public batch_client_actor::base {
public:
  batch_client(caf::actor_config& cfg, std::shared_ptr<batch_log> log)
    : batch_client_actor::base(cfg),
      log_(std::move(log)) {}

  behavior_type make_behavior() override {
    return {
      [this](on_open& what) { log_->lines.push_back(what.restarting ? "reopened" : "open"); },
      [this](const on_message&) { log_->lines.emplace_back("on_message"); },
      [this](const on_read_error&) { log_->lines.emplace_back("read error"); },
      [this](const on_close& what) {
        log_->lines.push_back(what.peer ? "closed by peer" : "closed");
        return close_details{close_code::normal, "bye"};
      },
      [this](const on_close_error&) { log_->lines.emplace_back("close error"); },
      [this](const on_restart_error&) { log_->lines.emplace_back("restart error"); },
      [this](const on_messages& what) -> caf::result<void> { return take(what.batch); },
    };
  }

  void on_exit() override { log_ = nullptr; }

private:
  caf::result<void> take(const message_batch& batch) {
    for (const auto& x : batch.messages)
      log_->lines.push_back(std::string{x.data.text()} + (x.last ? "" : "+"));
    log_->sizes.push_back(batch.messages.size());
    if (auto during = std::exchange(log_->during, nullptr))
      during();
    if (log_->failures.empty())
      return caf::unit;
    auto failure = std::move(log_->failures.back());
    log_->failures.pop_back();
    return failure;
  }

  std::shared_ptr<batch_log> log_;
};

struct batch_fixture : supervised_fixture {
  void open_batches() {
    taker = sys.spawn<batch_client>(log);
    take(spawn_engine(sys, network.make_connector(), options, taker, hooks));
    auto answer = start();
    CAF_REQUIRE(answer->succeeded());
    open_session = answer->get();
  }

  ~batch_fixture() override { kill(caf::actor_cast<caf::actor>(taker)); }

  std::shared_ptr<batch_log> log = std::make_shared<batch_log>();
  batch_client_actor taker;
  session open_session;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_batches_tests, batch_fixture)

CAF_TEST(a batch client gets all that was read at once and in order) {
  open_batches();
  peer(script{}.send({text("a"), text("b"), text("c")}).close({close_code::normal, {}}));
  CAF_CHECK_EQUAL(log->lines, (strings{"open", "a", "b", "c", "closed by peer"}));
  CAF_CHECK_LESS(log->sizes.size(), 3U);
}

CAF_TEST(a batch client gets the parts of a large message) {
  options.connection.max_part_size = 2;
  open_batches();
  peer(script{}.send({text("abcde"), text("f")}));
  CAF_CHECK_EQUAL(log->lines, (strings{"open", "ab+", "cd+", "e", "f"}));
}

CAF_TEST(while a batch is taken the next ones are collected) {
  open_batches();
  log->during = [&] { compat::send_exit(open_session.signals, session_signal::restart); };
  peer(script{}.send({text("a"), text("b")}));
  CAF_CHECK_EQUAL(log->lines.back(), "closed");
  CAF_CHECK_EQUAL(farewell(0).code, close_code::normal);
  pass(1s);
  peer(script{}.send(text("c")));
  CAF_CHECK_EQUAL(strings(log->lines.end() - 2, log->lines.end()), (strings{"reopened", "c"}));
}

CAF_TEST(an error as the answer to a batch is a crash) {
  options.on_handler_crash = handler_crash_policy::keep;
  open_batches();
  log->failures = {make_error(engine_errc::stopped, "cannot parse")};
  peer(script{}.send(text("a")));
  CAF_CHECK_EQUAL(text_of(status().last_error), "cannot parse");
  peer(script{}.send(text("b")));
  CAF_CHECK_EQUAL(log->lines, (strings{"open", "a", "b"}));
  CAF_CHECK_EQUAL(network.size(), 1U);
}

CAF_TEST(with several handlers a batch has one message) {
  options.handlers = 3;
  open_batches();
  peer(script{}.send({text("a"), text("b"), text("c"), text("d")}));
  CAF_CHECK_EQUAL(log->sizes, (std::vector<std::size_t>{1, 1, 1, 1}));
}

CAF_TEST(clients of either kind may take over from each other) {
  open_batches();
  peer(script{}.send(text("a")));
  CAF_REQUIRE(set_client(mock.spawn(sys))->succeeded());
  peer(script{}.send(text("b")));
  CAF_CHECK_EQUAL(lines(), (strings{"on_open(restarting)", "on_message(text, \"b\")"}));
  CAF_REQUIRE(ask<caf::unit_t>(engine, set_batch_client_msg{taker})->succeeded());
  peer(script{}.send(text("c")));
  CAF_CHECK_EQUAL(log->lines, (strings{"open", "a", "reopened", "c"}));
  CAF_CHECK_EQUAL(mock.count(callback::message), 1U);
}

CAF_TEST(the death of a batch client stops the engine) {
  open_batches();
  auto report = wait_stopped();
  kill(caf::actor_cast<caf::actor>(taker));
  CAF_REQUIRE(report->succeeded());
  CAF_CHECK(is(report->get().reason, engine_errc::client_down));
}

CAF_TEST(the answer to a request is not in the batch) {
  hooks.request_key = [](const data_message& what) -> optional<std::string> {
    auto content = std::string{what.data.text()};
    return content == "answer" ? optional<std::string>{"1"} : optional<std::string>{};
  };
  open_batches();
  auto answer =
    ask<data_message>(engine, request_msg{text("question"), "1", timespan{30s}, nothing});
  CAF_CHECK(answer->pending());
  peer(script{}.send({text("a"), text("answer"), text("b"), text("answer")}));
  CAF_REQUIRE(answer->succeeded());
  auto content = std::string{answer->get().data.text()};
  CAF_CHECK_EQUAL(content, "answer");
  CAF_CHECK_EQUAL(log->lines, (strings{"open", "a", "b", "answer"}));
}

CAF_TEST(a batch is written in order and as a whole) {
  open_batches();
  auto write = ask<caf::unit_t>(open_session.connection,
                                write_batch_msg{{{text("x"), binary("y"), text("z")}}});
  CAF_CHECK(write->succeeded());
  CAF_CHECK(network.record(0).written
            == (std::vector<data_message>{text("x"), binary("y"), text("z")}));
  auto bad =
    ask<caf::unit_t>(open_session.connection, write_batch_msg{{{text("x"), text("\xFF")}}});
  CAF_CHECK(bad->failed(connection_errc::invalid_message));
  CAF_CHECK_EQUAL(network.record(0).written.size(), 3U);
}

CAF_TEST_FIXTURE_SCOPE_END()
