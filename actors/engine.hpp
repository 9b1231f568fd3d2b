// engine.hpp: the engine actor: does what the rules of its life cycle ask for.

#pragma once

#include "engine_trace.hpp"
#include "internal_messages.hpp"
#include "rules/backoff.hpp"
#include "rules/cookie_jar.hpp"
#include "rules/life_cycle.hpp"
#include "rules/url_round.hpp"
#include "sending.hpp"
#include "server_gate.hpp"

#include "wsengine/connector.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/hosted.hpp"
#include "wsengine/observer.hpp"
#include "wsengine/spawn_engine.hpp"

#include <caf/actor_clock.hpp>
#include <caf/response_promise.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wsengine::internal {

/// Whom an engine calls: an actor, and for callbacks the object that its handlers call directly.
struct client_port {
  client_actor actor;
  // The same actor, when it takes batches.
  batch_client_actor batches;
  std::shared_ptr<callbacks> object;
  placement where = placement::scheduler;
};

/// The engine's interface with what its own actors tell it.
using engine_interface =
  engine_actor::extend<answers<session_over, void>, answers<handlers_wanted, void>,
                       answers<alarm_due, void>, answers<turn_due, void>,
                       answers<forget_retired, void>>;

/// The supervisor of one session at a time. Feeds what happens to `rules::life_cycle` and performs
/// the actions that it returns. Whatever a past session still sends is told by its epoch and
/// dropped.
class engine : public hosted<engine_interface::base> {
public:
  engine(caf::actor_config& cfg, connector connect, engine_options options, client_port client,
         engine_hooks hooks);

  const char* name() const override { return "wsengine.engine"; }

  behavior_type make_behavior() override;

  void on_exit() override;

  /// Who looks on, and the session that is being opened, open, or being closed.
  [[nodiscard]] observation view() const {
    return {hooks_->watcher, who(), hooks_->traces, trace_ ? trace_->dial() : trace_parent{}};
  }

private:
  using promises = std::vector<caf::response_promise>;
  using time_point = caf::actor_clock::time_point;

  // The actors and facts of the session that is being opened, open, or being closed.
  struct live_session {
    session which;
    handshake_response response;
    caf::actor reader;
    std::vector<caf::actor> handlers;
    // What was read and taken back from the reader.
    message_batch held;
    // How many answers of the reader with such messages are under way, and whether it shall go on
    // when they are here.
    std::size_t holds = 0;
    bool goes_on = false;
    // What the peer said, when it was the one who closed.
    optional<close_details> peer;
    // What we say when we close.
    close_details farewell;
    time_point opened_at;
    bool was_open = false;
    // Whether the client has accepted it, so that set-up messages go out; and whether it opens as
    // soon as all of them are sent.
    bool accepted = false;
    bool setting_up = false;
    // Whether the connection has said that it is over.
    bool over = false;
  };

  // Those who wait for an engine that has stopped while a callback still runs.
  struct departure {
    promises starts;
    promises stops;
    promises waits;
    caf::error reason;
    // Rings when they have waited for long enough.
    std::uint64_t alarm = 0;
  };

  // Our part in what the clients of the server share.
  struct turn {
    std::shared_ptr<server_gate> gate;
    // Our place in the queue of those who want to dial; zero when we are not in it.
    server_gate::ticket place = 0;
    // Whether it is our turn.
    bool granted = false;
    // Whether an attempt is under way whose end has to be told, and whether it decides for all.
    bool attempting = false;
    bool is_trial = false;
    // The alarm for the next question; zero when not.
    std::uint64_t alarm = 0;
  };

  // A callback that the client was asked for, and since when.
  struct running_callback {
    callback_kind which;
    subject who;
    time_point began;
    // Null without a tracer.
    std::shared_ptr<active_span> span;

    [[nodiscard]] trace_parent trace() const { return span ? span->context() : trace_parent{}; }
  };

  // What has to be remembered for an observer.
  struct watch {
    time_point dial_began;
    bool dialing = false;
  };

