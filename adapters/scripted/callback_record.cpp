// callback_record.cpp: see callback_record.hpp.

#include "callback_record.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace wsengine::testing {

// -- the record -----------------------------------------------------------------------------------

void callback_record::note(timespan at, callback_args args) {
  // Handles may be the last ones of their actors: let go of them outside of the lock.
  session which;
  caf::actor supervisor;
  std::lock_guard guard{mutex_};
  if (auto* opened = std::get_if<on_open>(&args)) {
    signals_ = opened->which.signals.address();
    connection_ = opened->which.connection.address();
    which = std::exchange(opened->which, session{opened->which.id, {}, {}, {}});
  } else if (auto* failed = std::get_if<on_restart_error>(&args)) {
    supervisor = std::exchange(failed->supervisor, caf::actor{});
  }
  calls_.push_back({at, std::move(args), true});
}

std::vector<recorded_call> callback_record::calls() const {
  std::lock_guard guard{mutex_};
  return calls_;
}

caf::actor callback_record::signals() const {
  std::lock_guard guard{mutex_};
  return caf::actor_cast<caf::actor>(signals_);
}

connection_actor callback_record::connection() const {
  std::lock_guard guard{mutex_};
  return caf::actor_cast<connection_actor>(connection_);
}

// -- objects --------------------------------------------------------------------------------------

watched_callbacks::watched_callbacks(std::shared_ptr<callback_record> record,
                                     std::shared_ptr<callbacks> own, bool only_of_handlers)
  : record_(std::move(record)),
    own_(std::move(own)),
    only_of_handlers_(only_of_handlers) {}

void watched_callbacks::note(session_context& context, callback_args args) {
  record_->note(context.self()->clock().now().time_since_epoch(), std::move(args));
}

void watched_callbacks::note_message(session_context& context, callback_args args) {
  if (!only_of_handlers_)
    note(context, std::move(args));
}

caf::result<void> watched_callbacks::on_open(session_context& context,
                                             const handshake_response& response, bool restarting) {
  note_message(context, wsengine::on_open{context.which(), response, restarting});
  return own_->on_open(context, response, restarting);
}

void watched_callbacks::on_message(session_context& context, message_kind kind,
                                   const payload& data) {
  note(context, wsengine::on_message{context.which().id, kind, data});
  own_->on_message(context, kind, data);
}

void watched_callbacks::on_read_error(session_context& context, const caf::error& cause) {
  note(context, wsengine::on_read_error{context.which().id, cause});
  own_->on_read_error(context, cause);
}

close_details watched_callbacks::on_close(session_context& context,
                                          const optional<close_details>& peer) {
  note_message(context, wsengine::on_close{context.which().id, peer});
  return own_->on_close(context, peer);
}

void watched_callbacks::on_close_error(session_context& context, const caf::error& cause) {
  note_message(context, wsengine::on_close_error{context.which().id, cause});
  own_->on_close_error(context, cause);
}

void watched_callbacks::on_restart_error(session_context& context, const caf::error& cause,
                                         std::uint32_t retry, optional<timespan> next_delay) {
  note_message(context, wsengine::on_restart_error{cause, retry, next_delay, {}});
  own_->on_restart_error(context, cause, retry, next_delay);
}

} // namespace wsengine::testing
