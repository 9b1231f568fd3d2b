// handler.cpp: see handler.hpp.

#include "handler.hpp"

#include "span_facts.hpp"
#include "stopwatch.hpp"

#include <caf/actor_cast.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <utility>

namespace wsengine::internal {

namespace {

// Whether anybody wants to know of callbacks: an observer, or a tracer.
bool is_watched(const observation& view) noexcept {
  return view || view.traces;
}

} // namespace

// -- delivery -------------------------------------------------------------------------------------

std::optional<on_message> single_delivery::next(session_id id, work_list& list) {
  if (auto* next = list.take())
    return on_message{id, next->kind, std::move(next->data), next->last};
  return std::nullopt;
}

std::optional<on_messages> batch_delivery::next(session_id id, work_list& list) {
  if (auto all = list.recall(); !all.empty())
    return on_messages{id, {std::move(all)}};
  return std::nullopt;
}

active_span single_delivery::trace(const observation& view, const on_message& what) {
  return trace_message(view, what.kind, what.data.size());
}

active_span batch_delivery::trace(const observation& view, const on_messages& what) {
  return trace_batch(view, what.batch.messages);
}

// -- forwarding_handler ---------------------------------------------------------------------------

template <class Delivery>
forwarding_handler<Delivery>::forwarding_handler(caf::actor_config& cfg, session_id id, client to,
                                                 observation view)
  : hosted(cfg),
    id_(id),
    client_(std::move(to)),
    line_(caf::actor_cast<caf::strong_actor_ptr>(client_), unit()),
    view_(std::move(view)) {}

template <class Delivery>
caf::behavior forwarding_handler<Delivery>::make_behavior() {
  answered_ = {
    [this] { message_done({}); },
    [this](const caf::error& cause) { message_done(cause); },
  };
  // A client that dies may leave a request without an answer.
  monitor(client_);
  set_down_handler([this](const caf::down_msg&) {
    end_report();
    if (work_.list)
      work_ended(true);
    else
      settled();
  });
  return {
    [this](work& what) {
      work_ = std::move(what);
      reader_ = current_sender();
      deliver_next();
    },
    [this](const deliver_read_error& what) { return report(what.cause); },
    [this](const settle&) -> caf::result<void> {
      if (!work_.list && !report_.pending())
        return caf::unit;
      return settle_promises_.emplace_back(make_response_promise());
    },
  };
}

template <class Delivery>
void forwarding_handler<Delivery>::on_exit() {
  client_ = nullptr;
  line_.close();
  work_ = {};
  reader_ = nullptr;
  report_ = {};
  settled();
}

template <class Delivery>
void forwarding_handler<Delivery>::deliver_next() {
  while (auto next = Delivery::next(id_, *work_.list)) {
    if (is_watched(view_)) {
      auto span = Delivery::trace(view_, *next);
      next->trace = span.context();
      running_ = begin_callback(view_, clock(), callback_kind::on_message, std::move(span));
    }
    if (!line_.ask(*this, std::move(*next), answered_))
      return;
    if (is_watched(view_))
      end_callback(view_, clock(), running_);
  }
  line_.rest();
  work_ended(false);
}

template <class Delivery>
void forwarding_handler<Delivery>::message_done(const caf::error& failure) {
  // A client that lives may still be working; the end of one that does not is told.
  if (compat::is_silence(failure))
    return;
  end_callback(view_, clock(), running_, failure);
  if (failure)
    callback_failed(failure);
  else if (work_.list)
    deliver_next();
}

template <class Delivery>
void forwarding_handler<Delivery>::work_ended(bool interrupted) {
  auto done = std::exchange(work_, {});
  if (interrupted || done.list->finish())
    send(caf::actor_cast<caf::actor>(reader_),
         work_done{std::move(done.list), done.index, interrupted});
  settled();
}

template <class Delivery>
void forwarding_handler<Delivery>::settled() {
  for (auto& x : std::exchange(settle_promises_, {}))
    x.deliver(caf::unit);
}

template <class Delivery>
caf::result<void> forwarding_handler<Delivery>::report(const caf::error& cause) {
  auto promise = report_ = make_response_promise();
  // Whatever it answers, it is done.
  auto span = trace_read_error(view_, cause);
  auto trace = span.context();
  auto running = begin_callback(view_, clock(), callback_kind::on_read_error, std::move(span));
  auto done = [this, running](const caf::error& failure) {
    end_callback(view_, clock(), running, failure);
    end_report();
    settled();
  };
  request(client_, caf::infinite, on_read_error{id_, cause, std::move(trace)})
    .then([done] { done({}); }, [done](const caf::error& failure) { done(failure); });
  return promise;
}

template <class Delivery>
void forwarding_handler<Delivery>::end_report() {
  if (report_.pending())
    std::exchange(report_, {}).deliver(caf::unit);
}

template <class Delivery>
void forwarding_handler<Delivery>::callback_failed(const caf::error& cause) {
  // Without a client there is nobody to blame; the engine learns of its end by itself.
  if (receiver_is_gone(cause)) {
    if (work_.list)
      work_ended(true);
    return;
  }
  quit(cause);
}

template class forwarding_handler<single_delivery>;
template class forwarding_handler<batch_delivery>;

// -- callback_handler -----------------------------------------------------------------------------

callback_handler::callback_handler(caf::actor_config& cfg, session which,
                                   std::shared_ptr<callbacks> client, observation view)
  : hosted(cfg),
    which_(std::move(which)),
    client_(std::move(client)),
    view_(std::move(view)) {
  set_exception_handler(describe_exception);
}

caf::behavior callback_handler::make_behavior() {
  return {
    [this](work& what) { deliver(what); },
    [this](const deliver_read_error& what) {
      auto span = trace_read_error(view_, what.cause);
      session_context context{this, which_, true, span.context()};
      stopwatch watch{view_, clock(), callback_kind::on_read_error};
      watch.time([&] { call_traced(span, [&] { client_->on_read_error(context, what.cause); }); });
    },
    [](const settle&) {},
  };
}

void callback_handler::on_exit() {
  which_ = {};
  client_ = nullptr;
}

void callback_handler::deliver(work& what) {
  auto interrupted = is_watched(view_) ? call_watched(*what.list) : call_all(*what.list);
  if (interrupted || what.list->finish())
    send(caf::actor_cast<caf::actor>(current_sender()),
         work_done{std::move(what.list), what.index, interrupted});
}

// Calls the client for each message of the list, until the client interrupts that. Returns whether
// it has.
template <class Call>
bool callback_handler::call_for_each(work_list& list, Call call) {
  auto interrupted = false;
  while (auto* next = interrupted ? nullptr : list.take()) {
    interrupted = call(*next);
    // Give the memory back now: the list may live much longer.
    next->data = {};
  }
  return interrupted;
}

bool callback_handler::call_all(work_list& list) {
  return call_for_each(list, [this](data_message& next) {
    session_context context{this, which_, next.last};
    client_->on_message(context, next.kind, next.data);
    return context.interrupted();
  });
}

// The same, where somebody looks on: an observer, a tracer.
bool callback_handler::call_watched(work_list& list) {
  // Tells an observer of all callbacks before anybody else knows that they are over.
  stopwatch watch{view_, clock(), callback_kind::on_message};
  return call_for_each(list, [&](data_message& next) {
    auto span = trace_message(view_, next.kind, next.data.size());
    session_context context{this, which_, next.last, span.context()};
    watch.time(
      [&] { call_traced(span, [&] { client_->on_message(context, next.kind, next.data); }); });
    return context.interrupted();
  });
}

// -- helpers --------------------------------------------------------------------------------------

caf::error describe_exception(std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (const std::exception& x) {
    return caf::make_error(caf::sec::runtime_error, std::string{x.what()});
  } catch (...) {
    return caf::make_error(caf::sec::runtime_error, std::string{"an exception of unknown type"});
  }
}

bool receiver_is_gone(const caf::error& cause) {
  return cause == caf::sec::request_receiver_down;
}

} // namespace wsengine::internal
