// session_life.cpp: how a session finds out that its peer is dead; see session.hpp.

#include "session.hpp"

#include <chrono>
#include <string>

namespace wsengine::io {

namespace {

std::string in_ms(timespan what) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(what).count())
         + " ms";
}

} // namespace

heartbeat::traffic session::traffic() const {
  // When something else kept us from reading, what the system holds for us counts as well.
  error_code ignored;
  auto unread = stream_->socket().available(ignored);
  auto progress = stream_->progress();
  return {stream_->received() + unread, progress.written, progress.sent};
}

// While the session closes, the close timer watches it.
bool session::watched() const noexcept {
  return (state_ == state::open || state_ == state::flushing) && !peer_close_ && !torn_down_;
}

void session::start_heartbeat() {
  // Nothing is asked of the system here: it hardly holds anything yet.
  auto progress = stream_->progress();
  heartbeat_.start(settings_.life, {stream_->received(), progress.written, progress.sent},
                   clock::now());
  arm_heartbeat();
}

// Deadlines move on with each sign of life; the timer does not, but looks again when it rings.
void session::arm_heartbeat() {
  auto when = heartbeat_.wake();
  if (!when || (armed_ && *armed_ <= *when))
    return;
  armed_ = when;
  heartbeat_timer_.expires_at(*when);
  heartbeat_timer_.async_wait([this, self = shared_from_this()](error_code ec) {
    entry scope{*this};
    if (!ec)
      on_heartbeat();
  });
}

void session::on_heartbeat() {
  armed_.reset();
  if (!watched())
    return;
  auto now = clock::now();
  switch (heartbeat_.look(traffic(), now)) {
    case heartbeat::verdict::no_answer:
      return finish_abnormal("nothing came for " + in_ms(settings_.life.pong_timeout)
                             + " after a ping");
    case heartbeat::verdict::silent:
      return finish_abnormal("the peer was silent for " + in_ms(settings_.life.idle_timeout));
    case heartbeat::verdict::stalled:
      return finish_abnormal("the peer took nothing of what waits to be sent for "
                             + in_ms(settings_.life.write_timeout));
    case heartbeat::verdict::ping_due:
      heartbeat_.pinged(now);
      pings_.add_own();
      pump_pings();
      break;
    case heartbeat::verdict::well: break;
  }
  if (state_ != state::over)
    arm_heartbeat();
}

void session::look_at_writes() {
  auto progress = stream_->progress();
  auto waits = progress.written != progress.sent;
  if (!watched() || (!waits && !heartbeat_.blocked()))
    return;
  heartbeat_.look_at_writes({0, progress.written, progress.sent}, clock::now());
  arm_heartbeat();
}

} // namespace wsengine::io
