// session.cpp: dialing, reading, writing and pinging; see session.hpp.

#include "session.hpp"

#include "volume_of.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::io {

session::session(asio_unit& unit, const protocol_library& library, const observation& view)
  : unit_(unit),
    library_(library),
    view_(view ? std::make_unique<const observation>(view) : nullptr),
    spans_(phase_spans::of(view)),
    heartbeat_timer_(unit.context()) {}

session::settings::settings(const connection_options& options)
  : life{options.ping_interval, options.pong_timeout, options.idle_timeout, options.write_timeout},
    close_timeout(options.timeouts.close),
    max_message_size(options.max_message_size),
    write_queue(write_bounds_of(options)),
    read_ahead_bytes(std::max<std::uint64_t>(options.read_ahead_bytes, 1)) {}

// -- dialing --------------------------------------------------------------------------------------

void session::dial(handshake_request request, connection_options options,
                   reply<handshake_response> to) {
  entry scope{*this};
  if (state_ == state::over && never_opened_ && !dialing_)
    return to.fail(never_opened_);
  if (state_ != state::fresh)
    return to.fail(
      make_error(dial_errc::already_dialed, "a connection is dialed once, for one session"));
  state_ = state::dialing;
  dialed_ = std::move(to);
  settings_ = settings{options};
  dialing_ = std::make_shared<dialing>(unit_, library_, *this, *this, stream_, std::move(request),
                                       std::move(options), std::move(spans_));
  if (auto reason = dialing_->start())
    end_unopened(std::move(reason));
}

void session::on_tls(error_code ec) {
  entry scope{*this};
  if (auto dial = dialing_)
    dial->on_tls(ec);
}

void session::on_upgraded(error_code ec, bool refused, handshake_response response) {
  entry scope{*this};
  if (auto dial = dialing_)
    dial->on_upgraded(ec, refused, std::move(response));
}

void session::on_dialed(handshake_response response) {
  dialing_.reset();
  state_ = state::open;
  start_heartbeat();
  dialed_.ok(std::move(response));
  pump_read();
}

void session::on_dial_failed(caf::error reason) {
  end_unopened(std::move(reason));
}

caf::error session::not_usable() const {
  if (state_ == state::over)
    return closed_;
  if (state_ < state::open)
    return make_error(connection_errc::not_open, "the connection is not open yet");
  return caf::none;
}

// -- reading --------------------------------------------------------------------------------------

void session::demand(std::uint32_t max, reply<message_batch> to) {
  entry scope{*this};
  if (state_ < state::open || never_opened_)
    return to.fail(not_usable());
  inbox_.demand(max, std::move(to));
  resume_reading();
}

void session::read(reply<data_message> to) {
  entry scope{*this};
  if (state_ < state::open || never_opened_)
    return to.fail(not_usable());
  inbox_.read(std::move(to));
  resume_reading();
}

caf::error session::grant(const credit_msg& more, feed to) {
  entry scope{*this};
  if (state_ < state::open || never_opened_)
    return not_usable();
  auto problem = inbox_.grant(more, std::move(to));
  resume_reading();
  return problem;
}

bool session::read_ahead_full() const noexcept {
  return inbox_.bytes() >= settings_.read_ahead_bytes;
}

void session::pump_read() {
  if (reading_ || torn_down_ || (state_ != state::open && state_ != state::flushing))
    return;
  if (read_ahead_full()) {
    paused_ = true;
    heartbeat_.stop_listening();
    return;
  }
  reading_ = true;
  stream_->async_read(settings_.read_ahead_bytes - inbox_.bytes());
}

void session::resume_reading() {
  if (!paused_ || state_ == state::over || read_ahead_full())
    return;
  paused_ = false;
  // We were the ones who did not listen.
  heartbeat_.listen(clock::now());
  arm_heartbeat();
  pump_read();
}

void session::on_read(std::vector<data_message> messages) {
  entry scope{*this};
  reading_ = false;
  if (state_ == state::over)
    return;
  heard();
  if (view_)
    view_->watcher->received(view_->who, volume_of(messages));
  inbox_.add(std::move(messages));
  inbox_.serve();
  pump_read();
}

void session::on_read_failed(error_code ec, read_fault fault) {
  entry scope{*this};
  reading_ = false;
  if (state_ != state::over)
    read_failed(ec, fault);
}

