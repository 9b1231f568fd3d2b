// heartbeat.cpp: see heartbeat.hpp.

#include "heartbeat.hpp"

namespace wsengine::io {

namespace {

using moment = std::optional<heartbeat::time_point>;

// What the bound asks for after that time; nothing when there is none.
moment after(heartbeat::time_point when, timespan bound) {
  if (bound <= timespan::zero())
    return std::nullopt;
  return when + bound;
}

bool has_come(const moment& when, heartbeat::time_point now) {
  return when && *when <= now;
}

} // namespace

// -- events ---------------------------------------------------------------------------------------

void heartbeat::start(const bounds& limits, const traffic& seen, time_point now) {
  *this = {};
  limits_ = limits;
  last_ping_ = last_heard_ = last_look_ = now;
  received_ = seen.received;
  sent_ = seen.sent;
}

void heartbeat::heard(std::uint64_t received, time_point now) {
  received_ = received;
  last_heard_ = now;
  unanswered_since_.reset();
}

void heartbeat::pinged(time_point now) {
  last_ping_ = now;
  if (!unanswered_since_)
    unanswered_since_ = now;
}

void heartbeat::listen(time_point now) {
  listening_ = true;
  last_heard_ = now;
  if (unanswered_since_)
    unanswered_since_ = now;
}

void heartbeat::look_at_writes(const traffic& seen, time_point now) {
  last_look_ = now;
  auto moved = seen.sent != sent_;
  sent_ = seen.sent;
  // There was no room, and now there was: somebody at the other end takes what comes.
  if (waiting_since_ && moved && unanswered_since_)
    unanswered_since_ = now;
  if (seen.written == seen.sent)
    waiting_since_.reset();
  else if (!waiting_since_ || moved)
    waiting_since_ = now;
}

// -- deadlines ------------------------------------------------------------------------------------

std::optional<heartbeat::time_point> heartbeat::ping_due() const {
  return after(last_ping_, limits_.ping_interval);
}

std::optional<heartbeat::time_point> heartbeat::answer_due() const {
  if (!listening_ || !unanswered_since_)
    return std::nullopt;
  return after(*unanswered_since_, limits_.pong_timeout);
}

std::optional<heartbeat::time_point> heartbeat::word_due() const {
  return listening_ ? after(last_heard_, limits_.idle_timeout) : std::nullopt;
}

std::optional<heartbeat::time_point> heartbeat::progress_due() const {
  // What begins to wait may go unnoticed until somebody looks.
  return after(waiting_since_.value_or(last_look_), limits_.write_timeout);
}

heartbeat::verdict heartbeat::look(const traffic& seen, time_point now) {
  // Not all that comes is told of: a part of a frame is life, too, and so is what we had no time to
  // read.
  if (seen.received != received_)
    heard(seen.received, now);
  look_at_writes(seen, now);
  if (waiting_since_ && has_come(progress_due(), now))
    return verdict::stalled;
  if (has_come(answer_due(), now))
    return verdict::no_answer;
  if (has_come(word_due(), now))
    return verdict::silent;
  if (has_come(ping_due(), now))
    return verdict::ping_due;
  return verdict::well;
}

std::optional<heartbeat::time_point> heartbeat::wake() const {
  moment result;
  for (const auto& due : {ping_due(), answer_due(), word_due(), progress_due()})
    if (due && (!result || *due < *result))
      result = due;
  return result;
}

} // namespace wsengine::io
