// outbox.cpp: see outbox.hpp.

#include "outbox.hpp"

#include "wsengine/close.hpp"
#include "wsengine/error.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::io {

namespace {

// Larger messages are fragmented, so that control frames pass in between.
constexpr std::size_t largest_piece = 64U << 10U;

// Says why a message can never be sent; no error when it can.
caf::error fault_of(const data_message& message, std::uint64_t max_message) {
  if (message.data.size() > max_message)
    return make_error(connection_errc::message_too_big, std::to_string(message.data.size())
                                                          + " bytes, the limit is "
                                                          + std::to_string(max_message));
  if (message.kind == message_kind::text && !is_utf8(message.data.text()))
    return make_error(connection_errc::invalid_message, "the text is not UTF-8");
  return caf::none;
}

} // namespace

// -- putting in -----------------------------------------------------------------------------------

void outbox::add(data_message message, limits bound, reply<void> to) {
  if (auto fault = fault_of(message, bound.message))
    return to.fail(std::move(fault));
  entry what;
  what.size = message.data.size();
  what.current = std::move(message);
  what.to = std::move(to);
  add(std::move(what), bound);
}

void outbox::add(message_batch batch, limits bound, reply<void> to) {
  auto& messages = batch.messages;
  if (messages.empty())
    return to.ok();
  entry what;
  for (const auto& message : messages) {
    if (auto fault = fault_of(message, bound.message))
      return to.fail(std::move(fault));
    what.size += message.data.size();
  }
  what.current = std::move(messages.front());
  what.next = 1;
  what.rest = std::move(messages);
  what.to = std::move(to);
  add(std::move(what), bound);
}

void outbox::add(entry what, limits bound) {
  if (!queue_.empty() && (bytes_ >= bound.queue || what.size > bound.queue - bytes_))
    return what.to.fail(
      make_error(connection_errc::queue_full, std::to_string(bytes_)
                                                + " bytes wait to be written, the limit is "
                                                + std::to_string(bound.queue)));
  bytes_ += what.size;
  queue_.push(std::move(what));
}

// -- taking out -----------------------------------------------------------------------------------

outbox::piece outbox::next() {
  const auto& from = queue_[written_];
  auto rest = from.current.data.bytes().subspan(from.offset);
  auto bytes = rest.first(std::min(rest.size(), largest_piece));
  return {from.current.kind, bytes, bytes.size() == rest.size()};
}

void outbox::wrote(std::uint64_t first, std::uint64_t last) {
  auto& from = queue_[written_];
  auto size = from.current.data.size();
  from.offset += std::min(size - from.offset, largest_piece);
  from.last = last;
  if (!std::exchange(from.begun, true))
    from.first = first;
  if (from.offset < size)
    return;
  from.offset = 0;
  if (from.next < from.rest.size()) {
    from.current = std::move(from.rest[from.next++]);
    return;
  }
  from.current = {};
  from.rest = {};
  ++written_;
}

void outbox::sent(std::uint64_t position) {
  while (written_ > 0 && queue_.front().last <= position) {
    --written_;
    leave().ok();
  }
}

void outbox::fail_all(const write_progress& progress, const std::string& text) {
  sent(progress.sent);
  while (!queue_.empty()) {
    auto& next = queue_.front();
    auto nothing_left = !next.begun || next.first >= progress.handed;
    leave().fail(make_error(
      nothing_left ? connection_errc::write_failed : connection_errc::write_unknown, text));
  }
  written_ = 0;
}

reply<void> outbox::leave() {
  bytes_ -= queue_.front().size;
  return std::move(queue_.pop().to);
}

} // namespace wsengine::io