void session::on_ping() {
  heard();
}

// -- writing --------------------------------------------------------------------------------------

caf::error session::why_not_writable() const {
  if (auto reason = not_usable())
    return reason;
  if (state_ != state::open || peer_close_ || torn_down_)
    return make_error(connection_errc::write_failed, "the session is being closed");
  return caf::none;
}

outbox& session::writes() {
  if (!outbox_)
    outbox_ = std::make_unique<outbox>(view_.get());
  return *outbox_;
}

write_limits session::limits_of_writes() const noexcept {
  return {settings_.max_message_size, settings_.write_queue};
}

void session::write(data_message message, const caf::actor_addr& who, reply<void> to) {
  entry scope{*this};
  if (auto reason = why_not_writable())
    return refuse_write(volume_of(message), std::move(reason), std::move(to));
  writes().add(std::move(message), limits_of_writes(), std::move(to), who);
  pump_write();
}

void session::write(message_batch batch, const caf::actor_addr& who, reply<void> to) {
  entry scope{*this};
  if (auto reason = why_not_writable())
    return refuse_write(volume_of(batch.messages), std::move(reason), std::move(to));
  writes().add(std::move(batch), limits_of_writes(), std::move(to), who);
  pump_write();
}

void session::refuse_write(const volume& what, caf::error reason, reply<void> to) const {
  if (view_) {
    view_->watcher->write_began(view_->who, what);
    view_->watcher->write_ended(view_->who, what, reason);
  }
  to.fail(std::move(reason));
}

void session::writer_lost(const caf::actor_addr& who) {
  if (state_ == state::open && outbox_ && outbox_->needs(who))
    close({close_code::internal_error, "the writer of a message was lost"}, {});
}

void session::pump_write() {
  if (peer_close_ || torn_down_)
    return;
  while (outbox_ && !outbox_->all_written() && stream_->writable()) {
    auto first = stream_->progress().written;
    auto piece = outbox_->next();
    if (auto ec = stream_->write(piece.kind, piece.bytes, piece.last))
      return write_failed(ec);
    auto after = stream_->progress();
    outbox_->wrote(first, after.written);
    // A compressor may keep a part for now: then nothing leaves that could tell.
    if (after.written == first)
      outbox_->sent(after.sent);
  }
  if (state_ == state::flushing && (!outbox_ || outbox_->empty()))
    start_close();
}

void session::on_sent(error_code ec) {
  entry scope{*this};
  if (state_ == state::over)
    return;
  if (outbox_)
    outbox_->sent(stream_->progress().sent);
  if (ec)
    return write_failed(ec);
  look_at_writes();
  pump_pings();
  pump_write();
}

void session::write_failed(error_code ec) {
  note(ec);
  // When the session is ending anyhow, what ends it says how.
  if (peer_close_ || torn_down_ || state_ == state::closing)
    return;
  // An operation that was cut off says nothing; the read that broke says more.
  if (ec == asio::error::operation_aborted && reading_)
    return;
  finish_broken();
}

// -- pinging --------------------------------------------------------------------------------------

void session::ping(payload data, reply<timespan> to) {
  entry scope{*this};
  if (auto reason = not_usable())
    return to.fail(std::move(reason));
  if (state_ != state::open || peer_close_ || torn_down_)
    return to.fail(make_error(connection_errc::ping_failed, "the session is being closed"));
  if (data.size() > 125)
    return to.fail(
      make_error(connection_errc::invalid_message,
                 "a ping carries at most 125 bytes, not " + std::to_string(data.size())));
  pings_.add(std::move(data), std::move(to));
  heartbeat_.pinged(clock::now());
  pump_pings();
  arm_heartbeat();
}

void session::pump_pings() {
  if (state_ != state::open || peer_close_ || torn_down_)
    return;
  while (pings_.ready() && stream_->writable())
    if (auto ec = stream_->ping(pings_.start(clock::now())))
      return write_failed(ec);
}

void session::on_pong(std::string_view data) {
  // Beast is in the middle of a read: actors have to wait.
  occupied scope{*this};
  heard();
  auto took = pings_.pong(data, clock::now());
  if (view_ && took)
    view_->watcher->pong_came(view_->who, *took);
}

} // namespace wsengine::io
