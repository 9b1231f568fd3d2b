// callback_client.cpp: see callback_client.hpp.

#include "callback_client.hpp"

#include "handler.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace wsengine::internal {

callback_client::callback_client(caf::actor_config& cfg, std::shared_ptr<callbacks> object)
  : hosted(cfg),
    object_(std::move(object)) {
  set_exception_handler(describe_exception);
}

caf::behavior callback_client::make_behavior() {
  return {
    [this](on_open& what) -> caf::result<void> {
      which_ = what.which;
      supervisor_ = std::exchange(which_.supervisor, caf::actor{}).address();
      session_context context{this, what.which, true, what.trace};
      return object_->on_open(context, what.response, what.restarting);
    },
    [this](const on_message& what) {
      auto which = current();
      session_context context{this, which, what.last, what.trace};
      object_->on_message(context, what.kind, what.data);
    },
    [this](const on_read_error& what) {
      auto which = current();
      session_context context{this, which, true, what.trace};
      object_->on_read_error(context, what.cause);
    },
    [this](const on_close& what) {
      auto which = current();
      session_context context{this, which, true, what.trace};
      return object_->on_close(context, what.peer);
    },
    [this](const on_close_error& what) {
      auto which = current();
      session_context context{this, which, true, what.trace};
      object_->on_close_error(context, what.cause);
    },
    [this](const on_restart_error& what) {
      session none;
      none.supervisor = what.supervisor;
      session_context context{this, none, true, what.trace};
      object_->on_restart_error(context, what.cause, what.retry, what.next_delay);
    },
  };
}

session callback_client::current() const {
  auto result = which_;
  result.supervisor = caf::actor_cast<caf::actor>(supervisor_);
  return result;
}

void callback_client::on_exit() {
  which_ = {};
  object_ = nullptr;
}

} // namespace wsengine::internal
