// session_end.cpp: how a session ends: closed by us, by the peer, or broken; see session.hpp.

#include "session.hpp"

#include <boost/asio/ssl/error.hpp>

#include <utility>

namespace wsengine::io {

namespace {

// How a network error reads to a person.
std::string text_of(error_code ec) {
  if (ec == asio::error::eof || ec == asio::ssl::error::stream_truncated)
    return "the peer ended the connection without a close frame";
  return ec.message();
}

// What the peer did wrong.
std::string text_of(read_fault fault, error_code ec) {
  switch (fault) {
    case read_fault::too_many_frames: return "a message of too many frames";
    case read_fault::bad_deflate: return "compressed data that cannot be inflated";
    // Beast has found the others, except for one.
    default: return ec == asio::error::operation_aborted ? "a frame out of place" : ec.message();
  }
}

// What we told the peer when it broke the protocol.
close_code code_for(read_fault fault) {
  switch (fault) {
    case read_fault::too_big: return close_code::message_too_big;
    case read_fault::bad_text:
    case read_fault::bad_deflate: return close_code::invalid_payload;
    case read_fault::too_many_frames: return close_code::policy_violation;
    default: return close_code::protocol_error;
  }
}

} // namespace

// -- requests -------------------------------------------------------------------------------------

void session::close(close_details details, reply<void> to) {
  entry scope{*this};
  if (auto problem = why_not_sendable(details); !problem.empty())
    return to.fail(make_error(connection_errc::invalid_message, problem));
  if (state_ == state::over)
    return to.ok();
  close_waits_.push_back(std::move(to));
  if (state_ < state::open)
    return cancel_dial();
  if (state_ != state::open)
    return;
  our_close_ = std::move(details);
  state_ = state::flushing;
  start_close_timer();
  pump_write();
}

void session::wait_closed(reply<close_details> to) {
  entry scope{*this};
  if (state_ != state::over)
    end_waits_.push_back(std::move(to));
  else if (never_opened_)
    to.fail(never_opened_);
  else
    to.ok(end_);
}

void session::abandon() {
  entry scope{*this};
  if (state_ < state::open)
    cancel_dial();
  else if (state_ != state::over)
    finish_abnormal("the connection was dropped by this side");
  inbox_.clear();
}

void session::cancel_dial() {
  std::string phase{dialing_ ? dialing_->current_phase() : "open"};
  if (dialing_)
    dialing_->cancel();
  end_unopened(make_error(dial_errc::cancelled, "the connection was closed before it was open",
                          phase_name{std::move(phase)}));
}

// -- the close handshake --------------------------------------------------------------------------

void session::start_close() {
  state_ = state::closing;
  start_close_timer();
  stream_->async_close(our_close_);
}

void session::on_close_frame(close_details details) {
  heard();
  peer_close_ = std::move(details);
  if (state_ == state::open)
    start_close_timer();
}

void session::on_teardown() {
  torn_down_ = true;
  if (state_ == state::open && !peer_close_)
    start_close_timer();
}

void session::on_closed(error_code ec) {
  entry scope{*this};
  if (state_ == state::over)
    return;
  if (peer_close_)
    return finish(*peer_close_, "the session was closed", caf::none);
  if (!ec)
    return finish(stream_->peer_details(), "the session was closed", caf::none);
  note(ec);
  finish_broken();
}

void session::start_close_timer() {
  if (!close_timer_)
    close_timer_ = std::make_unique<timer>(unit_.context());
  close_timer_->expires_after(settings_.close_timeout);
  close_timer_->async_wait([this, self = shared_from_this()](error_code ec) {
    entry scope{*this};
    // A timer that was started anew may have expired before.
    if (!ec && close_timer_->expiry() <= clock::now())
      on_close_timeout();
  });
}

void session::on_close_timeout() {
  if (state_ == state::over)
    return;
  // Nothing but the end of the connection is missing. The operation that waits for it says how the
  // session ended.
  if (torn_down_)
    return stream_->drop();
  if (peer_close_)
    return finish(*peer_close_, "the peer closed the session", caf::none);
  std::string text = "the peer did not answer the close frame";
  if (state_ == state::flushing)
    text = "the peer did not take what was queued before the close frame";
  finish({close_code::abnormal, text}, text, make_error(connection_errc::close_timeout, text));
}

// -- the end --------------------------------------------------------------------------------------

void session::note(error_code ec) {
  if (!cause_ && ec != asio::error::operation_aborted)
    cause_ = ec;
}

void session::read_failed(error_code ec, read_fault fault) {
  if (peer_close_)
    return finish(*peer_close_, "the peer closed the session", caf::none);
  if (fault != read_fault::none) {
    auto text = "the peer broke the protocol: " + text_of(fault, ec);
    return finish({code_for(fault), text}, text, caf::none);
  }
  note(ec);
  // Then the close operation comes to an end as well.
  if (state_ != state::closing)
    finish_broken();
}

void session::finish_broken() {
  finish_abnormal(cause_ ? text_of(cause_) : "the connection broke");
}

void session::finish_abnormal(const std::string& text) {
  finish({close_code::abnormal, text}, text, make_error(connection_errc::close_failed, text));
}

void session::finish(close_details details, const std::string& text, caf::error close_error) {
  state_ = state::over;
  heartbeat_timer_.cancel();
  if (close_timer_)
    close_timer_->cancel();
  stream_->drop();
  end_ = std::move(details);
  closed_ = make_closed_error(text, end_);
  if (outbox_)
    outbox_->fail_all(stream_->progress(), text);
  pings_.fail_all(text);
  inbox_.end(closed_);
  for (auto& to : std::exchange(close_waits_, {})) {
    if (close_error)
      to.fail(close_error);
    else
      to.ok();
  }
  for (auto& to : std::exchange(end_waits_, {}))
    to.ok(end_);
}

void session::end_unopened(caf::error reason) {
  state_ = state::over;
  never_opened_ = std::move(reason);
  closed_ = make_error(connection_errc::not_open,
                       "the connection was never open: " + describe(never_opened_));
  dialed_.fail(never_opened_);
  for (auto& to : std::exchange(close_waits_, {}))
    to.ok();
  for (auto& to : std::exchange(end_waits_, {}))
    to.fail(never_opened_);
}

} // namespace wsengine::io
