// reader.cpp: see reader.hpp.

#include "reader.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::internal {

// -- the actor ------------------------------------------------------------------------------------

reader::reader(caf::actor_config& cfg, caf::actor engine, session_id id,
               connection_actor connection, std::uint32_t batch_size, rules::dispatch queue)
  : hosted(cfg),
    engine_(std::move(engine)),
    id_(id),
    connection_(std::move(connection)),
    batch_size_(batch_size),
    queue_(std::move(queue)) {
  set_exit_handler([this](caf::exit_msg& what) {
    // No handler shall start another callback of a session that is being ended.
    take_back();
    quit(what.reason ? std::move(what.reason) : caf::make_error(caf::exit_reason::user_shutdown));
  });
}

caf::behavior reader::make_behavior() {
  // The other answers to a demand. One that is dead gives none.
  set_error_handler([this](caf::error& cause) { demand_failed(std::move(cause)); });
  set_down_handler([this](const caf::down_msg&) {
    demand_failed(make_error(connection_errc::closed, "the connection is gone"));
  });
  monitor(connection_);
  return {
    [this](const work_done& what) { worker_done(what); },
    [this](message_batch& batch) { demand_answered(batch); },
    [](const settle&) {},
    [this](use_handlers& what) { use(std::move(what.handlers)); },
    [this](const hold_reading&) -> caf::result<message_batch> {
      held_ = true;
      take_back();
      hold_promise_ = make_response_promise();
      auto answer = hold_promise_;
      if (demanding_)
        // The demand that waits is answered first, and its messages are added to what we hold.
        request(connection_, caf::infinite, demand_msg{0})
          .then([this](const message_batch&) { hold_done(); },
                [this](const caf::error&) { hold_done(); });
      else
        hold_done();
      return answer;
    },
    [this](release_reading& what) {
      // Whoever asked us to hold does not wait any more; what is here stays here.
      if (hold_promise_.pending())
        std::exchange(hold_promise_, {}).deliver(message_batch{});
      queue_.push_front(std::move(what.given_back.messages));
      held_ = false;
      hand_out();
    },
  };
}

void reader::on_exit() {
  // Whoever keeps a handle to us must not keep the others in memory.
  workers_.clear();
  if (hold_promise_.pending())
    std::exchange(hold_promise_, {})
      .deliver(make_error(connection_errc::closed, "reading has ended"));
  connection_ = nullptr;
  engine_ = nullptr;
}

// -- towards handlers -----------------------------------------------------------------------------

void reader::hand_out() {
  if (held_ || read_error_)
    return report_read_error();
  for (std::size_t i = 0; i < workers_.size() && !queue_.empty(); ++i)
    hand_to(i);
  if (end_)
    return report_end();
  ask_for_more();
}

void reader::hand_to(std::size_t index) {
  auto& to = workers_[index];
  if (to.list)
    return;
  auto messages = queue_.next(index);
  if (messages.empty())
    return;
  to.list = std::make_shared<work_list>(std::move(messages));
  // When the handler crashes, the engine decides what comes next.
  send(to.handler, work{to.list, index});
}

void reader::worker_done(const work_done& what) {
  // The answer of a handler that was replaced says nothing about the present one.
  if (what.index >= workers_.size() || workers_[what.index].list != what.list)
    return;
  workers_[what.index].list = nullptr;
  if (what.interrupted) {
    held_ = true;
    queue_.push_front(what.list->recall());
  }
  queue_.done(what.index);
  hand_out();
}

void reader::use(std::vector<caf::actor> handlers) {
  take_back();
  workers_.resize(handlers.size());
  for (std::size_t i = 0; i < handlers.size(); ++i) {
    if (workers_[i].handler == handlers[i])
      continue;
    workers_[i] = {std::move(handlers[i]), nullptr};
    queue_.done(i);
  }
  reporting_ = false;
  hand_out();
}

void reader::take_back() {
  // From the last to the first, so that the messages of the first come first.
  for (auto i = workers_.rbegin(); i != workers_.rend(); ++i)
    if (i->list)
      queue_.push_front(i->list->recall());
}

void reader::hold_done() {
  if (hold_promise_.pending())
    std::exchange(hold_promise_, {}).deliver(message_batch{queue_.take_all()});
}

bool reader::all_idle() const noexcept {
  return std::none_of(workers_.begin(), workers_.end(),
                      [](const worker& x) { return x.list != nullptr; });
}

// -- towards the connection -----------------------------------------------------------------------

void reader::ask_for_more() {
  if (demanding_ || !queue_.empty())
    return;
  demanding_ = true;
  // As a plain message, and the answer is one, too: a request costs CAF twice as much.
  send(connection_, demand_msg{batch_size_});
}

void reader::demand_answered(message_batch& batch) {
  demanding_ = false;
  queue_.push_back(std::move(batch.messages));
  if (!held_)
    hand_out();
}

void reader::demand_failed(caf::error cause) {
  if (!std::exchange(demanding_, false))
    return;
  if (is(cause, connection_errc::read_failed)) {
    read_error_ = std::move(cause);
  } else {
    auto details = close_details_of(cause);
    // Whatever ended the session without a close frame is an abnormal end (RFC 6455,
    // section 7.1.5).
    end_ = details ? *details : close_details{close_code::abnormal, text_of(cause)};
  }
  if (!held_)
    hand_out();
}

void reader::report_read_error() {
  if (held_ || reporting_ || workers_.empty())
    return;
  // What came before the error is delivered before it.
  for (std::size_t i = 0; i < workers_.size() && !queue_.empty(); ++i)
    hand_to(i);
  if (!queue_.empty() || !all_idle())
    return;
  reporting_ = true;
  auto done = [this] {
    reporting_ = false;
    read_error_ = {};
    hand_out();
  };
  request(workers_.front().handler, caf::infinite, deliver_read_error{read_error_})
    .then(done, [done](const caf::error&) { done(); });
}

void reader::report_end() {
  if (!queue_.empty() || !all_idle() || std::exchange(end_reported_, true))
    return;
  anon_send(engine_, session_over{id_, *end_});
}

} // namespace wsengine::internal
