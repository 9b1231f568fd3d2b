// recording_connection.cpp: see recording_connection.hpp.

#include "recording_connection.hpp"

#include "masking.hpp"

#include "wsengine/error.hpp"

#include <caf/exit_reason.hpp>
#include <caf/local_actor.hpp>
#include <caf/response_promise.hpp>

#include <chrono>
#include <utility>

namespace wsengine {

recording_connection::recording_connection(caf::actor_config& cfg,
                                           std::shared_ptr<recording_writer> to,
                                           connection_actor inner)
  : recording_actor::base(cfg),
    to_(std::move(to)),
    number_(to_->next_connection()),
    inner_(std::move(inner)) {
  // Reading that ends is told by a plain error; so it is handed on. A sender that does not expect
  // our answers makes CAF send errors, too; those do not concern us.
  set_error_handler([this](caf::error& what) {
    if (current_sender() != inner_)
      return;
    reading_failed(what);
    // A grant that is on its way when a read fails still brings something.
    feed_failed_ = is(what, connection_errc::read_failed);
    feed(std::move(what));
    if (!feed_failed_)
      fed_ = nullptr;
  });
  set_exit_handler([this](caf::exit_msg& what) {
    if (what.source != inner_.address())
      log("exit", what.reason);
    quit(what.reason ? std::move(what.reason) : caf::error{caf::exit_reason::user_shutdown});
  });
}

recording_connection::behavior_type recording_connection::make_behavior() {
  link_to(inner_);
  return {
    [this](dial_msg& what) { return dial(what); },
    [this](const demand_msg& what) { return demand(what); },
    [this](const read_msg&) { return read(); },
    [this](const credit_msg& what) { return grant(what); },
    [this](write_msg& what) { return write(what); },
    [this](write_batch_msg& what) { return write(what); },
    [this](ping_msg& what) { return ping(what); },
    [this](close_msg& what) { return close(what); },
    [this](const wait_closed_msg&) { return wait_closed(); },
    [this](message_batch& what) {
      came(what, fed_name_);
      feed(std::move(what));
    },
  };
}

void recording_connection::on_exit() {
  inner_ = nullptr;
  fed_ = nullptr;
}

// -- handing on -----------------------------------------------------------------------------------

template <class Out, class Message>
caf::result<Out> recording_connection::hand_on(Message what, std::function<void(const Out&)> came,
                                               std::function<void(const caf::error&)> failed) {
  auto promise = make_response_promise();
  request(inner_, caf::infinite, std::move(what))
    .then(
      [promise, came = std::move(came)](Out& answer) mutable {
        came(answer);
        promise.deliver(std::move(answer));
      },
      [promise, failed = std::move(failed)](caf::error& cause) mutable {
        failed(cause);
        promise.deliver(std::move(cause));
      });
  return promise;
}

template <class T>
void recording_connection::feed(T what) {
  if (fed_)
    compat::enqueue(fed_, ctrl(), caf::make_message(std::move(what)), context());
}

caf::result<handshake_response> recording_connection::dial(dial_msg& what) {
  auto event = make("dial");
  event.by = asking();
  event.request = to_->hides_credentials() ? masked(what.request) : what.request;
  to_->put(std::move(event));
  return hand_on<handshake_response>(
    std::move(what),
    [this](const handshake_response& response) {
      auto opened = make("open");
      opened.response = to_->hides_credentials() ? masked(response) : response;
      to_->put(std::move(opened));
    },
    [this](const caf::error& cause) { log("dial_failed", cause); });
}

caf::result<message_batch> recording_connection::demand(const demand_msg& what) {
  // What was sent before it was withdrawn comes ahead of the answer.
  auto withdraws = what.max_messages == 0;
  return hand_on<message_batch>(
    what,
    [this, withdraws, grants = grants_, by = asking()](const message_batch& x) {
      if (withdraws && grants == grants_)
        fed_ = nullptr;
      came(x, by);
    },
    [this](const caf::error& x) { reading_failed(x); });
}

caf::result<data_message> recording_connection::read() {
  return hand_on<data_message>(
    read_msg{}, [this, by = asking()](const data_message& x) { came({{x}}, by); },
    [this](const caf::error& x) { reading_failed(x); });
}

// To the other one, all that is read is read by us; so who reads is kept apart here.
caf::result<void> recording_connection::grant(const credit_msg& what) {
  if (fed_ && fed_ != current_sender() && !feed_failed_)
    return make_error(connection_errc::read_pending, "somebody else reads");
  feed_failed_ = false;
  ++grants_;
  auto before = std::exchange(fed_, current_sender());
  fed_name_ = asking();
  auto promise = make_response_promise();
  request(inner_, caf::infinite, what)
    .then([promise]() mutable { compat::answer(promise); },
          [this, promise, before](caf::error& cause) mutable {
            fed_ = before;
            compat::answer(promise, std::move(cause));
          });
  return promise;
}

// Writes keep their writers, so that what is said of those (parts, order, their end) still holds.
caf::result<void> recording_connection::write(write_msg& what) {
  auto event = make("write");
  event.by = asking();
  event.message = data_message{what.kind, what.data, what.last};
  to_->put(std::move(event));
  return delegate(inner_, std::move(what));
}

caf::result<void> recording_connection::write(write_batch_msg& what) {
  for (const auto& x : what.batch.messages) {
    auto event = make("write");
    event.by = asking();
    event.message = x;
    to_->put(std::move(event));
  }
  return delegate(inner_, std::move(what));
}

caf::result<timespan> recording_connection::ping(ping_msg& what) {
  auto event = make("ping");
  event.by = asking();
  to_->put(std::move(event));
  return hand_on<timespan>(
    std::move(what),
    [this](const timespan& x) {
      auto pong = make("pong");
      pong.info = std::to_string(std::chrono::duration<double, std::milli>{x}.count()) + " ms";
      to_->put(std::move(pong));
    },
    [this](const caf::error& x) { log("ping_failed", x); });
}

caf::result<void> recording_connection::close(close_msg& what) {
  auto event = make("close");
  event.by = asking();
  event.details = what.details;
  to_->put(std::move(event));
  auto promise = make_response_promise();
  request(inner_, caf::infinite, std::move(what))
    .then([promise]() mutable { compat::answer(promise); },
          [this, promise](caf::error& cause) mutable {
            log("close_failed", cause);
            compat::answer(promise, std::move(cause));
          });
  return promise;
}

caf::result<close_details> recording_connection::wait_closed() {
  return hand_on<close_details>(
    wait_closed_msg{}, [this](const close_details& x) { over(x); }, [](const caf::error&) {});
}

// -- the record -----------------------------------------------------------------------------------

void recording_connection::reading_failed(const caf::error& cause) {
  if (auto details = close_details_of(cause))
    over(*details);
  else if (is(cause, connection_errc::read_failed))
    log("read_failed", cause);
}

void recording_connection::came(const message_batch& batch, const std::string& by) {
  for (const auto& x : batch.messages) {
    auto event = make("received");
    event.by = by;
    event.message = x;
    to_->put(std::move(event));
  }
}

void recording_connection::over(const close_details& how) {
  if (std::exchange(is_over_, true))
    return;
  auto event = make("over");
  event.details = how;
  to_->put(std::move(event));
}

recorded_event recording_connection::make(const char* what) const {
  recorded_event result;
  result.connection = number_;
  result.what = what;
  return result;
}

void recording_connection::log(const char* what, const caf::error& cause) {
  auto event = make(what);
  event.info = describe(cause);
  event.name = event.info.substr(0, event.info.find(':'));
  if (auto response = response_of(cause))
    event.response = to_->hides_credentials() ? masked(*response) : *response;
  to_->put(std::move(event));
}

std::string recording_connection::asking() const {
  auto& self = const_cast<recording_connection&>(*this);
  auto who = self.current_sender();
  auto* local =
    who ? dynamic_cast<const caf::local_actor*>(caf::actor_cast<caf::abstract_actor*>(who))
        : nullptr;
  if (local == nullptr)
    return {};
  std::string result = local->name();
  constexpr std::string_view ours = "wsengine.";
  return result.starts_with(ours) ? result.substr(ours.size()) : result;
}

} // namespace wsengine
