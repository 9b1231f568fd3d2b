// write_queue.hpp: the requests of a connection that wait to be written, and what happens when they
// are too many; the same for every adapter.

#pragma once

#include "fifo.hpp"

#include "wsengine/error.hpp"
#include "wsengine/options.hpp"

#include <caf/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace wsengine::io {

/// What bounds a write queue.
struct write_bounds {
  std::uint64_t bytes = 0;
  queue_policy policy = queue_policy::reject;
  /// How many requests may wait behind a full queue.
  std::size_t room = 0;
};

inline write_bounds write_bounds_of(const connection_options& options) noexcept {
  return {options.write_queue_bytes, options.when_queue_full, options.waiting_room};
}

/// The error of a request that is refused.
inline caf::error make_queue_full_error(std::uint64_t bytes, std::size_t waiting,
                                        const write_bounds& bound) {
  auto text = std::to_string(bytes) + " bytes wait to be written, the limit is "
              + std::to_string(bound.bytes);
  if (bound.policy == queue_policy::block_sender)
    text += "; so do " + std::to_string(waiting) + " requests behind them";
  return make_error(connection_errc::queue_full, std::move(text));
}

/// The error of a request that gives way.
inline caf::error make_dropped_error() {
  return make_error(connection_errc::dropped, "it gave way to a newer message");
}

/// A queue of requests, bounded in bytes, with a waiting room behind it. A request counts from when
/// it is added until it has left, which is long after it has begun to go out (`take`). Those in the
/// waiting room do not count, and cannot begin before they have moved up. Order is kept throughout.
///
/// Starts without memory: there are many idle connections.
template <class Request>
class write_queue {
public:
  /// Adds a request, if it may come in; otherwise leaves it with the caller and returns false. For
  /// each request that gives way, calls `give_way(Request&)` first.
  template <class GiveWay>
  [[nodiscard]] bool add(Request& what, std::uint64_t size, const write_bounds& bound,
                         GiveWay give_way) {
    bound_ = bound.bytes;
    if (waiting() == 0 && fits(size))
      return push(what, size);
    switch (bound.policy) {
      case queue_policy::reject: break;
      case queue_policy::drop_oldest:
        if (!fits_alone(size))
          return false;
        while (!fits(size))
          drop_oldest(give_way);
        return push(what, size);
      case queue_policy::block_sender:
        if (waiting() >= bound.room)
          return false;
        requests_.push({std::move(what), size});
        return true;
    }
    return false;
  }

  /// Whether a request may begin to go out.
  [[nodiscard]] bool ready() const noexcept { return queued_ > 0; }

  /// Whether no request waits that has not begun.
  [[nodiscard]] bool empty() const noexcept { return requests_.empty(); }

  /// How many requests are in the waiting room.
  [[nodiscard]] std::size_t waiting() const noexcept { return requests_.size() - queued_; }

  /// The bytes of all that count.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  /// Takes out the first request: it begins to go out, and can no longer give way.
  [[nodiscard]] Request take() {
    auto first = requests_.pop();
    --queued_;
    queued_bytes_ -= first.size;
    ++begun_;
    return std::move(first.what);
  }

  /// A request that was taken out has left: others move up.
  void left(std::uint64_t size) {
    --begun_;
    bytes_ -= size;
    while (waiting() > 0 && fits(requests_[queued_].size))
      count(requests_[queued_].size);
  }

  /// Takes out all that have not begun, those of the waiting room, too, and calls `with(Request&)`
  /// for each.
  template <class With>
  void clear(With with) {
    bytes_ -= std::exchange(queued_bytes_, 0);
    queued_ = 0;
    auto all = std::exchange(requests_, {});
    for (auto& x : all)
      with(x.what);
  }

private:
  struct entry {
    Request what;
    std::uint64_t size = 0;
  };

  // One request is always accepted by an empty queue.
  [[nodiscard]] bool fits_behind(std::size_t others, std::uint64_t bytes,
                                 std::uint64_t size) const noexcept {
    return others == 0 || (bytes < bound_ && size <= bound_ - bytes);
  }

  [[nodiscard]] bool fits(std::uint64_t size) const noexcept {
    return fits_behind(begun_ + queued_, bytes_, size);
  }

  // Whether it would fit if all gave way that can.
  [[nodiscard]] bool fits_alone(std::uint64_t size) const noexcept {
    return fits_behind(begun_, bytes_ - queued_bytes_, size);
  }

  void count(std::uint64_t size) noexcept {
    ++queued_;
    queued_bytes_ += size;
    bytes_ += size;
  }

  bool push(Request& what, std::uint64_t size) {
    requests_.push({std::move(what), size});
    count(size);
    return true;
  }

  template <class GiveWay>
  void drop_oldest(GiveWay& give_way) {
    auto oldest = requests_.pop();
    --queued_;
    queued_bytes_ -= oldest.size;
    bytes_ -= oldest.size;
    give_way(oldest.what);
  }

  // First the queue, then the waiting room.
  fifo<entry> requests_;
  std::size_t queued_ = 0;
  std::uint64_t queued_bytes_ = 0;
  // How many have begun and not left.
  std::size_t begun_ = 0;
  // Of the queue and of those that have begun.
  std::uint64_t bytes_ = 0;
  std::uint64_t bound_ = 0;
};

} // namespace wsengine::io
