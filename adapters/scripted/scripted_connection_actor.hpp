// scripted_connection_actor.hpp: the connection actor that plays a script.

#pragma once

#include "network_state.hpp"
#include "part_queue.hpp"

#include "wsengine/connection_actor.hpp"
#include "wsengine/hosted.hpp"
#include "wsengine/observer.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace wsengine::testing {

// -- messages -------------------------------------------------------------------------------------

/// Play this script next to the first one.
struct play_msg {
  script what;
};

/// What a scripted connection waits for.
enum class script_timer : std::uint8_t {
  /// An `after` step of the track with that number.
  track,
  /// The peer's answer to our close frame.
  close_answer,
  /// `connection_timeouts::close`.
  close_timeout,
  /// The pong to the ping with that number.
  pong,
};

/// A delay is over.
struct script_timer_msg {
  script_timer what = script_timer::track;
  std::uint64_t id = 0;
};

WSENGINE_INSPECT(script_timer_msg, what, id)

} // namespace wsengine::testing

// Scripts hold functions; they stay in the process of the test.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wsengine::testing::play_msg)

WSENGINE_MESSAGE_TYPE(180, wsengine::testing::play_msg)
WSENGINE_MESSAGE_TYPE(181, wsengine::testing::script_timer_msg)

namespace wsengine::testing {

/// The interface of a connection, and the messages that control it.
using scripted_actor =
  connection_actor::extend<answers<play_msg, void>, answers<script_timer_msg, void>>;

// -- the actor ------------------------------------------------------------------------------------

/// Follows the rules of `connection_actor` and plays scripts meanwhile. While its session is
/// dialing or open it keeps itself alive, as a socket with pending operations does, so that an
/// engine that loses a connection without closing it shows up in the record.
class scripted_connection_actor : public compat::told_before_end<scripted_actor::base> {
public:
  scripted_connection_actor(caf::actor_config& cfg, std::shared_ptr<network_state> network,
                            std::size_t index, observation view);

  const char* name() const override { return "wsengine.scripted_connection"; }

  behavior_type make_behavior() override;

  void ending(const caf::error& reason) override;

private:
  // -- requests (scripted_connection_actor.cpp) ---------------------------------------------------

  caf::result<handshake_response> dial(dial_msg& what);
  caf::result<message_batch> demand(const demand_msg& what);
  caf::result<data_message> read();
  caf::result<void> grant(const credit_msg& what);
  caf::result<void> write(std::vector<data_message> what);
  caf::result<timespan> ping(const ping_msg& what);
  void pong_came(timespan round_trip) const;
  caf::result<void> close(close_msg& what);
  caf::result<close_details> wait_closed();

  caf::result<message_batch> withdraw();
  [[nodiscard]] caf::error why_no_reading() const;
  [[nodiscard]] caf::error why_no_writing() const;

  // -- the session (scripted_connection_actor.cpp) ------------------------------------------------

  void open(handshake_response response);
  void dial_failed(caf::error cause);
  void serve_reader();
  void serve_feed();
  message_batch take_inbound(std::int64_t messages, std::int64_t bytes);
  void begin_write();
  void take_stalled();
  void send_close_frame();
  void close_answered();
  void end(close_details details, std::string text, caf::error close_result = {});
  void timer_due(const script_timer_msg& what);
  void set_timer(timespan delay, script_timer what, std::uint64_t id = 0);

  // -- the record (scripted_connection_actor.cpp) -------------------------------------------------

  void enter(scripted_state next);
  void log(scripted_event what, std::string detail);

  [[nodiscard]] bool is_open() const noexcept {
    return state_ == scripted_state::open || state_ == scripted_state::closing;
  }

  // -- scripts (scripted_steps.cpp) ---------------------------------------------------------------

  // A script that is being played.
  struct track {
    std::vector<step> steps;
    std::size_t next = 0;
    bool asleep = false;
    // How many of the written messages it has looked at.
    std::size_t seen = 0;
  };

  void begin_track(const script& what);
  void advance();
  bool advance(std::size_t index);

  // Each returns whether its step is done; otherwise it has to wait.
  bool perform(std::size_t index, const steps::accept& what);
  bool perform(std::size_t index, const steps::refuse& what);
  bool perform(std::size_t index, const steps::stall& what);
  bool perform(std::size_t index, const steps::after& what);
  bool perform(std::size_t index, const steps::send& what);
  bool perform(std::size_t index, const steps::fail_read& what);
  bool perform(std::size_t index, const steps::await_write& what);
  bool perform(std::size_t index, const steps::close& what);
  bool perform(std::size_t index, const steps::drop& what);
  bool perform(std::size_t index, const steps::on_close_frame& what);
  bool perform(std::size_t index, const steps::on_write& what);
  bool perform(std::size_t index, const steps::on_ping& what);
  bool perform(std::size_t index, const steps::die& what);

  // -- data ---------------------------------------------------------------------------------------

  // A demand or read that waits; `limit` is 0 for none.
  struct waiting_reader {
    caf::response_promise promise;
    std::uint32_t limit = 0;
    bool single = false;
  };

  struct waiting_write {
    caf::response_promise promise;
    std::vector<data_message> messages;
    std::uint64_t size = 0;
    // Who looks on; null for nobody.
    const observation* view = nullptr;

    void ended(const caf::error& why) const;

    void fail(caf::error why) {
      ended(why);
      promise.deliver(std::move(why));
    }

    template <class F>
    caf::error each(F f) const {
      for (const auto& x : messages)
        if (auto fault = f(x))
          return fault;
      return caf::none;
    }
  };

  struct waiting_ping {
    caf::response_promise promise;
    std::uint64_t id = 0;
    timespan round_trip{0};
  };

  std::shared_ptr<network_state> network_;
  std::size_t index_;
  observation view_;
  std::vector<track> tracks_;

  scripted_state state_ = scripted_state::idle;
  bool dialed_ = false;
  bool quitting_ = false;
  connection_options options_;
  caf::strong_actor_ptr keep_alive_;

  // What the peer sent, or the text of a read that fails.
  std::deque<std::variant<data_message, std::string>> inbound_;
  // Writes that the peer does not take: the first one has begun to go out.
  optional<waiting_write> begun_;
  io::part_queue<waiting_write> stalled_;
  std::vector<data_message> written_;
  std::uint64_t pings_ = 0;

  steps::on_close_frame close_reaction_;
  steps::on_write write_reaction_;
  steps::on_ping ping_reaction_{timespan{0}};

  // Who waits for an answer.
  caf::response_promise dialer_;
  waiting_reader reader_;
  // Who gets messages without asking for each batch, and how much of them.
  caf::strong_actor_ptr fed_;
  credit_msg credit_;
  std::vector<waiting_ping> pingers_;
  std::vector<caf::response_promise> closers_;
  std::vector<caf::response_promise> watchers_;

  // What was asked for in the close frame, and whether it is on the wire.
  close_details asked_;
  bool close_frame_sent_ = false;
  std::uint64_t close_answers_ = 0;
  // How the session ended: the error for readers and writers, and either the details or why the
  // session never opened.
  caf::error gone_;
  close_details end_;
  caf::error never_opened_;
};

} // namespace wsengine::testing
