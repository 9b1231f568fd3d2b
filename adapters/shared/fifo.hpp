// fifo.hpp: a queue that takes no memory while it is empty and was never used.

#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace wsengine::io {

/// First in, first out. Unlike `std::deque`, it starts without memory: there are many idle
/// sessions.
template <class T>
class fifo {
public:
  [[nodiscard]] bool empty() const noexcept { return head_ == items_.size(); }

  [[nodiscard]] std::size_t size() const noexcept { return items_.size() - head_; }

  [[nodiscard]] T& front() { return items_[head_]; }

  [[nodiscard]] T& operator[](std::size_t i) { return items_[head_ + i]; }

  [[nodiscard]] T& back() { return items_.back(); }

  [[nodiscard]] auto begin() noexcept {
    return items_.begin() + static_cast<std::ptrdiff_t>(head_);
  }

  [[nodiscard]] auto end() noexcept { return items_.end(); }

  void push(T item) { items_.push_back(std::move(item)); }

  /// Adds all of them, without a copy when the queue is empty.
  void push_all(std::vector<T> items) {
    if (empty()) {
      items_ = std::move(items);
      head_ = 0;
      return;
    }
    std::move(items.begin(), items.end(), std::back_inserter(items_));
  }

  T pop() {
    auto result = std::move(items_[head_++]);
    if (head_ == items_.size())
      clear();
    else if (head_ >= 64 && head_ * 2 >= items_.size())
      drop_taken();
    return result;
  }

  void drop_back() {
    items_.pop_back();
    if (empty())
      clear();
  }

  /// Takes the first `n`, all of them without a copy when there are no more.
  std::vector<T> take(std::size_t n) {
    if (n >= size()) {
      drop_taken();
      return std::exchange(items_, {});
    }
    std::vector<T> result;
    result.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
      result.push_back(pop());
    return result;
  }

  void clear() {
    items_.clear();
    head_ = 0;
  }

private:
  void drop_taken() {
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }

  std::vector<T> items_;
  std::size_t head_ = 0;
};

} // namespace wsengine::io
