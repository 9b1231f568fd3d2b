// reader.cpp: see reader.hpp.

#include "reader.hpp"

#include "faults.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::internal {

namespace {

// Beyond this nobody counts.
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 62U;

} // namespace

// -- the actor ------------------------------------------------------------------------------------

reader::reader(caf::actor_config& cfg, caf::actor engine, session_id id,
               connection_actor connection, std::uint32_t batch_size, std::uint64_t max_bytes,
               rules::dispatch queue, request_terms requests)
  : hosted(cfg),
    engine_(std::move(engine)),
    id_(id),
    connection_(std::move(connection)),
    batch_size_(batch_size),
    credit_({2 * std::int64_t{batch_size},
             static_cast<std::int64_t>(std::clamp<std::uint64_t>(max_bytes, 1, most_bytes))}),
    queue_(std::move(queue)),
    request_terms_(std::move(requests)) {
  set_exit_handler([this](caf::exit_msg& what) {
    // No handler shall start another callback of a session that is being ended.
    take_back();
    quit(what.reason ? std::move(what.reason) : caf::make_error(caf::exit_reason::user_shutdown));
  });
}

caf::behavior reader::make_behavior() {
  // The other ends of reading. A connection that is dead tells of none.
  set_error_handler([this](caf::error& cause) {
    if (!is_worker(current_sender()))
      reading_failed(std::move(cause));
  });
  set_down_handler([this](const caf::down_msg&) {
    reading_failed(make_error(connection_errc::closed, "the connection is gone"));
  });
  monitor(connection_);
  return {
    [this](message_batch& batch) { take_in(batch); },
    [this](const work_done& what) { worker_done(what); },
    [](const settle&) {},
    [this](use_handlers& what) { use(std::move(what.handlers)); },
    [this](const hold_reading& what) { return hold(what); },
    [this](release_reading& what) { release(what); },
    [this](make_request& what) { return take_request(what); },
    [this](const alarm_due& what) { deadline_due(what); },
  };
}

void reader::on_exit() {
  // What waits here is lost with the session.
  queue_.take_all();
  tell_held();
  // Whoever keeps a handle to us must not keep the others in memory.
  workers_.clear();
  if (hold_promise_.pending())
    std::exchange(hold_promise_, {})
      .deliver(make_error(connection_errc::closed, "reading has ended"));
  if (requests_)
    requests_->end("it was given up");
  requests_ = nullptr;
  request_terms_ = {};
  connection_ = nullptr;
  engine_ = nullptr;
}

// A handler that crashes makes CAF 1.x send the error to whom it worked for; the engine sees to
// that.
bool reader::is_worker(const caf::strong_actor_ptr& who) const noexcept {
  return who && std::any_of(workers_.begin(), workers_.end(), [&](const worker& x) {
           return x.handler == who;
         });
}

// -- towards handlers -----------------------------------------------------------------------------

void reader::hand_out() {
  distribute();
  tell_held();
}

void reader::distribute() {
  if (held_ || reporting_)
    return read_for_requests();
  if (workers_.empty() && (!queue_.empty() || read_error_) && !std::exchange(wanted_, true))
    anon_send(engine_, handlers_wanted{id_});
  do {
    collect_finished();
    for (std::size_t i = 0; i < workers_.size() && !queue_.empty(); ++i)
      hand_to(i);
    if (report())
      return;
    grant_credit();
  } while (must_hear() && !ask_to_be_told());
}

// Tells an observer what waits for a handler.
void reader::tell_held() {
  if (!request_terms_.hooks || !request_terms_.hooks->watcher)
    return;
  volume now{static_cast<std::uint64_t>(queue_.held().messages),
             static_cast<std::uint64_t>(queue_.held().bytes)};
  if (now == told_)
    return;
  request_terms_.hooks->watcher->inbox_changed({engine_.id(), id_}, told_, now);
  told_ = now;
}

void reader::hand_to(std::size_t index) {
  auto& to = workers_[index];
  if (to.list)
    return;
  auto before = queue_.held();
  auto messages = queue_.next(index, batch_size_);
  if (messages.empty())
    return;
  to.load = before - queue_.held();
  to.list =
    std::make_shared<work_list>(std::move(messages), to.lives_here ? work_list::use::by_one_thread
                                                                   : work_list::use::by_threads);
  // When the handler crashes, the engine decides what comes next.
  send(to.handler, work{to.list, index});
}

// Reports what comes after the last message, when that is done. Returns whether it did.
bool reader::report() {
  if (end_ && broken_by(fault::early_end)) {
    report_end();
    return true;
  }
  if ((!read_error_ && !end_) || !queue_.empty() || !all_idle())
    return false;
  // Without a handler nobody could be told of the error, and the end comes behind it.
  if (read_error_ && workers_.empty())
    return false;
  if (read_error_)
    report_read_error();
  else
    report_end();
  return true;
}

void reader::collect_finished() {
  for (std::size_t i = 0; i < workers_.size(); ++i)
    if (workers_[i].list && workers_[i].list->finished())
      finished(i);
}

void reader::finished(std::size_t index) {
  workers_[index].list = nullptr;
  queue_.done(index);
}

