// arguments.hpp: what the command line asks for. Pure: nothing is opened or looked up.

#pragma once

#include "tracing_arguments.hpp"

#include "wsengine/cluster/fleet.hpp"
#include "wsengine/cluster/transport.hpp"
#include "wsengine/options.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace wsengine::cli {

/// `wsengine serve`.
struct serve_arguments {
  std::uint16_t port = 8080;
  bool json = false;
  /// Whether to tell of sessions that open and end, too.
  bool verbose = false;
  bool tls = false;
  std::string certificate_file;
  std::string key_file;
};

/// What standard input is to `wsengine connect`.
enum class input_mode : std::uint8_t {
  /// Lines: text messages, or commands, which begin with a slash.
  commands,
  /// Lines: text messages.
  lines,
  /// As a whole, one text message.
  text,
  /// As a whole, one binary message.
  binary,
  /// What comes at once, up to a size, is a binary message.
  chunks,
};

/// What `wsengine connect` prints.
enum class output_mode : std::uint8_t {
  /// What happens.
  events,
  /// The contents of messages, each with a line feed behind it.
  lines,
  /// The contents of messages.
  raw,
};

/// `wsengine connect`.
struct connect_arguments {
  engine_options engine;
  /// The adapter that carries the session.
  std::string adapter = "beast";
  bool json = false;
  /// The text messages to send once the first session is open.
  std::vector<std::string> sends;
  /// With an outbox: how long a message may wait for a session; nothing: for ever.
  optional<timespan> expire_after;
  /// With an outbox: whether a message of unknown fate is sent again.
  bool resend_unknown = false;
  /// After how many messages to stop.
  std::optional<std::uint64_t> count;
  bool no_reconnect = false;
  /// Whether the proxy is the one of the environment.
  bool proxy_from_environment = false;
  input_mode input = input_mode::commands;
  /// With `input_mode::chunks`: the largest message, in bytes.
  std::size_t chunk_size = 64U << 10U;
  output_mode output = output_mode::events;
  bool exit_on_eof = false;
  /// With `exit_on_eof`: how long to go on when all of the input is sent.
  timespan linger{0};
  /// The JSON pointer to the key of messages that answer requests.
  std::optional<std::string> request_key_pointer;
  /// The file that the session is recorded in; empty: none.
  std::string record_file;
  /// How long a request waits for its answer.
  timespan request_timeout = std::chrono::seconds(30);
  /// Where the status page is served on 127.0.0.1; nothing: nowhere; 0: a free port.
  std::optional<std::uint16_t> status_port;
  tracing_arguments tracing;
};

/// `wsengine node`.
struct node_arguments {
  cluster::transport_options transport;
  /// What the node is called in reports and in a fleet.
  std::string name = "node";
  /// Where the director of its fleet may be; empty: it is in none.
  std::vector<cluster::endpoint> directors;
  bool json = false;
  /// See `connect_arguments::status_port`.
  std::optional<std::uint16_t> status_port;
  tracing_arguments tracing;
};

/// `wsengine director`.
struct director_arguments {
  cluster::transport_options transport;
  cluster::director_options director;
  bool json = false;
};

/// `wsengine fleet`.
struct fleet_arguments {
  enum class action { status, add, remove, drain, admit, move };

  action what = action::status;
  /// What follows the action, as many words as it takes.
  std::vector<std::string> words;
  cluster::transport_options transport;
  cluster::endpoint director;
  std::string client_type = "quiet";
  /// What to add; empty: what the words say.
  std::string file;
  bool json = false;
  bool watch = false;
  timespan interval = std::chrono::seconds(1);
};

/// `wsengine replay`.
struct replay_arguments {
  std::string file;
  bool json = false;
  /// Whether time passes as it did; else all of it passes at once.
  bool realtime = false;
};

/// `wsengine trace`.
struct trace_arguments {
  std::string file;
  /// Where the page goes.
  std::string html_file;
};

/// `wsengine --help`, `wsengine man` and the like: what to print.
struct help_arguments {
  std::string text;
};

/// Everything that is wrong with a command line, one line each.
struct usage_error {
  std::vector<std::string> problems;
  /// The command line that tells more.
  std::string see = "wsengine --help";
};

using arguments =
  std::variant<usage_error, help_arguments, serve_arguments, connect_arguments, node_arguments,
               director_arguments, fleet_arguments, replay_arguments, trace_arguments>;

/// Understands a command line, without the name of the program.
arguments parse_arguments(const std::vector<std::string>& words);

} // namespace wsengine::cli
