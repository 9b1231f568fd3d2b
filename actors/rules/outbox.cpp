// outbox.cpp: see outbox.hpp.

#include "rules/outbox.hpp"

#include "faults.hpp"
#include "vocabulary/durations.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace wsengine::rules {

write_result write_result_of(const caf::error& answer) {
  if (!answer)
    return write_result::written;
  for (auto code : {connection_errc::message_too_big, connection_errc::invalid_message})
    if (is(answer, code))
      return write_result::refused;
  for (auto code :
       {connection_errc::queue_full, connection_errc::dropped, connection_errc::write_failed})
    if (is(answer, code))
      return write_result::not_now;
  for (auto code : {connection_errc::closed, connection_errc::not_open})
    if (is(answer, code))
      return write_result::session_over;
  // Whatever an actor has not looked at when it dies is sent back so.
  if (answer == caf::sec::request_receiver_down)
    return write_result::session_over;
  return write_result::unknown;
}

// -- messages -------------------------------------------------------------------------------------

std::optional<send_errc> outbox::add(std::uint64_t id, send_msg what, time_point now,
                                     bool writable) {
  auto size = what.data.size();
  if (!options_.enabled) {
    if (what.policy != send_policy::session || what.resend_unknown)
      return send_errc::no_outbox;
    if (!writable)
      return send_errc::no_session;
  } else if (!entries_.empty()
             && (entries_.size() >= options_.max_messages || bytes_ >= options_.max_bytes
                 || size > options_.max_bytes - bytes_)) {
    return send_errc::outbox_full;
  }
  entry added{std::move(what), {}, {}};
  if (added.what.policy == send_policy::expire)
    added.deadline = now + std::clamp(added.what.expire_after, timespan::zero(), longest_duration);
  bytes_ += size;
  entries_.emplace_hint(entries_.end(), id, std::move(added));
  return {};
}

std::optional<outbox::dispatch> outbox::next() {
  if (options_.enabled && (handed_ > 0 || held_ || session_over_))
    return {};
  // Without an outbox none comes back, so what was handed over comes first.
  auto found = options_.enabled ? entries_.begin() : entries_.upper_bound(last_);
  if (found == entries_.end())
    return {};
  if (internal::broken_by(internal::fault::newest_first))
    found = std::prev(entries_.end());
  auto& [id, first] = *found;
  first.handed_to = session_;
  ++handed_;
  last_ = id;
  return dispatch{id, {first.what.kind, first.what.data}};
}

settled_sends outbox::answered(std::uint64_t id, write_result how, time_point now) {
  auto found = entries_.find(id);
  if (found == entries_.end() || !found->second.handed())
    return {};
  auto session = found->second.handed_to;
  if (how == write_result::written)
    settle(found, {}, session);
  else if (auto error = take_back(found->second, how, now))
    settle(found, error, session);
  return settled();
}

// Decides on a message that was not simply written: puts it back, or says what becomes of it.
std::optional<send_errc> outbox::take_back(entry& which, write_result how, time_point now) {
  if (how == write_result::refused)
    return send_errc::invalid_message;
  auto is_current = which.handed_to == session_;
  if (how != write_result::not_now && is_current)
    session_over_ = true;
  auto is_over = how != write_result::not_now || !is_current;
  auto has_next = which.what.policy != send_policy::session || !is_over;
  if (how == write_result::unknown && !which.what.resend_unknown)
    return send_errc::unknown;
  if (!options_.enabled || stopped_ || !has_next)
    return how == write_result::unknown ? send_errc::unknown : send_errc::failed;
  if (which.expired(now))
    return how == write_result::unknown ? send_errc::unknown : send_errc::expired;
  held_ = held_ || !is_over;
  which.handed_to = {};
  --handed_;
  return {};
}

// -- time -----------------------------------------------------------------------------------------

std::optional<outbox::time_point> outbox::newest_expiry() const {
  return entries_.empty() ? std::nullopt : entries_.rbegin()->second.deadline;
}

std::optional<outbox::time_point> outbox::next_expiry(time_point now) const {
  std::optional<time_point> result;
  for (const auto& [id, x] : entries_)
    if (x.deadline && *x.deadline > now && (!result || *x.deadline < *result))
      result = x.deadline;
  return result;
}

settled_sends outbox::expire(time_point now) {
  settle_waiting(send_errc::expired, {}, [now](const entry& x) { return x.expired(now); });
  return settled();
}

// -- sessions -------------------------------------------------------------------------------------

void outbox::session_opened(session_id which) {
  session_ = which;
  held_ = false;
  session_over_ = false;
  stopped_ = false;
}

settled_sends outbox::session_ended() {
  auto ended = std::exchange(session_, {});
  settle_waiting(send_errc::dropped, ended,
                 [](const entry& x) { return x.what.policy == send_policy::session; });
  return settled();
}

settled_sends outbox::stop() {
  stopped_ = true;
  settle_waiting(send_errc::dropped, {}, [](const entry&) { return true; });
  return settled();
}

settled_sends outbox::abandon() {
  settle_waiting(send_errc::dropped, {}, [](const entry&) { return true; });
  while (!entries_.empty())
    settle(entries_.begin(), send_errc::unknown, entries_.begin()->second.handed_to);
  return settled();
}

// -- helpers --------------------------------------------------------------------------------------

void outbox::settle(entries::iterator which, std::optional<send_errc> error, session_id session) {
  settled_.push_back({which->first, error, session});
  bytes_ -= which->second.what.data.size();
  if (which->second.handed())
    --handed_;
  entries_.erase(which);
}

template <class Predicate>
void outbox::settle_waiting(send_errc error, session_id session, Predicate which) {
  for (auto i = entries_.begin(); i != entries_.end();) {
    auto next = std::next(i);
    if (!i->second.handed() && which(i->second))
      settle(i, error, session);
    i = next;
  }
}

settled_sends outbox::settled() {
  return std::exchange(settled_, {});
}

} // namespace wsengine::rules