  struct current_lease {
    std::uint64_t id = 0;
    caf::actor_addr holder;
    // Who waits for it, until the reader has given back what it had.
    caf::response_promise wanted;
  };

  // -- the machine (engine.cpp) --
  void feed(rules::event what);
  void log_change(engine_state before);
  void perform(rules::action what);
  caf::response_promise ask(promises& waiting, rules::event what);
  void reject(engine_errc code, const char* text);

  // -- messages (engine.cpp) --
  caf::response_promise start(const start_msg& what);
  caf::result<lease> pause();
  caf::result<void> end_lease(resume_msg& what);
  caf::result<void> set_client(client_port next);
  caf::result<stop_report> wait_stopped();
  caf::result<data_message> make_request_of(request_msg& what);
  engine_status status() const;
  void alarm_rang(std::uint64_t id);
  void open_took_too_long();
  void handle_exit(caf::exit_msg& what);
  void handle_down(const caf::down_msg& what);
  void forget(std::uint64_t count);

  // -- dialing (engine_dialing.cpp) --
  void dial();
  void dial_url();
  void url_failed(rules::event how);
  void ask_provider();
  void provider_failed(const caf::error& cause);
  void connect();
  void drop_connection();
  void dial_failed(caf::error& cause);
  bool follow_redirect(const handshake_response& response);
  void forget_identity();
  void keep_cookies(const handshake_response& response);
  dial_msg with_cookies() const;

  // -- turns (engine_turns.cpp) --
  bool may_dial();
  void turn_came();
  [[nodiscard]] bool must_not_dial() const;
  void refuse_to_dial();
  void attempt_began();
  void attempt_ended(server_gate::outcome how);
  void attempt_succeeded();
  void attempt_failed();
  void give_up_turn();
  void add_turn_to(engine_status& what) const;

  // -- opening (engine_opening.cpp) --
  void dialed(handshake_response& response);
  void spawn_session_actors();
  caf::actor spawn_handler();
  void call_on_open();
  void on_open_failed(caf::error& cause);
  void nobody_is_asked();
  void answer_start();
  void start_reading();
  template <class Then>
  void take_back(hold_reading how, Then then);
  void hold_for_client();
  void hold_without_client();
  void replace_handlers();
  void respawn_handlers();
  void grant_lease();
  void revoke_lease();

  // -- sending (engine_sending.cpp) --
  caf::result<send_receipt> accept_send(send_msg& what);
  caf::error take_send(std::uint64_t id, send_msg& what);
  caf::result<void> subscribe(subscribe_msg& what);
  caf::result<void> unsubscribe(unsubscribe_msg& what);
  sending& mail();
  bool may_set_up() const;
  bool may_send() const;
  template <class Answered>
  void write(data_message what, Answered answered);
  void pump_sends();
  void send_answered(std::uint64_t id, const caf::error& cause);
  void settle_sends(const rules::settled_sends& all, const std::string& cause);
  void begin_setup();
  void pump_setup();
  void setup_answered(std::uint64_t id, const std::string& name, const caf::error& cause);
  void setup_failed(caf::error cause);
  void limit_waiting(std::optional<rules::outbox::time_point> due);
  void try_again_later();
  void sending_alarm_rang(std::uint64_t id);
  void sends_may_begin();
  void sends_end();
  void sends_stop();
  void abandon_sends();

  // -- closing (engine_closing.cpp) --
  void quiesce();
  void settle_handlers();
  void call_on_close();
  void close_answered(close_details answer);
  void disconnect();
  void disconnect_failed(caf::error& cause);
  void drop_session();
  void report_failure();
  void report_url();
  void schedule_retry();
  timespan arm_retry(timespan asked = timespan{0});
  void finish();
  void depart_late(std::uint64_t alarm);
  void dismiss(departure leaving, bool late);
  caf::error stop_reason() const;

