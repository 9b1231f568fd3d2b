// frame_scanner.cpp: see frame_scanner.hpp.

#include "frame_scanner.hpp"

#include <algorithm>

namespace wsengine::io {

std::size_t frame_scanner::feed(std::span<const std::byte> bytes) {
  const auto size = bytes.size();
  while (!bytes.empty() && !stopped_) {
    if (remaining_ > 0) {
      auto n = std::min<std::uint64_t>(remaining_, bytes.size());
      remaining_ -= n;
      payload_ += control_ ? 0 : n;
      bytes = bytes.subspan(static_cast<std::size_t>(n));
      if (remaining_ == 0)
        frame_complete(false);
      continue;
    }
    if (header_.collect(bytes))
      header_complete();
    // Beast must not get a whole header of what is beyond a limit.
    if (fault_ != read_fault::none)
      return size - bytes.size() - 1;
  }
  return fault_ == read_fault::none ? size : 0;
}

void frame_scanner::header_complete() noexcept {
  auto kind = header_.opcode();
  auto length = header_.length();
  fin_ = header_.fin();
  control_ = kind == opcode::ping || kind == opcode::pong;
  auto starts = kind == opcode::text || kind == opcode::binary;
  if (starts)
    message_size_ = message_frames_ = 0;
  auto known =
    control_ || (starts && !in_message_) || (kind == opcode::continuation && in_message_);
  auto sound = header_.reserved() == 0 && !header_.masked() && header_.is_shortest();
  auto fits = control_ ? fin_ && length <= 125
                       : length <= max_message_ && message_size_ <= max_message_ - length;
  if (!known || !sound || !fits) {
    stopped_ = true;
    return;
  }
  if (!control_ && ++message_frames_ > max_frames_)
    return fail(read_fault::too_many_frames);
  remaining_ = length;
  if (!control_) {
    in_message_ = !fin_;
    message_size_ += length;
  }
  if (length == 0)
    frame_complete(true);
}

void frame_scanner::frame_complete(bool empty) noexcept {
  if (!control_ && fin_) {
    ++messages_;
  } else if (control_ || empty) {
    control_payload_ = payload_;
    control_messages_ = messages_;
  }
}

} // namespace wsengine::io
