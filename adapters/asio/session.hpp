// session.hpp: one WebSocket session: what the connection actor does, without the actor.

#pragma once

#include "asio_unit.hpp"
#include "dialing.hpp"
#include "heartbeat.hpp"
#include "inbox.hpp"
#include "outbox.hpp"
#include "pings.hpp"
#include "protocol_library.hpp"
#include "reply.hpp"
#include "stream.hpp"

#include "wsengine/connection_actor.hpp"
#include "wsengine/observer.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine::io {

/// A session, from its dial to its end; for use on its I/O thread only. It answers by itself. Its
/// completion handlers keep it alive, and its replies keep the actor alive that owes them.
class session final : public stream_user, public dial_user {
public:
  session(asio_unit& unit, const protocol_library& library, const observation& view = {});

  // -- requests -----------------------------------------------------------------------------------

  void dial(handshake_request request, connection_options options, reply<handshake_response> to);
  void demand(std::uint32_t max, reply<message_batch> to);
  void read(reply<data_message> to);
  caf::error grant(const credit_msg& more, feed to);
  void write(data_message message, const caf::actor_addr& who, reply<void> to);
  void write(message_batch batch, const caf::actor_addr& who, reply<void> to);

  /// Whether a message that was written lacks its end: then it matters who writes.
  [[nodiscard]] bool in_message() const noexcept { return outbox_ && outbox_->open(); }

  /// That writer is gone. Without it, a message that it has begun will never have an end.
  void writer_lost(const caf::actor_addr& who);

  void ping(payload data, reply<timespan> to);
  void close(close_details details, reply<void> to);
  void wait_closed(reply<close_details> to);

  /// Ends the session at once: the socket is closed, and everything pending fails. For use when the
  /// actor is gone.
  void abandon();

  /// Whether a function of this object is running.
  [[nodiscard]] bool busy() const noexcept { return depth_ > 0; }

  // -- events -------------------------------------------------------------------------------------

  void on_dialed(handshake_response response) override;
  void on_dial_failed(caf::error reason) override;
  void on_tls(error_code ec) override;
  void on_upgraded(error_code ec, bool refused, handshake_response response) override;
  void on_read(std::vector<data_message> messages) override;
  void on_read_failed(error_code ec, read_fault fault) override;
  void on_sent(error_code ec) override;
  void on_closed(error_code ec) override;
  void on_ping() override;
  void on_pong(std::string_view data) override;
  void on_close_frame(close_details details) override;
  void on_teardown() override;

private:
  // Where the session is in its life. Each value comes after those before it.
  enum class state {
    // Not dialed yet.
    fresh,
    dialing,
    open,
    // We were asked to close; writes that were queued before go out.
    flushing,
    // Our close frame was handed to the stream.
    closing,
    over,
  };

  // The time of a function that may give answers. An answer may be the last that holds the actor,
  // which then must not end the session before that function is done.
  class occupied {
  public:
    explicit occupied(session& self) noexcept : self_(self) { ++self_.depth_; }
    occupied(const occupied&) = delete;
    occupied& operator=(const occupied&) = delete;
    ~occupied() { --self_.depth_; }

  private:
    session& self_;
  };

  // The time of a request or a completion handler: at its end, the actors that it woke run.
  struct entry {
    explicit entry(session& self) : turn(self.unit_), busy(self) {}

    asio_unit::turn turn;
    occupied busy;
  };

  // reading and writing
  [[nodiscard]] bool read_ahead_full() const noexcept;
  [[nodiscard]] caf::error why_not_writable() const;
  [[nodiscard]] write_limits limits_of_writes() const noexcept;
  outbox& writes();
  void refuse_write(const volume& what, caf::error reason, reply<void> to) const;
  void pump_read();
  void pump_write();
  void pump_pings();
  void resume_reading();
  void read_failed(error_code ec, read_fault fault);
  void write_failed(error_code ec);
  [[nodiscard]] caf::error not_usable() const;

  // time
  void heard() { heartbeat_.heard(stream_->received(), clock::now()); }
  [[nodiscard]] heartbeat::traffic traffic() const;
  void start_heartbeat();
  void arm_heartbeat();
  void on_heartbeat();
  void look_at_writes();
  [[nodiscard]] bool watched() const noexcept;
  void start_close_timer();
  void on_close_timeout();

  // the end
  void note(error_code ec);
  void start_close();
  void cancel_dial();
  void finish_broken();
  void finish_abnormal(const std::string& text);
  void finish(close_details details, const std::string& text, caf::error close_error);
  void end_unopened(caf::error reason);

  // What of the options matters once the session is open; the rest, certificates and all, is the
  // dial's, and gone with it.
  struct settings {
    settings() = default;
    explicit settings(const connection_options& options);

    heartbeat::bounds life;
    timespan close_timeout{};
    std::uint64_t max_message_size = 0;
    write_bounds write_queue;
    std::uint64_t read_ahead_bytes = 0;
  };

  asio_unit& unit_;
  const protocol_library& library_;
  // Null for most: nobody looks on.
  std::unique_ptr<const observation> view_;
  // Until the dial takes them; null for most.
  std::unique_ptr<phase_spans> spans_;
  settings settings_;
  state state_ = state::fresh;
  std::size_t depth_ = 0;

  // dialing
  std::shared_ptr<dialing> dialing_;
  reply<handshake_response> dialed_;
  std::unique_ptr<stream> stream_;

  // reading
  inbox inbox_;
  bool reading_ = false;
  bool paused_ = false;

  // writing
  // Null until something is written: many only listen.
  std::unique_ptr<outbox> outbox_;
  pings pings_;

  // time
  heartbeat heartbeat_;
  timer heartbeat_timer_;
  // When that will ring.
  std::optional<clock::time_point> armed_;
  // Null until the session is being closed.
  std::unique_ptr<timer> close_timer_;

  // closing
  close_details our_close_;
  optional<close_details> peer_close_;
  bool torn_down_ = false;
  // What broke the connection; operations that were merely cut off by that say nothing.
  error_code cause_;
  std::vector<reply<void>> close_waits_;

  // the end
  std::vector<reply<close_details>> end_waits_;
  close_details end_;
  // Why the session never opened.
  caf::error never_opened_;
  // What those get who want something of a session that is over.
  caf::error closed_;
};

} // namespace wsengine::io