  // -- for an observer and a tracer (engine_watch.cpp) --
  [[nodiscard]] subject who() const noexcept { return {id(), now_.which.id}; }
  void watch_state(engine_state before) const;
  void watch_closing();
  void watch_dial_begin();
  void watch_dial_end(const caf::error& failure, const handshake_response* response = nullptr);
  void watch_session_begin();
  void watch_session_end();
  [[nodiscard]] retry_cause why_again() const;
  [[nodiscard]] running_callback watch_callback(callback_kind which) const;
  void watch_callback_end(const running_callback& what, const caf::error& failure = {}) const;
  void watch_first_delay(timespan delay);
  void watch_next_delay(timespan delay);
  void watch_send(std::uint64_t id, const send_msg& what);
  void watch_accepted_send() const;
  void watch_refused_send(std::uint64_t id, const caf::error& cause);
  void watch_settled_sends(const rules::settled_sends& all);

  // -- helpers (engine_closing.cpp) --
  template <class Callback>
  void tell(callback_kind which, Callback what);
  void callback_settled();
  std::uint64_t arm(timespan delay);
  void let_go(const caf::actor& whom, caf::error reason);
  void retire(const caf::actor_addr& whom);
  void release_client();

  connector connect_;
  handshake_request request_;
  // All but the request.
  std::shared_ptr<const engine_options> options_;
  std::shared_ptr<const engine_hooks> hooks_;
  client_port client_;
  rules::life_cycle cycle_;
  rules::backoff backoff_;
  rules::url_round round_;
  rules::cookie_jar cookies_;
  // Null until there is something to send: most engines of a large herd only listen.
  std::unique_ptr<sending> sending_;
  // Null without budget and circuit.
  std::unique_ptr<turn> turn_;
  // Null without an observer.
  std::unique_ptr<watch> watch_;
  // Null without a tracer.
  std::unique_ptr<engine_trace> trace_;
  // With either: why the session ended that was open last.
  retry_cause last_end_ = retry_cause::attempt_failed;

  // Rings where no I/O thread does that.
  caf::actor alarm_;
  std::uint64_t last_alarm_ = 0;
  // The alarms that are set; zero when not.
  std::uint64_t open_alarm_ = 0;
  std::uint64_t closing_alarm_ = 0;
  // When the session has to be closed; the epoch when nothing is limited.
  time_point closing_due_{};
  std::uint64_t retry_alarm_ = 0;
  time_point retry_due_{};
  timestamp retry_at_{};

  // Ourselves while started: between sessions nobody else may hold us.
  caf::actor alive_;

  // What the dial that is under way asks for, without cookies, and how often it was sent elsewhere.
  // Large, so it is let go with the dial.
  std::unique_ptr<dial_msg> wanted_;
  std::uint32_t redirects_ = 0;
  // How long the servers of this attempt want us to stay away.
  timespan asked_delay_{0};

  live_session now_;
  // Changes whenever a connection is dialed or a session dropped.
  std::uint64_t epoch_ = 0;
  // Tells the answers to on_open apart.
  std::uint64_t open_call_ = 0;
  // Who is to give the present one; it is monitored even when it was replaced.
  caf::actor_addr asked_;
  std::uint64_t client_epoch_ = 0;
  // Callbacks that nobody waits for but stop.
  std::size_t outstanding_ = 0;
  // Whether the dial that is under way was cancelled because it took too long.
  bool cancelling_ = false;
  bool closing_took_too_long_ = false;
  std::vector<std::size_t> crashed_handlers_;
  optional<current_lease> lease_;
  std::uint64_t last_lease_ = 0;
  caf::error last_error_;
  caf::error exit_reason_;

  // Actors of past sessions whose last messages may still be on their way.
  std::vector<caf::actor_addr> retired_;

  promises starts_;
  promises stops_;
  promises waits_;
  promises pauses_;
  std::vector<departure> departures_;
  promises* asking_ = nullptr;

  std::vector<rules::event> happened_;
  bool feeding_ = false;
};

} // namespace wsengine::internal
