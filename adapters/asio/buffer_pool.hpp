// buffer_pool.hpp: the large buffers of an I/O thread, which sessions borrow while data is there.

#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace wsengine::io {

/// A piece of memory for bytes on their way in or out; empty when default-constructed.
struct buffer_block {
  std::unique_ptr<std::byte[]> bytes;
  std::size_t size = 0;
};

/// Lends blocks of one size. An idle session borrows none, so that ten thousand of them share a
/// few. For use on its thread only.
class buffer_pool {
public:
  /// As much as a read or write of the operating system moves at once.
  static constexpr std::size_t block_size = 64U << 10U;

  buffer_block take() {
    if (free_.empty())
      return {std::make_unique_for_overwrite<std::byte[]>(block_size), block_size};
    auto result = std::move(free_.back());
    free_.pop_back();
    return result;
  }

  /// Takes a block back; what is too many, or has another size, is given back to the system.
  void give(buffer_block block) {
    if (block.size == block_size && free_.size() < max_free)
      free_.push_back(std::move(block));
  }

private:
  static constexpr std::size_t max_free = 64;

  std::vector<buffer_block> free_;
};

} // namespace wsengine::io