// Whether something depends on the end of work that is under way: then no message may come that
// would make us look.
bool reader::must_hear() const noexcept {
  return read_error_ || end_ || !queue_.empty() || credit_.is_low();
}

// Asks all handlers that work. Returns false when one has finished meanwhile.
bool reader::ask_to_be_told() {
  return std::all_of(workers_.begin(), workers_.end(),
                     [](const worker& x) { return !x.list || x.list->await(); });
}

void reader::worker_done(const work_done& what) {
  // The answer of a handler that was replaced says nothing about the present one, and another may
  // have been collected already.
  if (what.index >= workers_.size() || workers_[what.index].list != what.list)
    return;
  if (what.interrupted) {
    held_ = true;
    queue_.push_front(what.list->recall());
  }
  finished(what.index);
  hand_out();
}

void reader::use(std::vector<caf::actor> handlers) {
  take_back();
  workers_.resize(handlers.size());
  for (std::size_t i = 0; i < handlers.size(); ++i) {
    if (workers_[i].handler == handlers[i])
      continue;
    auto here = resident_of(unit(), caf::actor_cast<caf::abstract_actor*>(handlers[i])) != nullptr;
    workers_[i] = {std::move(handlers[i]), nullptr, {}, here};
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

bool reader::all_idle() const noexcept {
  return std::none_of(workers_.begin(), workers_.end(),
                      [](const worker& x) { return x.list != nullptr; });
}

// -- towards the connection -----------------------------------------------------------------------

void reader::grant_credit() {
  if (read_error_ || end_ || withdrawing_)
    return;
  // What stands is taken back before more is granted, for nobody knows how much that is.
  if (in_doubt_)
    return withdraw();
  auto held = queue_.held();
  for (const auto& x : workers_)
    if (x.list)
      held += x.load;
  credit_.stretch(requests_wait());
  auto more = credit_.grant(held);
  if (more != rules::load{} && broken_by(fault::greedy_reader))
    more.messages += 1000;
  if (more != rules::load{})
    send(connection_, credit_msg{more.messages, more.bytes});
}

void reader::take_in(message_batch& batch) {
  auto& messages = batch.messages;
  if (messages.size() > 1 && broken_by(fault::duplicate))
    messages.push_back(messages.front());
  auto in_message =
    messages.empty() ? in_message_ : std::exchange(in_message_, !messages.back().last);
  if (requests_wait())
    credit_.received(requests_->answer(messages, in_message));
  credit_.received(queue_.push_back(std::move(messages)));
  hand_out();
}

void reader::reading_failed(caf::error cause) {
  // After the end, the connection itself goes.
  if (end_)
    return;
  credit_.ended();
  // Whoever has the connection to itself reads.
  if (held_ && is(cause, connection_errc::read_pending)) {
    reading_for_requests_ = false;
    return;
  }
  if (is(cause, connection_errc::read_failed)) {
    in_doubt_ = true;
    read_error_ = std::move(cause);
  } else {
    auto details = close_details_of(cause);
    // Whatever ended the session without a close frame is an abnormal end (RFC 6455,
    // section 7.1.5).
    end_ = details ? *details : close_details{close_code::abnormal, text_of(cause)};
    if (requests_)
      requests_->end(describe(cause));
  }
  hand_out();
}

caf::result<message_batch> reader::hold(const hold_reading& how) {
  held_ = true;
  take_back();
  if (requests_)
    requests_->hold(how);
  // Whoever asked before has been overtaken: what is here goes to the one who asks now.
  end_hold();
  hold_promise_ = make_response_promise();
  auto answer = hold_promise_;
  if (credit_.stands() || in_doubt_) {
    withdraw();
  } else {
    hold_done();
    read_for_requests();
  }
  return answer;
}

void reader::release(release_reading& what) {
  // Whoever asked us to hold does not wait any more; what is here stays here.
  end_hold();
  auto& messages = what.given_back.messages;
  // Who had the connection may have read answers.
  if (requests_wait())
    requests_->answer(messages);
  queue_.push_front(std::move(messages));
  held_ = false;
  reading_for_requests_ = false;
  // Who was told of the end while a client was being asked has not heard it.
  end_reported_ = false;
  hand_out();
}

// Whoever asked us to hold gets nothing.
void reader::end_hold() {
  if (hold_promise_.pending())
    std::exchange(hold_promise_, {}).deliver(message_batch{});
}

void reader::withdraw() {
  reading_for_requests_ = false;
  // What was sent to us before that is added to what we hold.
  if (!std::exchange(withdrawing_, true))
    request(connection_, caf::infinite, demand_msg{0})
      .then([this](const message_batch&) { withdrawn(); },
            [this](const caf::error&) { withdrawn(); });
}

void reader::withdrawn() {
  withdrawing_ = false;
  in_doubt_ = false;
  credit_.ended();
  hold_done();
  // We may have been told to go on meanwhile.
  hand_out();
}

void reader::hold_done() {
  if (hold_promise_.pending())
    std::exchange(hold_promise_, {}).deliver(message_batch{queue_.take_all()});
  tell_held();
}

void reader::report_read_error() {
  // Nothing else is delivered until it is done.
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
  if (!std::exchange(end_reported_, true))
    anon_send(engine_, session_over{id_, *end_});
}

} // namespace wsengine::internal
