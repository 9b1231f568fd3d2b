// frame_scanner.hpp: knows how much of what has arrived can be read without waiting.

#pragma once

#include "frame_header.hpp"
#include "read_fault.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace wsengine::io {

/// Follows the frame headers (RFC 6455, section 5.2) in the bytes that a server sends, on their way
/// to Beast, and keeps count of what Beast has handed out of them.
///
/// Beast's synchronous read must never find that a byte is missing: that would end the stream. This
/// class says when it will not. It does not judge: at the first frame that is not plain data, ping
/// or pong it stops, and from there on the asynchronous read sees to the rest. Only limits that
/// Beast does not know are faults: Beast sees nothing of what is beyond.
class frame_scanner {
public:
  /// The size at which Beast refuses a message.
  void max_message_size(std::uint64_t bytes) noexcept { max_message_ = bytes; }

  /// The most frames that a message may have.
  void max_frames(std::uint64_t count) noexcept { max_frames_ = count; }

  [[nodiscard]] std::uint64_t max_frames() const noexcept { return max_frames_; }

  /// Takes in what follows on the wire. Returns how many of the bytes Beast may see.
  std::size_t feed(std::span<const std::byte> bytes);

  /// Beast has handed out `n` bytes of a message.
  void took(std::size_t n) noexcept { payload_read_ += n; }

  /// Beast has handed out the last byte of a message.
  void took_message() noexcept { ++messages_read_; }

  /// Whether a synchronous read hands out a byte, or the end of an empty message.
  [[nodiscard]] bool readable() const noexcept {
    return payload_read_ < payload_ || messages_read_ < messages_;
  }

  /// Whether something has arrived, behind all that is readable, that Beast has to take: a ping, a
  /// pong, a close frame, a fault, or a frame that adds nothing to its message.
  [[nodiscard]] bool protocol_waits() const noexcept {
    return stopped_ || (control_payload_ == payload_read_ && control_messages_ == messages_read_);
  }

  /// How many bytes are readable.
  [[nodiscard]] std::size_t readable_bytes() const noexcept {
    return static_cast<std::size_t>(payload_ - payload_read_);
  }

  /// How many bytes of the last data frame have not arrived yet.
  [[nodiscard]] std::uint64_t missing_bytes() const noexcept { return control_ ? 0 : remaining_; }

  /// Whether the rest is left to Beast.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  /// What is wrong behind all that Beast may see; none when Beast has to find out.
  [[nodiscard]] read_fault fault() const noexcept { return fault_; }

  /// Beast sees nothing of what follows, for this is wrong with it.
  void fail(read_fault why) noexcept {
    stopped_ = true;
    fault_ = why;
  }

private:
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  void header_complete() noexcept;
  void frame_complete(bool empty) noexcept;

  std::uint64_t max_message_ = never;
  std::uint64_t max_frames_ = never;
  frame_header header_;
  // The frame that is coming in.
  std::uint64_t remaining_ = 0;
  bool control_ = false;
  bool fin_ = false;
  // Whether the last data frame left its message open, and how large that is.
  bool in_message_ = false;
  std::uint64_t message_size_ = 0;
  std::uint64_t message_frames_ = 0;
  bool stopped_ = false;
  read_fault fault_ = read_fault::none;

  // What has arrived and what was read, in bytes of data frames and in messages.
  std::uint64_t payload_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t payload_read_ = 0;
  std::uint64_t messages_read_ = 0;
  // What had arrived before the last frame that gives nothing to read.
  std::uint64_t control_payload_ = never;
  std::uint64_t control_messages_ = never;
};

} // namespace wsengine::io
