// outbox.hpp: the messages that wait to be written.

#pragma once

#include "fifo.hpp"
#include "reply.hpp"

#include "wsengine/message.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <string>

namespace wsengine::io {

/// The write queue: bounded in bytes, one write in flight at a time.
class outbox {
public:
  /// Queues a message if it may be sent and fits; otherwise answers why not.
  void add(data_message message, std::uint64_t max_message, std::uint64_t max_bytes,
           reply<void> to);

  /// Whether a write is in flight.
  [[nodiscard]] bool writing() const noexcept { return writing_; }

  /// Whether nothing is queued and nothing in flight.
  [[nodiscard]] bool empty() const noexcept { return queue_.empty(); }

  /// Takes the next message into flight. It stays valid until `written` or `fail_flight`.
  const data_message& start();

  /// The write in flight is done: answers it.
  void written();

  /// The write in flight was cut off: nobody knows how much of it arrived.
  void fail_flight(const std::string& text);

  /// Fails the write in flight and all that are queued.
  void fail_all(const std::string& text);

private:
  struct entry {
    data_message message;
    reply<void> to;
  };

  entry leave();

  fifo<entry> queue_;
  std::uint64_t bytes_ = 0;
  bool writing_ = false;
};

} // namespace wsengine::io
