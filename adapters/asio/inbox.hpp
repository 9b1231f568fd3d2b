// inbox.hpp: the messages that were read and not asked for yet, and who asks for them.

#pragma once

#include "feed.hpp"
#include "fifo.hpp"
#include "reply.hpp"

#include "wsengine/connection_actor.hpp"
#include "wsengine/message.hpp"

#include <caf/error.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wsengine::io {

/// Brings messages and the one demand, read or credit that waits together.
class inbox {
public:
  /// What a message counts besides its payload, so that many empty messages fill the inbox, too.
  static constexpr std::uint64_t message_overhead = 64;

  /// What a message counts.
  static std::uint64_t cost_of(const data_message& message) noexcept {
    return message.data.size() + message_overhead;
  }

  /// Adds messages that were read.
  void add(std::vector<data_message> messages);

  /// Answers whoever waits, if there is something to answer with.
  void serve();

  /// Adds to the credit of `to`. An error when somebody else reads.
  caf::error grant(const credit_msg& more, feed to);

  /// Asks for at most `max` messages; 0 withdraws what waits.
  void demand(std::uint32_t max, reply<message_batch> to);

  /// Asks for one message.
  void read(reply<data_message> to);

  /// Says that no message will come any more. Those that are here stay readable.
  void end(caf::error reason);

  /// Drops all messages.
  void clear();

  /// The bytes that wait to be asked for, with what each message takes besides its payload.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
  [[nodiscard]] bool asked() const { return batch_waits_.pending() || read_waits_.pending(); }

  [[nodiscard]] caf::error why_not_readable() const;
  void answer();
  void push();
  void withdraw();
  message_batch take_credit();
  message_batch take(std::size_t max);

  fifo<data_message> unread_;
  std::uint64_t bytes_ = 0;
  std::uint32_t max_ = 0;
  reply<message_batch> batch_waits_;
  reply<data_message> read_waits_;
  feed fed_;
  credit_msg credit_;
  caf::error end_;
};

} // namespace wsengine::io
