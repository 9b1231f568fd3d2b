// life_cycle_pairs.cpp: see life_cycle_pairs.hpp.

#include "pure/life_cycle_pairs.hpp"

#include <algorithm>
#include <iterator>

namespace wsengine::tests {

using rules::event;

namespace {

using places = std::vector<std::string>;

// -- where an engine can be -----------------------------------------------------------------------

const places& everywhere() {
  static const places result{
    "idle",    "dialing",
    "opening", "running",
    "paused",  "closing/quiescing",
    "backoff", "closing/on_close",
    "stopped", "closing/disconnecting",
  };
  return result;
}

places everywhere_but(const places& excepted) {
  places result;
  std::copy_if(everywhere().begin(), everywhere().end(), std::back_inserter(result),
               [&](const auto& x) {
                 return std::find(excepted.begin(), excepted.end(), x) == excepted.end();
               });
  return result;
}

const places closing{"closing/quiescing", "closing/on_close", "closing/disconnecting"};
const places without_connection{"idle", "dialing", "backoff", "stopped"};

} // namespace

// -- the lists ------------------------------------------------------------------------------------

const std::vector<justified>& never_happening() {
  static const std::vector<justified> result{
    {event::dialed, everywhere_but({"dialing"}),
     "only a dial can succeed; the answer to one that was given up is told by its epoch"},
    {event::dial_failed, everywhere_but({"dialing"}), "only a dial can fail, for the same reason"},
    {event::opened, everywhere_but({"opening"}),
     "only opening asks the client; late answers are told by their epoch and their number"},
    {event::open_refused, everywhere_but({"opening"}), "the same answer, as an error"},
    {event::setup_failed, everywhere_but({"opening"}),
     "set-up messages that fail later do not end the session"},
    {event::open_timeout, everywhere_but({"dialing", "opening"}),
     "the alarm is set while dialing and opening, and forgotten when they end"},
    {event::connection_lost, without_connection,
     "there is no connection; while dialing its end is the answer to the dial"},
    {event::session_over, everywhere_but({"running"}),
     "only a reader that is not held reports the end, and only once; what it had sent when it was "
     "told to hold is handled in paused as in running, and dropped in closing and opening"},
    {event::quiesced, everywhere_but({"opening", "closing/quiescing"}),
     "the end of callbacks is waited for before a client is introduced, and before on_close"},
    {event::close_answered, everywhere_but({"closing/on_close"}), "on_close is called there only"},
    {event::disconnected, everywhere_but({"closing/disconnecting"}),
     "the connection is closed there only"},
    {event::closing_timeout,
     everywhere_but({"opening", "closing/quiescing", "closing/on_close", "closing/disconnecting"}),
     "the alarm is set when closing begins, or when a stop waits for on_open, and forgotten when "
     "the session is dropped"},
    {event::handler_crashed, without_connection,
     "handlers live as long as a session; the exit messages of those that were let go are dropped"},
    {event::reader_crashed, without_connection, "so do readers"},
    {event::asked_down, everywhere_but({"opening"}),
     "only opening asks the client, and from then on nobody waits for its answer"},
    {event::lease_over, everywhere_but({"paused"}), "a lease ends with the state paused"},
    {event::retry_due, everywhere_but({"backoff"}),
     "the alarm is set in backoff, and forgotten when that ends"},
    {event::attempts_exhausted, everywhere_but({"backoff"}),
     "attempts are counted when a failure is reported, which happens in backoff"},
  };
  return result;
}

const std::vector<justified>& rightly_dropped() {
  static const std::vector<justified> result{
    {event::connection_lost,
     {"opening"},
     "a client that is being asked sees it by itself, and the reader later, behind the last "
     "messages; a session without a client ends here"},
    {event::connection_lost, {"running"}, "the reader reports it, behind the last messages"},
    {event::connection_lost, closing, "the session is being given up: its end is no news"},
    {event::handler_crashed, closing, "nothing is handed out any more"},
    {event::reader_crashed, closing,
     "nothing is read any more, and a reader that is dead counts "
     "as one that has taken back all it had"},
    {event::signal_restart, closing,
     "the session is being closed already; whoever decided first says what comes next"},
    {event::signal_restart, {"dialing"}, "an attempt is under way already"},
    {event::signal_restart, {"idle", "stopped"}, "no session and no attempt: start is for that"},
    {event::signal_exit, {"idle", "stopped"}, "there is nothing to exit from"},
  };
  return result;
}

std::vector<std::string> pairs_of(const std::vector<justified>& table) {
  std::vector<std::string> result;
  for (const auto& row : table)
    for (const auto& place : row.places)
      result.push_back(place + ": " + to_string(row.what));
  std::sort(result.begin(), result.end());
  return result;
}

} // namespace wsengine::tests
