// scripted_server.hpp: a server that a test tells what to do, in words, wherever it plays.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"
#include "wsengine/testing/script.hpp"
#include "wsengine/testing/stage.hpp"

#include <caf/error.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wsengine::testing {

/// A server in words, such as `server.accepts().sends(text("x")).drops()`.
///
/// The words that answer an upgrade request (`accepts`, `refuses`, `stalls`, `redirects`) are for
/// the connection that waits for its answer now or, when there is none, plan the next one; each
/// plans another. All other words add to the plan as long as no connection has taken it; else they
/// are for the newest connection, at once. Without a plan, or with `accepts_by_default`, a
/// connection is accepted.
///
/// Words say nothing of time: in virtual time it passes only by the test's `advance`, or in the
/// middle of a plan by `waits`.
class scripted_server {
public:
  /// `settle` is called before and after each word: it lets the actors of a deterministic test run,
  /// so that a word takes effect at once.
  explicit scripted_server(std::shared_ptr<stage> where, std::function<void()> settle = {});

  // -- the answer to an upgrade request -----------------------------------------------------------

  scripted_server& accepts();

  scripted_server& accepts(handshake_response response);

  /// Answers with another HTTP status than 101.
  scripted_server& refuses(std::uint16_t status, header_fields headers = {}, std::string body = {});

  /// Fails the dial with an error such as a `dial_errc`. In virtual time only.
  scripted_server& refuses(caf::error cause);

  scripted_server& redirects(const std::string& location, std::uint16_t status = 302);

  /// Does not answer.
  scripted_server& stalls();

  // -- without a plan -----------------------------------------------------------------------------

  scripted_server& accepts_by_default();

  scripted_server& refuses_by_default(std::uint16_t status);

  /// Connections beyond the plan play this.
  scripted_server& plays_by_default(script what);

  // -- pace ---------------------------------------------------------------------------------------

  /// Goes on after that time.
  scripted_server& waits(timespan delay);

  /// Goes on when a message has come.
  scripted_server& awaits_message();

  /// Goes on when this message has come.
  scripted_server& awaits(data_message message);

  // -- what it does -------------------------------------------------------------------------------

  scripted_server& sends(data_message message);

  /// Sends messages that are there together.
  scripted_server& sends(std::vector<data_message> messages);

  /// Closes the session.
  scripted_server& closes(close_code code = close_code::normal, std::string reason = {});

  scripted_server& closes(std::uint16_t code, std::string reason = {});

  /// Resets the TCP connection.
  scripted_server& drops();

  /// Makes one read fail without ending the session. In virtual time only: no server can do so.
  scripted_server& fails_a_read(std::string text = "the script fails this read");

  // -- how it reacts, from now on -----------------------------------------------------------------

  /// Answers a close frame with its code, after a delay. So it does from the start.
  scripted_server& answers_close(timespan delay = timespan{0});

  scripted_server& answers_close_with(close_details details);

  /// Never answers a close frame.
  scripted_server& ignores_close();

  /// Resets the TCP connection when a close frame comes.
  scripted_server& breaks_close();

  /// Stops to take messages: what the client writes waits in its queue.
  scripted_server& stops_reading();

  /// Takes messages again.
  scripted_server& reads();

  /// Answers pings, after that time. So it does from the start, at once.
  scripted_server& answers_pings(timespan round_trip = timespan{0});

  scripted_server& ignores_pings();

  // -- any script ---------------------------------------------------------------------------------

  /// Plans a script for the next connection.
  scripted_server& plans(script what);

  /// Adds steps to the plan, or plays them now.
  scripted_server& does(const script& what);

  // -- what came ----------------------------------------------------------------------------------

  /// How many connections there were.
  [[nodiscard]] std::size_t connections() const;

  /// The messages that came on the newest connection.
  [[nodiscard]] std::vector<data_message> received() const;

  /// The close frame that came on the newest connection, if any.
  [[nodiscard]] optional<close_details> close_frame() const;

private:
  scripted_server& answers(script what);
  void settle() const;

  std::shared_ptr<stage> where_;
  std::function<void()> settle_;
};

} // namespace wsengine::testing
