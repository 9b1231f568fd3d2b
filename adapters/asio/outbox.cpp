// outbox.cpp: see outbox.hpp.

#include "outbox.hpp"

#include "volume_of.hpp"

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
  auto size = volume_of(message);
  what.current = std::move(message);
  queue(std::move(what), size, bound, std::move(to), who);
}

void outbox::add(message_batch batch, const write_limits& bound, reply<void> to,
                 const caf::actor_addr& who) {
  auto& messages = batch.messages;
  if (messages.empty())
    return to.ok();
  request what;
  auto size = volume_of(messages);
  what.current = std::move(messages.front());
  what.next = 1;
  what.rest = std::move(messages);
  queue(std::move(what), size, bound, std::move(to), who);
}

void outbox::queue(request what, const volume& size, const write_limits& bound, reply<void> to,
                   const caf::actor_addr& who) {
  what.size = size.bytes;
  what.messages = size.messages;
  what.view = view_;
  what.to = std::move(to);
  if (view_)
    view_->watcher->write_began(view_->who, size);
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
    leaving_.push({now_.size, now_.messages, first, last, std::move(now_.to)});
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
  volume gone;
  while (leaving_.size() > (begun_ ? 1 : 0) && leaving_.front().last <= position) {
    auto next = leave();
    gone += {next.messages, next.size};
    next.to.ok();
  }
  if (view_ && gone != volume{})
    view_->watcher->write_ended(view_->who, gone, {});
}

void outbox::fail_all(const write_progress& progress, const std::string& text) {
  sent(progress.sent);
  while (!leaving_.empty()) {
    auto nothing_left = leaving_.front().first >= progress.handed;
    auto next = leave();
    auto why = make_error(
      nothing_left ? connection_errc::write_failed : connection_errc::write_unknown, text);
    if (view_)
      view_->watcher->write_ended(view_->who, {next.messages, next.size}, why);
    next.to.fail(std::move(why));
  }
  auto why = make_error(connection_errc::write_failed, text);
  // It has left already, if anything of it was written.
  if (std::exchange(writing_, false) && !begun_)
    now_.fail(why);
  now_ = {};
  offset_ = 0;
  begun_ = false;
  queue_.fail_all(why);
}

outbox::departure outbox::leave() {
  auto gone = leaving_.pop();
  queue_.admitted().left(gone.size);
  return gone;
}

} // namespace wsengine::io
