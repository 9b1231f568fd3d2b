// inbox.cpp: see inbox.hpp.

#include "inbox.hpp"

#include "wsengine/error.hpp"

#include <utility>

namespace wsengine::io {

void inbox::add(std::vector<data_message> messages) {
  for (const auto& message : messages)
    bytes_ += cost_of(message);
  unread_.push_all(std::move(messages));
}

message_batch inbox::take(std::size_t max) {
  message_batch result{unread_.take(max)};
  for (const auto& message : result.messages)
    bytes_ -= cost_of(message);
  return result;
}

void inbox::serve() {
  if (asked())
    answer();
  else if (fed_)
    push();
}

void inbox::answer() {
  if (unread_.empty()) {
    if (!end_)
      return;
    batch_waits_.fail(end_);
    read_waits_.fail(end_);
  } else if (batch_waits_.pending()) {
    batch_waits_.ok(take(max_));
  } else {
    read_waits_.ok(std::move(take(1).messages.front()));
  }
}

void inbox::push() {
  if (!unread_.empty() && credit_.messages > 0 && credit_.bytes > 0)
    fed_.send(take_credit());
  if (unread_.empty() && end_)
    std::exchange(fed_, {}).end(end_);
}

message_batch inbox::take_credit() {
  std::int64_t bytes = 0;
  std::size_t count = 0;
  for (const auto& message : unread_) {
    if (static_cast<std::int64_t>(count) == credit_.messages || bytes >= credit_.bytes)
      break;
    bytes += static_cast<std::int64_t>(message.data.size());
    ++count;
  }
  credit_.messages -= static_cast<std::int64_t>(count);
  credit_.bytes -= bytes;
  return take(count);
}

caf::error inbox::why_not_readable() const {
  if (asked() || fed_)
    return make_error(connection_errc::read_pending, "a read, demand or credit waits already");
  return caf::none;
}

caf::error inbox::grant(const credit_msg& more, feed to) {
  if (!(fed_ == to)) {
    if (auto reason = why_not_readable())
      return reason;
    fed_ = std::move(to);
    credit_ = {};
  }
  credit_.messages += more.messages;
  credit_.bytes += more.bytes;
  serve();
  return caf::none;
}

void inbox::demand(std::uint32_t max, reply<message_batch> to) {
  if (max == 0) {
    withdraw();
    return to.ok(message_batch{});
  }
  if (auto reason = why_not_readable())
    return to.fail(std::move(reason));
  max_ = max;
  batch_waits_ = std::move(to);
  serve();
}

void inbox::read(reply<data_message> to) {
  if (auto reason = why_not_readable())
    return to.fail(std::move(reason));
  read_waits_ = std::move(to);
  serve();
}

void inbox::withdraw() {
  batch_waits_.ok(message_batch{});
  read_waits_.fail(make_error(connection_errc::read_failed, "the read was withdrawn"));
  fed_ = {};
}

void inbox::end(caf::error reason) {
  end_ = std::move(reason);
  serve();
}

void inbox::clear() {
  fed_ = {};
  unread_.clear();
  bytes_ = 0;
}

} // namespace wsengine::io
