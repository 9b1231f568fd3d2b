// request_desk.cpp: see request_desk.hpp.

#include "request_desk.hpp"

#include "faults.hpp"
#include "span_facts.hpp"
#include "vocabulary/durations.hpp"

#include "wsengine/error.hpp"

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <utility>

namespace wsengine::internal {

namespace {

/// Whether the session is over when a write fails like this.
bool ends_session(const caf::error& cause) {
  return is(cause, connection_errc::closed) || is(cause, connection_errc::write_failed)
         || is(cause, connection_errc::write_unknown) || is(cause, caf::sec::request_receiver_down);
}

} // namespace

request_desk::~request_desk() {
  // Without the reader as the sender: it may be on its way out of memory.
  compat::send_exit(alarm, caf::exit_reason::user_shutdown);
}

// -- requests -------------------------------------------------------------------------------------

std::uint64_t request_desk::add(const make_request& what, caf::response_promise promise,
                                time_point now) {
  const auto& key = what.request.key;
  if (end_) {
    refuse(what, promise, make_lost_error(id_, *end_));
    return 0;
  }
  if (what.request.timeout <= timespan::zero()) {
    refuse(what, promise,
           make_error(request_errc::timeout, "there was no time for \"" + key + "\""));
    return 0;
  }
  if (waiting_.size() >= terms_.most) {
    refuse(what, promise,
           make_error(request_errc::too_many_requests,
                      std::to_string(terms_.most) + " requests wait already"));
    return 0;
  }
  auto deadline = now + std::min(what.request.timeout, longest_duration);
  caller who{promise, what.reads ? hold_ : 0, what.span};
  auto number = waiting_.add(key, std::move(who), deadline);
  if (number == 0)
    refuse(what, promise,
           make_error(request_errc::duplicate_key,
                      "a request with the key \"" + key + "\" waits already"));
  else if (what.reads)
    ++wanting_;
  return number;
}

void request_desk::not_written(const std::string& key, std::uint64_t number,
                               const caf::error& cause) {
  if (auto who = waiting_.take(key, number))
    fail(*who, ends_session(cause) ? make_lost_error(id_, describe(cause)) : cause);
}

rules::load request_desk::answer(std::vector<data_message>& messages, bool in_message) {
  rules::load result;
  auto keep = messages.begin();
  for (auto i = messages.begin(); i != messages.end(); ++i) {
    auto is_whole = i->last && !in_message;
    in_message = !i->last;
    auto key = is_whole && !waiting_.empty() ? key_of(*i) : optional<std::string>{};
    auto who = key ? waiting_.take(*key) : std::nullopt;
    if (who) {
      result += {1, static_cast<std::int64_t>(i->data.size())};
      settled(*who);
      end_span(who->span);
      if (broken_by(fault::keep_answers))
        *keep++ = *i;
      who->promise.deliver(std::move(*i));
    } else {
      if (keep != i)
        *keep = std::move(*i);
      ++keep;
    }
  }
  messages.erase(keep, messages.end());
  return result;
}

void request_desk::expire(time_point now) {
  for (auto& who : waiting_.take_due(now))
    fail(who, make_error(request_errc::timeout, "no answer came in time"));
}

void request_desk::end(const std::string& cause) {
  if (!end_)
    end_ = cause;
  for (auto& who : waiting_.take_all())
    fail(who, make_lost_error(id_, *end_));
}

// -- whether to read for them ---------------------------------------------------------------------

void request_desk::hold(const hold_reading& how) {
  ++hold_;
  wanting_ = 0;
  all_want_ = how.nobody_reads;
  if (how.for_good)
    end("it is being closed");
}

// -- helpers --------------------------------------------------------------------------------------

optional<std::string> request_desk::key_of(const data_message& message) const {
  // An exception of the user's must not end the session.
  try {
    return terms_.hooks->request_key(message);
  } catch (...) {
    return nothing;
  }
}

void request_desk::settled(const caller& who) noexcept {
  if (who.reads_in == hold_)
    --wanting_;
}

// Answers one that does not wait at all.
void request_desk::refuse(const make_request& what, caf::response_promise& to, caf::error cause) {
  end_span(what.span, cause);
  to.deliver(std::move(cause));
}

void request_desk::fail(caller& who, caf::error cause) {
  settled(who);
  end_span(who.span, cause);
  who.promise.deliver(std::move(cause));
}

} // namespace wsengine::internal
