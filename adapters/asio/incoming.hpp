// incoming.hpp: the bytes that have arrived and that Beast has not taken yet.

#pragma once

#include "buffer_pool.hpp"
#include "byte_block.hpp"
#include "deflate_offer.hpp"
#include "frame_scanner.hpp"
#include "unpacker.hpp"

#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wsengine::io {

/// What lies between the transport and Beast. While Beast makes the opening handshake, it is given
/// nothing beyond the header of the response, so that the frames behind it are counted from the
/// first on. Beast knows nothing of compression: it gets frames that were unpacked.
class incoming {
public:
  explicit incoming(buffer_pool& pool) noexcept : pool_(pool), wire_(pool) {}

  /// Whether there is nothing that Beast may take.
  [[nodiscard]] bool empty() const noexcept { return source().empty(); }

  /// Room for what comes next, in a block of the pool.
  std::span<std::byte> pooled_space() { return wire_.pooled_space(); }

  /// Says that `n` bytes were put into the space.
  void commit(std::size_t n);

  /// Gets ready for the next `take`, or gives blocks of the pool back if there is nothing in them.
  void release();

  /// What Beast may take now, at most `max` bytes, as long as nothing else is called.
  std::span<const std::byte> take(std::size_t max);

  /// What has been taken of the response to the opening handshake, at most `max_refusal` bytes.
  [[nodiscard]] std::string_view response() const noexcept {
    return response_ ? std::string_view{*response_} : std::string_view{};
  }

  /// The largest header to accept of the response, in bytes.
  void max_header_size(std::size_t bytes) noexcept { header_left_ = bytes; }

  /// The opening handshake is done: from here on there are frames, compressed if that was agreed.
  void begin_frames(const std::optional<deflate_agreement>& agreed);

  /// Nobody wants messages any more.
  void discard_messages();

  [[nodiscard]] frame_scanner& frames() noexcept { return frames_; }

private:
  [[nodiscard]] const byte_block& source() const noexcept {
    return unpacker_ ? unpacker_->frames() : wire_;
  }

  std::span<const std::byte> up_to_frames(std::span<const std::byte> bytes);
  void remember(std::span<const std::byte> bytes);
  std::size_t up_to_header_end(std::span<const std::byte> bytes) noexcept;

  buffer_pool& pool_;
  byte_block wire_;
  frame_scanner frames_;
  std::unique_ptr<unpacker> unpacker_;
  bool in_frames_ = false;
  // How much of the end of the response's header was seen.
  std::size_t end_matched_ = 0;
  // How much longer that header may become.
  std::size_t header_left_ = std::numeric_limits<std::size_t>::max();
  // Until there are frames.
  std::unique_ptr<std::string> response_;
};

} // namespace wsengine::io
