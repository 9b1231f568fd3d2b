// reader_requests.cpp: what a reader does for those who wait for an answer of the server.

#include "alarm.hpp"
#include "reader.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::internal {

caf::result<data_message> reader::take_request(make_request& what) {
  if (!requests_)
    requests_ = std::make_unique<request_desk>(id_, request_terms_);
  if (end_)
    requests_->end(describe(make_closed_error(end_->reason, *end_)));
  auto caller = make_response_promise();
  auto number = requests_->add(what, caller, clock().now());
  if (number == 0)
    return caller;
  auto& message = what.request.message;
  request(connection_, caf::infinite, write_msg{message.kind, std::move(message.data)})
    .then([] {},
          [this, key = std::move(what.request.key), number](const caf::error& cause) {
            requests_->not_written(key, number, cause);
            hand_out();
          });
  watch_deadlines();
  // There may be reason to read more than before.
  hand_out();
  return caller;
}

// While nothing is delivered: reads as long as a request needs it. What comes besides waits here.
void reader::read_for_requests() {
  if (!requests_ || !held_ || hold_promise_.pending())
    return;
  if (requests_->wants_reading()) {
    reading_for_requests_ = true;
    grant_credit();
  } else if (reading_for_requests_ && credit_.stands()) {
    withdraw();
  }
}

// One alarm is enough: for the earliest deadline.
void reader::watch_deadlines() {
  auto& desk = *requests_;
  auto next = desk.next_deadline();
  if (!next || (desk.alarm_at && *desk.alarm_at <= *next))
    return;
  desk.alarm_at = *next;
  auto delay = std::max(timespan{0}, timespan{*next - clock().now()});
  ring_later(*this, unit(), desk.alarm, delay, ++desk.last_alarm);
}

void reader::deadline_due(const alarm_due& what) {
  // There is an earlier one, or was.
  if (what.id != requests_->last_alarm)
    return;
  requests_->alarm_at.reset();
  requests_->expire(clock().now());
  watch_deadlines();
  hand_out();
}

} // namespace wsengine::internal
