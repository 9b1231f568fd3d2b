// part_queue.hpp: a write queue that keeps the parts of a message together; the same for every
// adapter.

#pragma once

#include "message_parts.hpp"
#include "write_queue.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_addr.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace wsengine::io {

/// What bounds a request to write.
struct write_limits {
  /// The most bytes of a message.
  std::uint64_t message = 0;
  write_bounds queue;
};

/// Admits requests to a write queue. While a message lacks its end, those of others than its writer
/// wait outside; that takes no more room than the queue itself would have.
///
/// A `Request` has a `size` in bytes, `fail(caf::error)`, and `each(f)`, which calls `f` for its
/// messages in order until that returns an error, and returns it.
template <class Request>
class part_queue {
public:
  /// Queues a request of `who`, or fails it.
  void add(Request what, const caf::actor_addr& who, const write_limits& bound) {
    if (parts_.must_wait(who))
      return wait(std::move(what), who, bound);
    admit(std::move(what), who, bound);
    // Whatever may go on now: all of it, or the parts of the one whose turn it is.
    for (auto next = next_outside(); next != outside_.end(); next = next_outside()) {
      auto found = std::move(*next);
      outside_.erase(next);
      outside_bytes_ -= found.what.size;
      admit(std::move(found.what), found.writer, bound);
    }
  }

  /// The requests that were admitted.
  [[nodiscard]] write_queue<Request>& admitted() noexcept { return queue_; }

  [[nodiscard]] const write_queue<Request>& admitted() const noexcept { return queue_; }

  /// Whether a message lacks its end.
  [[nodiscard]] bool open() const noexcept { return parts_.open(); }

  /// Whether a message lacks an end that only `who` can write.
  [[nodiscard]] bool needs(const caf::actor_addr& who) const noexcept { return parts_.needs(who); }

  /// Fails all requests that have not begun.
  void fail_all(const caf::error& why) {
    queue_.clear([&](Request& x) { x.fail(why); });
    for (auto& x : std::exchange(outside_, {}))
      x.what.fail(why);
    outside_bytes_ = 0;
    // With braces alone, clang 14 forgets to make the destructor.
    parts_ = message_parts{};
  }

private:
  struct outsider {
    Request what;
    caf::actor_addr writer;
  };

  auto next_outside() {
    return std::find_if(outside_.begin(), outside_.end(),
                        [this](auto& x) { return !parts_.must_wait(x.writer); });
  }

  void wait(Request what, const caf::actor_addr& who, const write_limits& bound) {
    auto bytes = queue_.bytes() + outside_bytes_;
    if (bytes >= bound.queue.bytes || what.size > bound.queue.bytes - bytes)
      return what.fail(make_queue_full_error(bytes, outside_.size(), bound.queue));
    outside_bytes_ += what.size;
    outside_.push_back({std::move(what), who});
  }

  void admit(Request what, const caf::actor_addr& who, const write_limits& bound) {
    message_parts::trial trial{parts_, bound.message};
    if (auto fault = what.each([&](const data_message& x) { return trial.take(x); }))
      return what.fail(std::move(fault));
    // A part in the middle must not give way.
    if (trial.has_parts() && bound.queue.policy == queue_policy::drop_oldest)
      return what.fail(make_error(connection_errc::invalid_message,
                                  "there are no parts where the oldest message may give way"));
    auto give_way = [](Request& oldest) { oldest.fail(make_dropped_error()); };
    auto size = what.size;
    if (!queue_.add(what, size, bound.queue, give_way))
      return what.fail(make_queue_full_error(queue_.bytes(), queue_.waiting(), bound.queue));
    parts_.queued(std::move(trial), who);
  }

  write_queue<Request> queue_;
  message_parts parts_;
  std::vector<outsider> outside_;
  std::uint64_t outside_bytes_ = 0;
};

} // namespace wsengine::io
