// referee.hpp: the rules that every run must keep, whatever happens.

#pragma once

#include "plan.hpp"
#include "traffic.hpp"

#include "wsengine/client_actor.hpp"
#include "wsengine/session.hpp"
#include "wsengine/testing/client_mock.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace wsengine::simulation {

/// A callback, or the one that batches of messages come with.
using call_args = std::variant<on_open, on_message, on_read_error, on_close, on_close_error,
                               on_restart_error, on_messages>;

/// Which callback it is; batches count as messages.
[[nodiscard]] testing::callback which_of(const call_args& args) noexcept;

/// Watches the callbacks of all clients. It does not throw when a rule is broken, for inside of an
/// actor that would be a crash like any other.
class referee {
public:
  referee(const setup& conditions, std::function<timespan()> clock)
    : options_(conditions.options),
      keyed_(conditions.keyed),
      // While requests wait, a reader may hold twice as much.
      window_(std::size_t{conditions.asks ? 4U : 2U} * conditions.options.read_batch),
      clock_(std::move(clock)) {}

  // -- callbacks ----------------------------------------------------------------------------------

  /// A client was called; returns the number of the call.
  std::size_t begins(std::size_t client, const call_args& args);

  /// It has answered.
  void ends(std::size_t call, bool succeeded);

  // -- what excuses -------------------------------------------------------------------------------

  /// Something happened that may end the session.
  void may_close();

  void client_died(std::size_t client);

  /// An object wants no more messages of the session that this call belongs to.
  void interrupted(std::size_t call) { sessions_[calls_[call].id.value].interrupted = true; }

  /// Another client was set. This one is called no more, once all actors have come to rest.
  void client_replaced(std::size_t client);

  /// The engine was killed, or is a new one.
  void engine_gone();

  // -- traffic ------------------------------------------------------------------------------------

  /// A reader got messages.
  void read(const message_batch& batch);

  /// A reader is told to hold: what it has may go elsewhere.
  void holds_reading() { bounded_ = false; }

  /// Time passes though actors have something to do: what they say may come late.
  void lags();

  /// They have done it.
  void caught_up();

  /// A connection was dialed.
  void dialed();

  /// Somebody asked for an attempt at once.
  void may_dial() { may_dial_ = true; }

  /// The engine takes in that it is to start.
  void starts() { ++beginnings_; }

  /// The engine has let the reader go on: it knows that the client has accepted the session.
  void confirm();

  /// Everybody has had the chance to do what there is to do. `running`: so is the engine.
  void check_quiet(bool running);

  traffic& messages() noexcept { return traffic_; }

  // -- what it has to be told ---------------------------------------------------------------------

  /// Which connection a session has, how many messages the peer has sent on a connection,
  /// and whether its actor has died.
  std::function<std::size_t(const session&)> connection_of;
  std::function<std::size_t(std::size_t)> sent;
  std::function<bool(std::size_t)> is_dead;

  /// Which connection a session has had; `unknown` when no client was asked to open it.
  [[nodiscard]] std::size_t connection_of_id(session_id id, std::size_t unknown) const;

  // -- the verdict --------------------------------------------------------------------------------

  /// The first rule that was broken; empty when none was.
  [[nodiscard]] const std::string& broken_rule() const noexcept { return rule_; }

  /// The same with what it was about.
  [[nodiscard]] std::string failure() const;

  /// Breaks a rule, from outside.
  void fail(const std::string& rule, const std::string& details = {});

  /// Nothing will come any more.
  void finish();

private:
  struct session_record {
    // Whether the last client that was asked has accepted, and which one that is.
    bool accepted = false;
    // Whether the engine is known to know.
    bool confirmed = false;
    std::size_t client = 0;
    bool closed = false;
    // Whether the handler shall deliver nothing more.
    bool interrupted = false;
    // Nobody is owed an on_close.
    bool excused = false;
    // When something happened that may end it.
    optional<timespan> cause;
    std::size_t messages_in_flight = 0;
    std::size_t others_in_flight = 0;
    std::set<std::size_t> seen;
    std::size_t connection = 0;
    std::map<std::size_t, std::size_t> keys_in_flight;
  };

  struct call {
    testing::callback which = testing::callback::open;
    std::size_t client = 0;
    session_id id;
    // Of messages with keys.
    optional<std::size_t> key;
    bool over = false;
  };

  enum class client_state : std::uint8_t { present, replaced, retired, dead };

  void check(bool holds, const char* rule, const std::string& details = {});
  void opens(std::size_t client, const on_open& what);
  void takes(std::size_t client, const on_message& what, call& now);
  void takes_each(session_record& of, const data_message& what);
  void takes_key(session_record& of, std::size_t number, call& now);
  void takes_batch(std::size_t client, const on_messages& what);
  void check_may_take(const session_record& of, std::size_t client);
  void reports_read_error(std::size_t client, const on_read_error& what);
  void closes(std::size_t client, const on_close& what);
  void retries(std::size_t client, const on_restart_error& what);
  void settled(const call& what);
  void begin_rest();
  [[nodiscard]] client_state state_of(std::size_t client) const;
  [[nodiscard]] bool lenient(const session_record& of) const;
  [[nodiscard]] bool owed(const session_record& of) const;
  void check_all_closed(const char* rule);

  engine_options options_;
  bool keyed_;
  std::size_t window_;
  std::function<timespan()> clock_;
  traffic traffic_;
  std::map<std::uint64_t, session_record> sessions_;
  std::map<std::size_t, client_state> clients_;
  std::vector<call> calls_;
  bool bounded_ = true;
  // The session of the last on_open.
  session_id newest_;
  std::uint32_t failures_ = 0;
  // How often the engine may have begun to count anew without a report that shows it: reports of
  // one start may be told when there were others since. And whether nobody was there to hear one.
  std::size_t beginnings_ = 0;
  bool may_have_missed_ = false;
  // Since when the engine has to wait, and whether one attempt may come sooner.
  optional<timespan> rest_;
  bool may_dial_ = false;
  bool lagging_ = false;
  std::string rule_;
  std::string details_;
};

} // namespace wsengine::simulation
