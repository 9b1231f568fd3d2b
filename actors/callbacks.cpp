// callbacks.cpp: see wsengine/callbacks.hpp.

#include "wsengine/callbacks.hpp"

#include <utility>

namespace wsengine {

// -- session_context ------------------------------------------------------------------------------

void session_context::post(data_message message) const {
  wsengine::post(which_, std::move(message));
}

void session_context::post(message_batch batch) const {
  wsengine::post(which_, std::move(batch));
}

void session_context::restart() {
  signal(session_signal::restart);
}

void session_context::exit() {
  signal(session_signal::exit);
}

void session_context::signal(session_signal what) {
  interrupted_ = true;
  // Between sessions there is only the engine to talk to.
  compat::send_exit(which_.signals ? which_.signals : which_.supervisor, what);
}

void session_context::pause(std::function<void(caf::expected<lease>)> then) {
  interrupted_ = true;
  auto answer = std::make_shared<decltype(then)>(std::move(then));
  self_->request(engine(), caf::infinite, pause_msg{})
    .then([answer](lease& x) { (*answer)(std::move(x)); },
          [answer](caf::error& x) { (*answer)(std::move(x)); });
}

void resume(const lease& what, message_batch unread) {
  caf::anon_send(engine_of(what.which), resume_msg{what.id, std::move(unread)});
}

// -- callbacks ------------------------------------------------------------------------------------

callbacks::~callbacks() = default;

caf::result<void> callbacks::on_open(session_context&, const handshake_response&, bool) {
  return caf::unit;
}

void callbacks::on_read_error(session_context&, const caf::error&) {}

close_details callbacks::on_close(session_context&, const optional<close_details>&) {
  return {};
}

void callbacks::on_close_error(session_context&, const caf::error&) {}

void callbacks::on_restart_error(session_context&, const caf::error&, std::uint32_t,
                                 optional<timespan>) {}

} // namespace wsengine
