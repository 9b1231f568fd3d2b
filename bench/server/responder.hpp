// responder.hpp: reads the frames of a client and makes the answer in the same memory.
//
// An answer is never longer than what it answers: it has no mask. So each chunk of bytes is turned
// into its answer where it lies, and a message of any size needs no memory of its own.

#pragma once

#include "server/frames.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wsengine::bench {

class responder {
public:
  /// How far before the chunk its answer must begin: a header may have begun in the chunk before.
  static constexpr std::size_t headroom = 16;

  /// Pings and close frames are always answered, data messages only with `echo`.
  explicit responder(bool echo = false) noexcept : echo_(echo) {}

  /// Takes the next bytes and writes what to answer to `to`, which lies `headroom` bytes before
  /// `chunk` (or anywhere else where `chunk.size()` bytes fit); returns the size of the answer.
  std::size_t answer(std::span<const std::byte> chunk, std::byte* to);

  /// How many data messages have ended.
  [[nodiscard]] std::uint64_t messages() const noexcept { return messages_; }

  /// Whether the client's close frame has come, and is answered.
  [[nodiscard]] bool closed() const noexcept { return closed_; }

private:
  // Takes bytes of a header; once it is complete, begins the frame. Returns where the bytes go on.
  const std::byte* take_header(const std::byte* at, const std::byte* end, std::byte*& to);
  void begin_frame(const std::byte* header, std::size_t size, std::byte*& to);
  const std::byte* take_payload(const std::byte* at, const std::byte* end, std::byte*& to);
  void end_frame();

  bool echo_;
  bool closed_ = false;
  std::uint64_t messages_ = 0;
  // The part of a header that came with chunks before this one.
  std::array<std::byte, 14> header_{};
  std::size_t header_size_ = 0;
  // The frame whose payload is being taken.
  bool in_payload_ = false;
  bool answered_ = false;
  std::uint8_t first_ = 0;
  std::uint64_t left_ = 0;
  std::array<std::byte, 4> mask_{};
};

} // namespace wsengine::bench
