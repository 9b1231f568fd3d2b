// recording.hpp: writes what happens to sessions to a file, reads it back, and draws it.
//
// A recording is text, one JSON object a line; docs/recording.md lists the events. Credentials are
// left out unless somebody asks for them.

#pragma once

#include "wsengine/callbacks.hpp"
#include "wsengine/client_actor.hpp"
#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/connector.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine {

// -- writing --------------------------------------------------------------------------------------

class recording_writer;

/// The options of a recorder.
struct recorder_options {
  /// The most bytes of messages that wait to be written. What comes when there are more is left out
  /// of the recording, which then says how many events are missing (`lost`).
  std::size_t queue_bytes = 16U << 20U;
  /// The most events that wait to be written.
  std::size_t queue_events = 65536;
  /// Whether `Authorization`, `Proxy-Authorization`, `Cookie` and `Set-Cookie` and the user of a
  /// URL are written as "***".
  bool hide_credentials = true;
};

/// Records sessions. Actors only queue what happens, within the bounds of the options: a thread of
/// the recorder's own writes it, and each batch is flushed. All functions may be called from any
/// thread.
class recorder {
public:
  /// Writes to `to`, which must outlive the recorder; the system must, too.
  recorder(caf::actor_system& system, std::ostream& to, recorder_options options = {});

  recorder(const recorder&) = delete;
  recorder& operator=(const recorder&) = delete;

  /// Writes what waits. Sessions that still live go on without being recorded.
  ~recorder();

  /// Makes connections of `inner`, any adapter's, and records what they do.
  [[nodiscard]] connector record(connector inner) const;

  /// Calls `client`, and records each callback and its end.
  [[nodiscard]] std::shared_ptr<callbacks> record(std::shared_ptr<callbacks> client) const;

  /// Stands for `client` at its engine, or wherever an engine is given its next client: calls it,
  /// and records each callback and its answer. An error as the answer is recorded as a crash. The
  /// client's death ends what stands for it, too.
  [[nodiscard]] client_actor record(client_actor client) const;
  [[nodiscard]] batch_client_actor record(batch_client_actor client) const;

  /// Records why the engine stops; whoever asks the engine after this call is told later.
  void watch(const engine_actor& engine) const;

  /// Records an event of the user's own, such as a wish to restart: what it is, and more about it.
  void note(std::string name, std::string info = {}) const;

  /// Waits until everything that has happened so far is written.
  void flush() const;

private:
  caf::actor_system& system_;
  std::shared_ptr<recording_writer> writer_;
};

// -- reading --------------------------------------------------------------------------------------

/// The version that is written, and the newest that is read.
inline constexpr int recording_version = 1;

/// A line of a recording. Which fields mean anything depends on `what`.
struct recorded_event {
  /// Since the first event.
  timespan at{0};
  /// Which connection it belongs to, from 1; 0 for events of client, engine and user.
  std::size_t connection = 0;
  /// Such as "dial", "open", "received", "callback".
  std::string what;
  /// The actor that asked for it, such as "reader"; empty when it is not known.
  std::string by;
  /// The name of a callback or of an error's code.
  std::string name;
  /// For a person: the text of an error, the arguments of a callback.
  std::string info;
  /// What was dialed.
  optional<handshake_request> request;
  /// What the server answered.
  optional<handshake_response> response;
  /// What was received or written.
  optional<data_message> message;
  /// How a session was closed.
  optional<close_details> details;

  friend bool operator==(const recorded_event&, const recorded_event&) = default;
};

/// The first line of a recording, without line feed.
[[nodiscard]] std::string recording_header();

/// The line of an event, without line feed.
[[nodiscard]] std::string to_line(const recorded_event& event);

/// What is wrong with a recording.
struct recording_problem {
  /// From 1.
  std::size_t line = 0;
  std::string text;
};

/// Returns both, as in "line 7: ...".
std::string to_string(const recording_problem& problem);

/// Reads a recording. Returns what was understood, and in `problem` what is wrong with the first
/// line that was not: it is no JSON, has a newer version, lacks a field. A last line without its
/// line feed is left out: the program may have crashed while it wrote.
[[nodiscard]] std::vector<recorded_event> read_recording(std::istream& from,
                                                         optional<recording_problem>& problem);

// -- drawing --------------------------------------------------------------------------------------

/// Draws a recording as a sequence diagram: one HTML page that needs nothing else.
[[nodiscard]] std::string trace_page(const std::vector<recorded_event>& recording,
                                     std::string_view title);

} // namespace wsengine
