// scripted_connection.hpp: connections that play scripts and record what the engine does to them,
// so that an engine is tested without sockets and in virtual time.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/connector.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"
#include "wsengine/options.hpp"
#include "wsengine/testing/script.hpp"
#include "wsengine/testing/stage.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wsengine::testing {

// -- records --------------------------------------------------------------------------------------

/// What happened to a scripted connection.
enum class scripted_event : std::uint8_t {
  /// The engine dialed.
  dial,
  /// The dial was answered: the session is open.
  open,
  /// The dial was answered with an error.
  dial_failed,
  /// The engine asked for messages, or for one message.
  demand,
  /// The engine withdrew a demand.
  withdraw,
  /// The engine wrote a message, whatever became of it.
  write,
  /// The engine sent a ping.
  ping,
  /// The engine asked to close.
  close,
  /// The session is over.
  over,
  /// The connection actor has terminated.
  exit,
};

/// Returns the name of the value.
std::string to_string(scripted_event what);

/// One line of a record.
struct scripted_entry {
  scripted_event what = scripted_event::dial;
  /// The time of the actor clock since its epoch; only differences mean anything.
  timespan at{0};
  /// The arguments, as in `text, "a"`.
  std::string detail;
};

/// Returns the event with its arguments, as in `write(text, "a")`.
std::string to_string(const scripted_entry& entry);

/// Where a scripted connection is in its life.
enum class scripted_state : std::uint8_t {
  /// Not dialed yet.
  idle,
  dialing,
  open,
  /// The engine has asked to close.
  closing,
  over,
};

/// Returns the name of the value.
std::string to_string(scripted_state state);

/// All that happened to one connection.
struct scripted_record {
  std::vector<scripted_entry> entries;
  scripted_state state = scripted_state::idle;
  /// Whether the session was ever open.
  bool was_open = false;
  /// Whether the connection actor has terminated.
  bool exited = false;
  /// What was dialed.
  handshake_request request;
  connection_options options;
  /// How many messages the peer has sent, in full.
  std::size_t sent = 0;
  /// The messages that the peer got.
  std::vector<data_message> written;
  /// What the engine closed with; without repetitions of a close that was waited for.
  std::vector<close_details> closes;
  /// How the session ended.
  optional<close_details> end;

  /// The entries as text, without those of one kind that tests rarely care for: demands.
  [[nodiscard]] std::vector<std::string> lines() const;

  /// How often this happened.
  [[nodiscard]] std::size_t count(scripted_event what) const noexcept;

  /// When this happened for the first time; nothing when it did not.
  [[nodiscard]] optional<timespan> when(scripted_event what) const noexcept;
};

// -- network --------------------------------------------------------------------------------------

class network_state;

/// Makes scripted connections, one script for each in the order in which they are dialed, and keeps
/// their records. A URL may have scripts of its own; the others are for all other URLs. All
/// functions may be called from any thread.
///
/// The destructor kills the connections that are left; under the deterministic scheduler that takes
/// effect when their jobs run next, which `test_coordinator_fixture` sees to.
class scripted_network {
public:
  /// `fallback` is for connections beyond the last script.
  explicit scripted_network(script fallback = script{}.accept());

  scripted_network(const scripted_network&) = delete;
  scripted_network& operator=(const scripted_network&) = delete;

  ~scripted_network();

  // -- scripts ------------------------------------------------------------------------------------

  /// Adds a script for the next connection that is dialed and has none.
  scripted_network& add(script what);

  /// Replaces the script for connections beyond the last one.
  void fallback(script what);

  /// Makes a server that has scripts of its own: for connections to this URL, as it is dialed. The
  /// empty URL stands for all others.
  [[nodiscard]] std::shared_ptr<stage> make_stage(const std::string& url = {});

  /// What to hand to `spawn_engine`; the connections run on `unit`, or on CAF's scheduler.
  [[nodiscard]] connector make_connector(io_unit* unit = nullptr) const;

  /// Plays a script on the connection with that index now, next to the one it has. Does nothing
  /// when its session is over. Throws `std::out_of_range` when there is no such connection.
  void play(std::size_t index, script what) const;

  // -- records ------------------------------------------------------------------------------------

  /// How many connections were spawned.
  [[nodiscard]] std::size_t size() const;

  /// The record of a connection. Throws `std::out_of_range` when there is no such connection.
  [[nodiscard]] scripted_record record(std::size_t index) const;

  /// The index of the connection that was spawned last. Throws `std::out_of_range` when there is
  /// none.
  [[nodiscard]] std::size_t last() const;

  /// How many sessions were ever open.
  [[nodiscard]] std::size_t opened() const;

  /// How many connections are dialing, open, or closing.
  [[nodiscard]] std::size_t alive() const;

  /// How many connection actors have not terminated.
  [[nodiscard]] std::size_t actors() const;

  /// When each connection was dialed, for those that were.
  [[nodiscard]] std::vector<timespan> dial_times() const;

private:
  std::shared_ptr<network_state> state_;
};

} // namespace wsengine::testing
