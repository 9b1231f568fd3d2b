// incoming.hpp: the bytes that have arrived and that Beast has not taken yet.

#pragma once

#include "buffer_pool.hpp"
#include "frame_scanner.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wsengine::io {

/// A block of memory between the transport and Beast. While Beast makes the opening handshake, it
/// is given nothing beyond the header of the response, so that the frames behind it are counted
/// from the first on.
class incoming {
public:
  explicit incoming(buffer_pool& pool) noexcept : pool_(pool) {}

  incoming(const incoming&) = delete;
  incoming& operator=(const incoming&) = delete;

  ~incoming() { pool_.give(std::move(block_)); }

  [[nodiscard]] bool empty() const noexcept { return first_ == last_; }

  /// Room for what comes next, in a block of the pool.
  std::span<std::byte> pooled_space();

  /// Room for what comes next, in a block of our own with `size` bytes.
  std::span<std::byte> own_space(std::size_t size);

  /// Says that `n` bytes were put into the space.
  void commit(std::size_t n);

  /// Gives a block of the pool back if there is nothing in it.
  void release();

  /// What Beast may take now, at most `max` bytes, as long as nothing else is called.
  std::span<const std::byte> take(std::size_t max);

  /// What has been taken of the response to the opening handshake, at most `max_refusal` bytes.
  [[nodiscard]] std::string_view response() const noexcept {
    return response_ ? std::string_view{*response_} : std::string_view{};
  }

  /// The opening handshake is done: from here on there are frames.
  void begin_frames();

  [[nodiscard]] frame_scanner& frames() noexcept { return frames_; }

private:
  void make_front() noexcept;
  void remember(std::span<const std::byte> bytes);
  std::size_t up_to_header_end(std::span<const std::byte> bytes) noexcept;

  buffer_pool& pool_;
  buffer_block block_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  frame_scanner frames_;
  bool in_frames_ = false;
  // How much of the end of the response's header was seen.
  std::size_t end_matched_ = 0;
  // Until there are frames.
  std::unique_ptr<std::string> response_;
};

} // namespace wsengine::io
