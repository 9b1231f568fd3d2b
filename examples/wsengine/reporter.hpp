// reporter.hpp: tells what happens on standard output: JSON for programs, words for people, or only
// what messages contain.

#pragma once

#include "output.hpp"

#include "wsengine/all.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace wsengine::cli {

/// One function for each event. Callable from any thread; they wait while nobody reads.
class reporter {
public:
  virtual ~reporter();

  // -- a client's events --------------------------------------------------------------------------

  virtual void opened(session_id id, const handshake_response& response, bool restarting) = 0;
  virtual void message(session_id id, const data_message& what) = 0;
  virtual void read_error(session_id id, const caf::error& cause) = 0;
  virtual void closed(session_id id, const optional<close_details>& peer) = 0;
  virtual void close_error(session_id id, const caf::error& cause) = 0;
  virtual void restart_error(const caf::error& cause, std::uint32_t retry,
                             optional<timespan> next_delay) = 0;
  virtual void pong(timespan round_trip) = 0;
  virtual void answered(const std::string& key, const data_message& answer) = 0;
  virtual void request_failed(const std::string& key, const caf::error& cause) = 0;
  virtual void status(const engine_status& what) = 0;
  /// `advice` is a sentence for people, or empty.
  virtual void start_error(const caf::error& cause, const std::string& advice) = 0;

  /// The last event; whatever comes later is lost.
  virtual void stopped(const std::string& reason) = 0;

  /// A status page is served: its port, its address with the token, and the token.
  virtual void status_page(std::uint16_t port, const std::string& url,
                           const std::string& token) = 0;

  // -- a server's events --------------------------------------------------------------------------

  virtual void listening(std::uint16_t port, const std::string& url) = 0;
  virtual void server_opened(std::uint64_t connection, const std::string& target) = 0;
  virtual void server_closed(std::uint64_t connection, const close_details& details) = 0;
};

/// Makes a reporter that writes to `out`, which must outlive it. `now` returns the time since the
/// start, if that is not the clock's.
std::unique_ptr<reporter> make_json_reporter(output& out, std::function<timespan()> now = {});

/// Makes a reporter that writes to `out`, which must outlive it; in colours on a terminal.
std::unique_ptr<reporter> make_human_reporter(output& out);

/// Makes a reporter that writes the contents of messages, and what answers requests, to `out`, each
/// followed by `end`; and what goes wrong to `errors`, as `make_human_reporter` does. Both outputs
/// must outlive it.
std::unique_ptr<reporter> make_content_reporter(output& out, output& errors, std::string end);

} // namespace wsengine::cli
