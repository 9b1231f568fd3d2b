// unpacker.hpp: turns compressed messages (RFC 7692) into messages without compression.

#pragma once

#include "buffer_pool.hpp"
#include "byte_block.hpp"
#include "deflate_offer.hpp"
#include "frame_header.hpp"
#include "frame_scanner.hpp"
#include "zlib.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace wsengine::io {

/// Takes frames as they come in, inflates the payload of compressed messages, and gives frames
/// without compression on. Everything else passes as it is; it is not judged here. What it holds is
/// bounded by one block, however much a few compressed bytes may become: it goes on when that was
/// taken.
class unpacker {
public:
  /// The scanner is told of all frames that are given on. The limit of frames in a message is taken
  /// over from it, for it is about what comes in.
  unpacker(buffer_pool& pool, frame_scanner& scanner, const deflate_agreement& agreed);

  /// Takes what came in, as long as there is room for what it becomes. Leaves nothing behind if
  /// nothing of what was given on is readable.
  void run(byte_block& in);

  /// The frames that were given on and not taken yet.
  [[nodiscard]] byte_block& frames() noexcept { return out_; }

  [[nodiscard]] const byte_block& frames() const noexcept { return out_; }

  /// From the next frame on, gives only control frames on.
  void discard_messages() noexcept { discarding_ = true; }

private:
  enum class part { header, passing, inflating, skipping };

  // Each does a step and returns whether more can be done at once.
  bool step(byte_block& in);
  bool read_header(byte_block& in);
  bool pass(byte_block& in);
  bool skip(byte_block& in);
  bool done_with(byte_block& in, std::uint64_t n);
  bool inflate(byte_block& in);

  void on_header();
  void pass_frame();
  [[nodiscard]] bool inflate_tail(std::span<std::byte>& to, std::size_t& made);
  void give_on(std::span<const std::byte> bytes);
  void give_on_inflated(std::size_t size, bool last);
  void frame_inflated() noexcept;

  frame_scanner& scanner_;
  byte_block out_;
  inflater inflater_;
  bool reset_after_message_;
  std::uint64_t max_frames_;
  bool discarding_ = false;

  // The frame that comes in.
  part part_ = part::header;
  frame_header header_;
  std::uint64_t remaining_ = 0;
  // The message that comes in.
  bool in_message_ = false;
  bool compressed_ = false;
  std::uint64_t message_frames_ = 0;
  // The opcode of the next frame of the message that is given on.
  std::uint8_t opcode_ = 0;
  // How much of what every compressed message ends with was inflated.
  std::size_t tail_done_ = 0;
};

} // namespace wsengine::io
