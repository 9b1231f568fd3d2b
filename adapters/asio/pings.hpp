// pings.hpp: the pings that wait to be sent and those that wait for their pong.

#pragma once

#include "fifo.hpp"
#include "net.hpp"
#include "reply.hpp"

#include "wsengine/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wsengine::io {

/// Matches pongs with pings by payload and order. A pong answers the earliest ping with its
/// payload, and every ping before that: a peer may answer only the latest of several (RFC 6455,
/// section 5.5.3).
class pings {
public:
  /// Queues a ping of the user's.
  void add(payload data, reply<timespan> to);

  /// Queues a ping of our own, with a payload that no other has. Does nothing while one of ours
  /// waits to be sent.
  void add_own();

  /// Whether one is to be sent now.
  [[nodiscard]] bool ready() const noexcept { return !queued_.empty(); }

  /// Takes the next ping; it counts as sent from now. The view is valid until something else is
  /// called.
  std::string_view start(clock::time_point now);

  /// A pong came: answers what it settles. Returns how long it took, if it answers a ping.
  std::optional<timespan> pong(std::string_view data, clock::time_point now);

  /// Fails all.
  void fail_all(const std::string& text);

private:
  struct entry {
    payload data;
    reply<timespan> to;
    clock::time_point sent_at;
    bool own = false;
  };

  fifo<entry> queued_;
  fifo<entry> awaited_;
  std::uint64_t own_count_ = 0;
};

} // namespace wsengine::io
