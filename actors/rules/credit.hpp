// credit.hpp: the rule how many messages a connection may hand over unasked.

#pragma once

#include "wsengine/message.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace wsengine::rules {

/// Messages, by their number and the bytes of their payloads. Below zero where more came than was
/// granted.
struct load {
  std::int64_t messages = 0;
  std::int64_t bytes = 0;

  load& operator+=(const load& other) noexcept {
    messages += other.messages;
    bytes += other.bytes;
    return *this;
  }

  load& operator-=(const load& other) noexcept {
    messages -= other.messages;
    bytes -= other.bytes;
    return *this;
  }

  friend load operator+(load lhs, const load& rhs) noexcept { return lhs += rhs; }

  friend load operator-(load lhs, const load& rhs) noexcept { return lhs -= rhs; }

  friend bool operator==(const load&, const load&) = default;
};

/// How much `messages` are.
inline load load_of(const std::vector<data_message>& messages) noexcept {
  load result{static_cast<std::int64_t>(messages.size()), 0};
  for (const auto& message : messages)
    result.bytes += static_cast<std::int64_t>(message.data.size());
  return result;
}

/// Keeps what a session's messages take on the reader's side within bounds, with few grants: credit
/// is given back when half of the window is free, however fast the messages come.
class credit {
public:
  /// What is granted and what is held together may be `window`; one message may exceed it.
  explicit credit(load window) noexcept : window_(window) {}

  /// Whether the window is twice as large; for a time in which something is looked for that may be
  /// behind what nobody takes.
  void stretch(bool on) noexcept { stretched_ = on; }

  /// What to grant now that `held` is on the reader's side; nothing when less than half is free.
  load grant(const load& held) noexcept {
    auto all = window();
    auto free = all - granted_ - held;
    if (free.messages * 2 < all.messages && free.bytes * 2 < all.bytes)
      return {};
    // The connection counts as exactly as we do: it stops when either is used up.
    free = {std::max<std::int64_t>(free.messages, 0), std::max<std::int64_t>(free.bytes, 0)};
    granted_ += free;
    stands_ = true;
    return free;
  }

  /// Messages came.
  void received(const load& what) noexcept { granted_ -= what; }

  /// The connection has no credit any more: it was withdrawn, or reading ended.
  void ended() noexcept {
    granted_ = {};
    stands_ = false;
  }

  /// Whether anything was granted since the start or the last end, used up or not.
  [[nodiscard]] bool stands() const noexcept { return stands_; }

  /// Whether the connection may hand something over.
  [[nodiscard]] bool outstanding() const noexcept {
    return granted_.messages > 0 && granted_.bytes > 0;
  }

  /// Whether so little is left that the connection may have none before more messages tell of it.
  [[nodiscard]] bool is_low() const noexcept {
    auto all = window();
    return granted_.messages * 2 < all.messages || granted_.bytes * 2 < all.bytes;
  }

private:
  [[nodiscard]] load window() const noexcept { return stretched_ ? window_ + window_ : window_; }

  load window_;
  bool stretched_ = false;
  load granted_;
  bool stands_ = false;
};

} // namespace wsengine::rules
