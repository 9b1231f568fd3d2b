// unpacker.cpp: see unpacker.hpp.

#include "unpacker.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace wsengine::io {

namespace {

// What the sender has left out at the end of a message (RFC 7692, section 7.2.2).
constexpr std::array<std::byte, 4> tail{std::byte{0}, std::byte{0}, std::byte{0xFF},
                                        std::byte{0xFF}};

// The header of an inflated frame, which is never larger than a block.
constexpr std::size_t header_room = 4;

// Among this many bytes there is more than a part of a control frame: something that Beast takes.
constexpr std::size_t enough_for_beast = 512;

// Less room than this is not worth an inflated frame.
constexpr std::size_t least_room = 1024;

} // namespace

unpacker::unpacker(buffer_pool& pool, frame_scanner& scanner, const deflate_agreement& agreed)
  : scanner_(scanner),
    out_(pool),
    inflater_(agreed.server_window_bits),
    reset_after_message_(agreed.server_no_context_takeover),
    max_frames_(scanner.max_frames()) {
  // An inflated frame may be given on in several.
  scanner_.max_frames(static_cast<std::uint64_t>(-1));
}

void unpacker::run(byte_block& in) {
  auto more = !in.empty() || part_ == part::inflating;
  if (more && out_.size() < enough_for_beast) {
    out_.pooled_space();
    while (step(in)) {
    }
    if (scanner_.fault() != read_fault::none)
      in.clear();
  }
  out_.release();
}

bool unpacker::step(byte_block& in) {
  if (scanner_.fault() != read_fault::none)
    return false;
  // Beast sees everything behind a fault that it has to find.
  if (scanner_.stopped() && part_ != part::inflating) {
    part_ = part::passing;
    remaining_ = in.size();
  }
  switch (part_) {
    case part::header: return read_header(in);
    case part::passing: return pass(in);
    case part::skipping: return skip(in);
    case part::inflating: return !scanner_.stopped() && inflate(in);
  }
  return false;
}

// -- frames ---------------------------------------------------------------------------------------

bool unpacker::read_header(byte_block& in) {
  if (out_.space().size() < max_frame_header)
    return false;
  auto bytes = in.bytes();
  auto complete = header_.collect(bytes);
  in.consume(in.size() - bytes.size());
  if (complete)
    on_header();
  return complete;
}

void unpacker::on_header() {
  remaining_ = header_.length();
  if (header_.opcode() >= opcode::close)
    return pass_frame();
  if (discarding_) {
    part_ = part::skipping;
    return;
  }
  auto first =
    !in_message_ && (header_.opcode() == opcode::text || header_.opcode() == opcode::binary);
  auto sound = !header_.masked() && header_.is_shortest();
  if (first) {
    compressed_ = sound && header_.reserved() == rsv1_bit;
    message_frames_ = 0;
    opcode_ = header_.opcode();
  }
  if (++message_frames_ > max_frames_)
    return scanner_.fail(read_fault::too_many_frames);
  in_message_ = !header_.fin();
  if (!compressed_)
    return pass_frame();
  // Beast may not know of the message yet, and so cannot judge what stands in it.
  if (!first && (!sound || header_.opcode() != opcode::continuation || header_.reserved() != 0))
    return scanner_.fail(read_fault::protocol);
  part_ = part::inflating;
}

void unpacker::pass_frame() {
  part_ = part::passing;
  give_on(std::as_bytes(header_.bytes()));
}

bool unpacker::pass(byte_block& in) {
  auto n = std::min<std::uint64_t>({remaining_, in.size(), out_.space().size()});
  give_on(in.bytes().first(static_cast<std::size_t>(n)));
  return done_with(in, n);
}

bool unpacker::skip(byte_block& in) {
  auto n = std::min<std::uint64_t>(remaining_, in.size());
  return done_with(in, n);
}

// Takes `n` bytes of the frame out. Returns whether there is another one to look at.
bool unpacker::done_with(byte_block& in, std::uint64_t n) {
  in.consume(static_cast<std::size_t>(n));
  remaining_ -= n;
  if (remaining_ > 0)
    return false;
  part_ = part::header;
  return !in.empty();
}

// -- inflating ------------------------------------------------------------------------------------

bool unpacker::inflate(byte_block& in) {
  if (discarding_) {
    part_ = part::skipping;
    return true;
  }
  auto space = out_.space();
  if (space.size() < least_room)
    return false;
  auto to = space.subspan(header_room);
  auto from = in.bytes();
  from = from.first(static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, from.size())));
  auto did = inflater_.run(from, to);
  in.consume(did.taken);
  remaining_ -= did.taken;
  to = to.subspan(did.made);
  auto made = did.made;
  auto last = remaining_ == 0 && header_.fin() && inflate_tail(to, made);
  if (did.failed)
    scanner_.fail(read_fault::bad_deflate);
  if (scanner_.fault() != read_fault::none)
    return false;
  give_on_inflated(made, last);
  if (last || (remaining_ == 0 && !header_.fin() && !to.empty()))
    frame_inflated();
  // Otherwise the output is full, or the rest of the frame has not come yet.
  return part_ == part::header ? !in.empty() : to.empty();
}

// Inflates what was left out at the end of the message. Returns whether that was all of it.
bool unpacker::inflate_tail(std::span<std::byte>& to, std::size_t& made) {
  if (to.empty())
    return false;
  auto did = inflater_.run(std::span{tail}.subspan(tail_done_), to);
  tail_done_ += did.taken;
  made += did.made;
  to = to.subspan(did.made);
  if (did.failed)
    scanner_.fail(read_fault::bad_deflate);
  if (tail_done_ < tail.size() || to.empty())
    return false;
  if (!inflater_.at_end_of_block())
    scanner_.fail(read_fault::bad_deflate);
  return true;
}

void unpacker::frame_inflated() noexcept {
  part_ = part::header;
  if (!header_.fin())
    return;
  tail_done_ = 0;
  compressed_ = false;
  if (reset_after_message_)
    inflater_.reset();
}

// -- giving on ------------------------------------------------------------------------------------

void unpacker::give_on(std::span<const std::byte> bytes) {
  if (bytes.empty())
    return;
  auto to = out_.space();
  std::memcpy(to.data(), bytes.data(), bytes.size());
  out_.commit(scanner_.feed(to.first(bytes.size())));
}

// Makes a frame of what lies in the room behind `header_room`.
void unpacker::give_on_inflated(std::size_t size, bool last) {
  if (size == 0 && !last)
    return;
  auto to = out_.space();
  auto first =
    static_cast<std::uint8_t>(std::exchange(opcode_, opcode::continuation) | (last ? fin_bit : 0U));
  auto header = write_frame_header(to, first, size);
  if (header < header_room)
    std::memmove(to.data() + header, to.data() + header_room, size);
  out_.commit(scanner_.feed(to.first(header + size)));
}

} // namespace wsengine::io
