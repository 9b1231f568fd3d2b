// input.hpp: does what standard input says, line by line, or sends what it holds.

#pragma once

#include "arguments.hpp"
#include "asker.hpp"
#include "byte_source.hpp"
#include "commands.hpp"
#include "conversation.hpp"

#include "wsengine/all.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace wsengine::cli {

/// Runs on a thread of its own, from the first text to send to the end of the input or of the
/// conversation. A line is carried out when those before it have been: what is piped in does the
/// same as what is typed.
class input {
public:
  struct settings {
    std::vector<std::string> sends;
    input_mode mode = input_mode::commands;
    /// The largest message that can be sent.
    std::size_t longest_message = 0;
    /// The largest message of `input_mode::chunks`.
    std::size_t chunk_size = 0;
    /// How lines are sent when the engine has an outbox.
    optional<send_msg> by_outbox;
    /// Whether to stop at the end of the input.
    bool stop_at_end = false;
    /// How long to go on before that, when all of it is sent.
    timespan linger{0};
    /// How long an answer may keep a command that ends the session from being carried out.
    timespan patience = std::chrono::seconds(10);
    /// How long a request waits for its answer.
    timespan request_timeout = std::chrono::seconds(30);
    /// Told what the user wants of engine and session; may be empty.
    std::function<void(const std::string&)> on_wish;
  };

  input(caf::actor_system& system, engine_actor engine, conversation& talk, reporter& report,
        output& errors, settings how);

  input(const input&) = delete;
  input& operator=(const input&) = delete;

  /// Ends the actor that asks.
  ~input();

  /// Returns at the end.
  void run(int fd);

private:
  bool read(int fd);
  bool read_lines(int fd);
  bool read_whole(byte_source& from, message_kind kind);
  bool read_chunks(byte_source& from);
  void take(const std::string& line);
  void stop_at_end();
  void execute(const command& what);
  void send(message_kind kind, const std::string& data);
  bool write(const session& which, message_kind kind, const payload& data);
  void ask_engine(caf::message question);
  void ping();
  void request(const command& what);
  void wait_for_answers();
  void restart();
  void stop_once_started(farewell why);
  void stop(farewell why);
  void complain(const std::string& what);
  void not_sent(const std::string& why);

  caf::scoped_actor self_;
  engine_actor engine_;
  conversation& talk_;
  output& errors_;
  settings how_;
  questions questions_;
  caf::actor asker_;
};

} // namespace wsengine::cli
