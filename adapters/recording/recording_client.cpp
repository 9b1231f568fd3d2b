// recording_client.cpp: see recording_client.hpp.

#include "recording_client.hpp"

#include "callback_info.hpp"

#include "wsengine/error.hpp"

#include <caf/response_promise.hpp>
#include <caf/sec.hpp>

#include <type_traits>
#include <utility>

namespace wsengine {

recording_client::recording_client(caf::actor_config& cfg, std::shared_ptr<recording_writer> to,
                                   caf::actor client)
  : batch_client_actor::base(cfg),
    to_(std::move(to)),
    client_(std::move(client)) {
  set_down_handler([this](caf::down_msg& what) {
    to_->put("note", "client_down", describe(what.reason));
    quit(std::move(what.reason));
  });
}

recording_client::behavior_type recording_client::make_behavior() {
  monitor(client_);
  return {
    [this](on_open& what) { return call<void>(what, "on_open", info_of_open(what.restarting)); },
    [this](on_message& what) {
      return call<void>(what, "on_message", info_of_message(what.kind, what.data));
    },
    [this](on_messages& what) {
      return call<void>(what, "on_messages", info_of_messages(what.batch));
    },
    [this](on_read_error& what) { return call<void>(what, "on_read_error", describe(what.cause)); },
    [this](on_close& what) {
      return call<close_details>(what, "on_close", info_of_close(what.peer));
    },
    [this](on_close_error& what) {
      return call<void>(what, "on_close_error", describe(what.cause));
    },
    [this](on_restart_error& what) {
      return call<void>(what, "on_restart_error", describe(what.cause));
    },
  };
}

void recording_client::on_exit() {
  client_ = nullptr;
}

template <class Out, class Callback>
caf::result<Out> recording_client::call(Callback& what, const char* name, std::string info) {
  to_->put("callback", name, std::move(info));
  auto promise = make_response_promise();
  auto sent = request(client_, caf::infinite, std::move(what));
  auto failed = [this, name, promise](caf::error& cause) mutable {
    to_->put("crash", name,
             cause == caf::sec::request_receiver_down ? "the client is gone" : describe(cause));
    promise.deliver(std::move(cause));
  };
  if constexpr (std::is_void_v<Out>)
    sent.then(
      [this, name, promise]() mutable {
        to_->put("answer", name);
        promise.deliver(caf::unit);
      },
      failed);
  else
    sent.then(
      [this, name, promise](Out& answer) mutable {
        to_->put("answer", name);
        promise.deliver(std::move(answer));
      },
      failed);
  return promise;
}

} // namespace wsengine
