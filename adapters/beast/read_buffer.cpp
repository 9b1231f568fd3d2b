// read_buffer.cpp: see read_buffer.hpp.

#include "read_buffer.hpp"

#include <caf/make_counted.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace wsengine::io {

namespace {

// What a session keeps while it waits: as much as Beast buffers by itself.
constexpr std::size_t resting_size = 1536;

} // namespace

std::span<std::byte> read_buffer::space(std::size_t hint) {
  auto capacity = memory_ ? memory_->size() : 0;
  auto needed = size_ == 0 ? resting_size : size_ + std::max<std::size_t>(hint, 1);
  if (capacity < needed) {
    // Twice as much each time, unless the frame said how much there is.
    auto grown = caf::make_counted<memory>(size_ == 0 ? needed : std::max(needed, capacity * 2));
    if (size_ > 0)
      std::memcpy(grown->data(), memory_->data(), size_);
    memory_ = std::move(grown);
  }
  return {memory_->data() + size_, memory_->size() - size_};
}

payload read_buffer::take() {
  std::span<const std::byte> bytes{memory_ ? memory_->data() : nullptr, size_};
  size_ = 0;
  if (bytes.empty())
    return {};
  if (bytes.size() <= resting_size)
    return payload{bytes};
  return payload{std::exchange(memory_, nullptr), bytes};
}

} // namespace wsengine::io
