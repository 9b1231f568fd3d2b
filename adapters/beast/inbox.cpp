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
  if (!waiting())
    return;
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

void inbox::demand(std::uint32_t max, reply<message_batch> to) {
  if (max == 0) {
    withdraw();
    return to.ok(message_batch{});
  }
  if (waiting())
    return to.fail(make_error(connection_errc::read_pending, "a read or demand waits already"));
  max_ = max;
  batch_waits_ = std::move(to);
  serve();
}

void inbox::read(reply<data_message> to) {
  if (waiting())
    return to.fail(make_error(connection_errc::read_pending, "a read or demand waits already"));
  read_waits_ = std::move(to);
  serve();
}

void inbox::withdraw() {
  batch_waits_.ok(message_batch{});
  read_waits_.fail(make_error(connection_errc::read_failed, "the read was withdrawn"));
}

void inbox::end(caf::error reason) {
  end_ = std::move(reason);
  serve();
}

void inbox::clear() {
  unread_.clear();
  bytes_ = 0;
}

} // namespace wsengine::io
