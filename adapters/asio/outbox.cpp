// outbox.cpp: see outbox.hpp.

#include "outbox.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::io {

namespace {

// Larger messages are fragmented, so that control frames pass in between.
constexpr std::size_t largest_piece = 64U << 10U;

} // namespace

// -- putting in -----------------------------------------------------------------------------------

void outbox::add(data_message message, const write_limits& bound, reply<void> to,
                 const caf::actor_addr& who) {
  request what;
  what.size = message.data.size();
  what.current = std::move(message);
  what.to = std::move(to);
  queue_.add(std::move(what), who, bound);
}

void outbox::add(message_batch batch, const write_limits& bound, reply<void> to,
                 const caf::actor_addr& who) {
  auto& messages = batch.messages;
  if (messages.empty())
    return to.ok();
  request what;
  for (const auto& message : messages)
    what.size += message.data.size();
  what.current = std::move(messages.front());
  what.next = 1;
  what.rest = std::move(messages);
  what.to = std::move(to);
  queue_.add(std::move(what), who, bound);
}

// -- taking out -----------------------------------------------------------------------------------

outbox::piece outbox::next() {
  if (!std::exchange(writing_, true))
    now_ = queue_.admitted().take();
  auto rest = now_.current.data.bytes().subspan(offset_);
  auto bytes = rest.first(std::min(rest.size(), largest_piece));
  return {now_.current.kind, bytes, now_.current.last && bytes.size() == rest.size()};
}

void outbox::wrote(std::uint64_t first, std::uint64_t last) {
  auto size = now_.current.data.size();
  offset_ += std::min(size - offset_, largest_piece);
  if (std::exchange(begun_, true))
    leaving_.back().last = last;
  else
    leaving_.push({now_.size, first, last, std::move(now_.to)});
  if (offset_ < size)
    return;
  offset_ = 0;
  if (now_.next < now_.rest.size()) {
    now_.current = std::move(now_.rest[now_.next++]);
    return;
  }
  now_ = {};
  writing_ = false;
  begun_ = false;
}

void outbox::sent(std::uint64_t position) {
  while (leaving_.size() > (begun_ ? 1 : 0) && leaving_.front().last <= position)
    leave().ok();
}

void outbox::fail_all(const write_progress& progress, const std::string& text) {
  sent(progress.sent);
  while (!leaving_.empty()) {
    auto nothing_left = leaving_.front().first >= progress.handed;
    leave().fail(make_error(
      nothing_left ? connection_errc::write_failed : connection_errc::write_unknown, text));
  }
  auto why = make_error(connection_errc::write_failed, text);
  if (std::exchange(writing_, false))
    // It has left already, if anything of it was written.
    now_.fail(why);
  now_ = {};
  offset_ = 0;
  begun_ = false;
  queue_.fail_all(why);
}

reply<void> outbox::leave() {
  auto gone = leaving_.pop();
  queue_.admitted().left(gone.size);
  return std::move(gone.to);
}

} // namespace wsengine::io
