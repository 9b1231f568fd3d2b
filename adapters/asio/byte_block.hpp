// byte_block.hpp: bytes that were put in at the back and are taken out at the front.

#pragma once

#include "buffer_pool.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>

namespace wsengine::io {

/// A block of memory, borrowed from a pool, with the bytes in it.
class byte_block {
public:
  explicit byte_block(buffer_pool& pool) noexcept : pool_(pool) {}

  byte_block(const byte_block&) = delete;
  byte_block& operator=(const byte_block&) = delete;

  ~byte_block() { pool_.give(std::move(block_)); }

  [[nodiscard]] bool empty() const noexcept { return first_ == last_; }

  [[nodiscard]] std::size_t size() const noexcept { return last_ - first_; }

  /// What is in it, as long as nothing else is called.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return {block_.bytes.get() + first_, last_ - first_};
  }

  /// Room behind what is in it, in a block of the pool.
  std::span<std::byte> pooled_space() {
    if (block_.size == 0)
      block_ = pool_.take();
    make_front();
    return space();
  }

  /// The room that is left.
  [[nodiscard]] std::span<std::byte> space() noexcept {
    return {block_.bytes.get() + last_, block_.size - last_};
  }

  /// Says that `n` bytes were put into the room.
  void commit(std::size_t n) noexcept { last_ += n; }

  /// Takes `n` bytes out.
  void consume(std::size_t n) noexcept {
    first_ += n;
    if (first_ == last_)
      first_ = last_ = 0;
  }

  /// Takes the last `n` bytes back.
  void drop_back(std::size_t n) noexcept { last_ -= n; }

  void clear() noexcept { first_ = last_ = 0; }

  /// Gives a block of the pool back if there is nothing in it.
  void release() {
    if (empty())
      pool_.give(std::exchange(block_, {}));
  }

private:
  void make_front() noexcept {
    if (first_ == 0)
      return;
    std::memmove(block_.bytes.get(), block_.bytes.get() + first_, last_ - first_);
    last_ -= first_;
    first_ = 0;
  }

  buffer_pool& pool_;
  buffer_block block_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

} // namespace wsengine::io
