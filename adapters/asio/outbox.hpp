// outbox.hpp: the messages that wait to be written or to leave, and who waits for that.

#pragma once

#include "fifo.hpp"
#include "part_queue.hpp"
#include "reply.hpp"
#include "stream.hpp"

#include "wsengine/message.hpp"
#include "wsengine/observer.hpp"

#include <caf/actor_addr.hpp>
#include <caf/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::io {

/// The write queue, bounded in bytes. Messages go to the stream in pieces, in order; a request is
/// answered when the last byte of its messages has left. No piece is a copy: all view the payloads
/// of the requests.
class outbox {
public:
  /// What goes into one frame.
  struct piece {
    message_kind kind;
    std::span<const std::byte> bytes;
    /// Whether the message ends with it.
    bool last;
  };

  /// `view`, if not null, is told of all that is added and what becomes of it; it must outlive the
  /// object.
  explicit outbox(const observation* view = nullptr) noexcept : view_(view) {}

  /// Queues a message, or a part of one, if it may be sent and fits; otherwise answers why not.
  /// `who` writes it; null for a writer without a name.
  void add(data_message message, const write_limits& bound, reply<void> to,
           const caf::actor_addr& who = {});

  /// Queues all messages of a batch, or none.
  void add(message_batch batch, const write_limits& bound, reply<void> to,
           const caf::actor_addr& who = {});

  /// Whether a message lacks its end: then it matters who writes.
  [[nodiscard]] bool open() const noexcept { return queue_.open(); }

  /// Whether a message lacks an end that only `who` can write.
  [[nodiscard]] bool needs(const caf::actor_addr& who) const noexcept { return queue_.needs(who); }

  /// Whether everything was given to the stream that may go there.
  [[nodiscard]] bool all_written() const noexcept {
    return !writing_ && !queue_.admitted().ready();
  }

  /// Whether everything has left.
  [[nodiscard]] bool empty() const noexcept {
    return !writing_ && leaving_.empty() && queue_.admitted().empty();
  }

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
  // A request as it waits and while it is written.
  struct request {
    data_message current;
    // What comes behind `current`, from `next` on.
    std::vector<data_message> rest;
    std::size_t next = 0;
    std::uint64_t size = 0;
    // What an observer, if any, was told of.
    std::uint64_t messages = 0;
    const observation* view = nullptr;
    reply<void> to;

    void fail(caf::error why) {
      if (view)
        view->watcher->write_ended(view->who, {messages, size}, why);
      to.fail(std::move(why));
    }

    template <class F>
    caf::error each(F f) const {
      auto fault = f(current);
      for (auto i = next; !fault && i < rest.size(); ++i)
        fault = f(rest[i]);
      return fault;
    }
  };

  // What the stream has of a request.
  struct departure {
    std::uint64_t size = 0;
    std::uint64_t messages = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    reply<void> to;
  };

  void queue(request what, const volume& size, const write_limits& bound, reply<void> to,
             const caf::actor_addr& who);
  departure leave();

  const observation* view_;
  part_queue<request> queue_;
  // The request that is being written, how much of its current message was, and whether anything
  // was: then it is the last of those that leave.
  request now_;
  std::size_t offset_ = 0;
  bool writing_ = false;
  bool begun_ = false;
  fifo<departure> leaving_;
};

} // namespace wsengine::io
