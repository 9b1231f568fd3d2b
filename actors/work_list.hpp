// work_list.hpp: messages that a reader hands to a handler and can take back at any moment.

#pragma once

#include "wsengine/message.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace wsengine::internal {

/// A list from which one handler takes messages, in order, while the reader may call the rest back,
/// from another thread and while a callback runs. Each message goes one way only.
class work_list {
public:
  /// Whether handler and reader run on one thread, as they do for most: what then needs no care
  /// costs a message some percent.
  enum class use { by_threads, by_one_thread };

  explicit work_list(std::vector<data_message> messages, use by = use::by_threads) noexcept
    : size_(messages.size()),
      by_(by),
      messages_(std::move(messages)) {}

  /// The next message, to be moved from; null when none is left.
  data_message* take() noexcept {
    auto index = next_.load(std::memory_order_relaxed);
    if (by_ == use::by_one_thread)
      next_.store(index + 1, std::memory_order_relaxed);
    else
      index = next_.fetch_add(1, std::memory_order_acq_rel);
    return index < size_ ? &messages_[index] : nullptr;
  }

  /// Takes all messages that no handler took.
  std::vector<data_message> recall() {
    auto index = next_.exchange(size_, std::memory_order_acq_rel);
    if (index >= size_)
      return {};
    if (index == 0)
      return std::move(messages_);
    auto first = messages_.begin() + static_cast<std::ptrdiff_t>(index);
    return {std::make_move_iterator(first), std::make_move_iterator(messages_.end())};
  }

  // -- the end of the work: seldom worth a message ------------------------------------------------

  /// For the handler: no callback runs, and none will. Returns whether the reader wants to be told.
  bool finish() noexcept { return phase_.exchange(phase::finished) == phase::awaited; }

  /// For the reader: asks to be told. Returns whether it will be; not when the work is finished.
  bool await() noexcept {
    auto was = phase::running;
    return phase_.compare_exchange_strong(was, phase::awaited) || was == phase::awaited;
  }

  /// Whether the handler is done with it.
  [[nodiscard]] bool finished() const noexcept { return phase_ == phase::finished; }

private:
  enum class phase { running, awaited, finished };

  // Apart from the list: that is given away by one thread while the other looks how long it is.
  const std::size_t size_;
  const use by_;
  std::vector<data_message> messages_;
  std::atomic<std::size_t> next_{0};
  std::atomic<phase> phase_ = phase::running;
};

} // namespace wsengine::internal
