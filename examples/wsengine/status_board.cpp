// status_board.cpp: see status_board.hpp.

#include "status_board.hpp"

#include "wsengine/encoding.hpp"
#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>

#include <boost/json.hpp>

#include <chrono>
#include <utility>

namespace wsengine::cli {

namespace {

namespace json = boost::json;

double seconds(timespan what) {
  return std::chrono::duration<double>{what}.count();
}

json::object to_json(const volume& what) {
  return {{"messages", what.messages}, {"bytes", what.bytes}};
}

} // namespace

status_board::status_board(caf::actor_clock& clock) : clock_(clock), began_(clock.now()) {}

template <class Change>
void status_board::update(const subject& who, Change change) {
  std::lock_guard guard{mutex_};
  if (auto found = engines_.find(who.engine); found != engines_.end())
    change(found->second);
}

// -- engines --------------------------------------------------------------------------------------

void status_board::engine_spawned(const subject& who, const caf::actor_addr& engine,
                                  const handshake_request& request) {
  std::lock_guard guard{mutex_};
  auto& added = engines_[who.engine];
  added.engine = engine;
  added.url = request.url;
  added.state_since = clock_.now();
}

void status_board::state_changed(const subject& who, engine_state, engine_state now,
                                 const caf::error& last_error) {
  update(who, [&](entry& x) {
    x.state = now;
    x.state_since = clock_.now();
    x.session = who.session;
    // Whatever it was that was not seen to fail here: a circuit that is open, a stop that was late.
    if (now == engine_state::stopped && last_error)
      note(x, describe(last_error));
  });
}

void status_board::engine_ended(const subject& who, engine_state) {
  std::lock_guard guard{mutex_};
  engines_.erase(who.engine);
}

// -- attempts and sessions ------------------------------------------------------------------------

void status_board::dial_began(const subject& who, const handshake_request& request) {
  update(who, [&](entry& x) {
    x.url = request.url;
    x.session = who.session;
  });
}

void status_board::dial_ended(const subject& who, const caf::error& failure, timespan) {
  // A dial that was given up has not failed.
  if (failure && !is(failure, engine_errc::stopped))
    update(who, [&](entry& x) { note(x, describe(failure)); });
}

void status_board::retry_scheduled(const subject& who, retry_cause why,
                                   const caf::error& last_error, timespan) {
  update(who, [&](entry& x) {
    ++x.reconnects;
    if (why == retry_cause::attempt_failed && last_error)
      note(x, describe(last_error));
  });
}

void status_board::session_opened(const subject& who, const handshake_response&) {
  update(who, [&](entry& x) {
    x.session = who.session;
    x.opened_at = clock_.now();
  });
}

void status_board::session_closed(const subject& who, const session_end& how) {
  update(who, [&](entry& x) {
    x.opened_at.reset();
    x.session = {};
    x.round_trip.reset();
    if (how.peer)
      note(x, "closed by the server: " + to_string(how.peer->code)
                + (how.peer->reason.empty() ? "" : ": " + how.peer->reason));
  });
}

void status_board::callback_failed(const subject& who, callback_kind which, timespan,
                                   const caf::error& failure) {
  update(who, [&](entry& x) { note(x, to_string(which) + ": " + describe(failure)); });
}

// Several of us may see the same error.
void status_board::note(entry& of, std::string text) const {
  if (!of.faults.empty() && of.faults.front().text == text) {
    of.faults.front().at = clock_.now();
    return;
  }
  of.faults.push_front({clock_.now(), std::move(text)});
  if (of.faults.size() > most_errors)
    of.faults.pop_back();
}

// -- messages -------------------------------------------------------------------------------------

void status_board::received(const subject& who, const volume& what) {
  update(who, [&](entry& x) { x.received += what; });
}

void status_board::write_began(const subject& who, const volume& what) {
  update(who, [&](entry& x) { x.queued += what; });
}

void status_board::write_ended(const subject& who, const volume& what, const caf::error& failure) {
  update(who, [&](entry& x) {
    x.queued.messages -= what.messages;
    x.queued.bytes -= what.bytes;
    if (failure)
      x.unsent += what.messages;
    else
      x.sent += what;
  });
}

void status_board::pong_came(const subject& who, timespan round_trip) {
  update(who, [&](entry& x) { x.round_trip = round_trip; });
}

// -- reading --------------------------------------------------------------------------------------

caf::actor status_board::find(caf::actor_id number) const {
  std::lock_guard guard{mutex_};
  auto found = engines_.find(number);
  return found == engines_.end() ? caf::actor{} : caf::actor_cast<caf::actor>(found->second.engine);
}

std::string status_board::json() const {
  std::lock_guard guard{mutex_};
  auto now = clock_.now();
  json::object states;
  json::array engines;
  for (const auto& [number, x] : engines_) {
    auto& count = states[to_string(x.state)];
    count = count.is_null() ? 1 : count.as_int64() + 1;
    if (engines.size() == most_engines)
      continue;
    json::array errors;
    for (const auto& fault : x.faults)
      errors.push_back({{"ago_s", seconds(now - fault.at)}, {"text", to_utf8(fault.text)}});
    json::object line{{"engine", number},
                      {"url", to_utf8(x.url)},
                      {"state", to_string(x.state)},
                      {"state_age_s", seconds(now - x.state_since)},
                      {"session", nullptr},
                      {"session_age_s", nullptr},
                      {"reconnects", x.reconnects},
                      {"received", to_json(x.received)},
                      {"sent", to_json(x.sent)},
                      {"queued", to_json(x.queued)},
                      {"unsent", x.unsent},
                      {"round_trip_ms", nullptr},
                      {"errors", std::move(errors)}};
    if (x.session != session_id{})
      line["session"] = to_string(x.session);
    if (x.opened_at)
      line["session_age_s"] = seconds(now - *x.opened_at);
    if (x.round_trip)
      line["round_trip_ms"] = 1e3 * seconds(*x.round_trip);
    engines.push_back(std::move(line));
  }
  return json::serialize(json::object{{"uptime_s", seconds(now - began_)},
                                      {"engines_total", engines_.size()},
                                      {"states", std::move(states)},
                                      {"engines", std::move(engines)}});
}

} // namespace wsengine::cli
