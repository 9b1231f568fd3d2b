// outbox.hpp: the messages that wait to be written or to leave, and who waits for that.

#pragma once

#include "fifo.hpp"
#include "reply.hpp"
#include "stream.hpp"

#include "wsengine/message.hpp"

#include <caf/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace wsengine::io {

/// The write queue, bounded in bytes. Messages go to the stream in pieces, in order; a request is
/// answered when the last byte of its messages has left.
class outbox {
public:
  /// What goes into one frame.
  struct piece {
    message_kind kind;
    std::span<const std::byte> bytes;
    /// Whether the message ends with it.
    bool last;
  };

  /// What bounds a request.
  struct limits {
    std::uint64_t message;
    std::uint64_t queue;
  };

  /// Queues a message if it may be sent and fits; otherwise answers why not.
  void add(data_message message, limits bound, reply<void> to);

  /// Queues all messages of a batch, or none.
  void add(message_batch batch, limits bound, reply<void> to);

  /// Whether everything was given to the stream.
  [[nodiscard]] bool all_written() const noexcept { return written_ == queue_.size(); }

  /// Whether everything has left.
  [[nodiscard]] bool empty() const noexcept { return queue_.empty(); }

  /// What has to be written next, valid until `wrote`.
  [[nodiscard]] piece next();

  /// The next piece was written, between these positions in what the stream has written.
  void wrote(std::uint64_t first, std::uint64_t last);

  /// What was written before `position` has left: answers whom that concerns.
  void sent(std::uint64_t position);

  /// Fails all: what the operating system certainly has nothing of as not written, the rest as
  /// unknown.
  void fail_all(const write_progress& progress, const std::string& text);

private:
  struct entry {
    data_message current;
    // What comes behind `current`, from `next` on.
    std::vector<data_message> rest;
    std::size_t next = 0;
    // How much of `current` was written.
    std::size_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool begun = false;
    reply<void> to;
  };

  void add(entry what, limits bound);
  reply<void> leave();

  fifo<entry> queue_;
  // How many entries were written as a whole.
  std::size_t written_ = 0;
  std::uint64_t bytes_ = 0;
};

} // namespace wsengine::io
