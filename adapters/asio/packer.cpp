// packer.cpp: see packer.hpp.

#include "packer.hpp"

#include "frame_header.hpp"

#include <array>
#include <cstring>
#include <new>
#include <utility>

namespace wsengine::io {

namespace {

// The end of a flush, which is left out at the end of a message (RFC 7692, section 7.2.1).
constexpr std::size_t tail_size = 4;

} // namespace

packer::packer(buffer_pool& pool, const deflate_agreement& agreed, const deflate_options& options)
  : pool_(pool),
    agreed_(agreed),
    options_(options) {}

bool packer::wants(std::span<const std::byte> piece, bool last) noexcept {
  if (!std::exchange(in_message_, !last))
    // zlib has no window of 8 bits; an empty message has nothing to compress.
    compressed_ = agreed_.client_window_bits > 8 && (!last || !piece.empty())
                  && (!last || piece.size() >= options_.threshold);
  return compressed_;
}

bool packer::pack(message_kind kind, std::span<const std::byte> piece, bool last, const sink& to) {
  try {
    if (!deflater_)
      deflater_.emplace(agreed_.client_window_bits, options_.level, options_.memory_level);
  } catch (const std::bad_alloc&) {
    return false;
  }
  if (!std::exchange(begun_, !last))
    first_ = rsv1_bit | (kind == message_kind::text ? opcode::text : opcode::binary);
  auto block = pool_.take();
  std::span out{block.bytes.get(), block.size};
  // The end of what is put out waits, for it may be what is left out.
  std::size_t kept = 0;
  for (;;) {
    auto did = deflater_->run(piece, out.subspan(kept), last);
    piece = piece.subspan(did.taken);
    auto size = kept + did.made;
    if (size < out.size()) {
      if (last)
        give_on(out.first(size - tail_size), true, to);
      else if (size > 0)
        give_on(out.first(size), false, to);
      break;
    }
    kept = tail_size;
    std::array<std::byte, tail_size> end;
    std::memcpy(end.data(), out.data() + size - kept, kept);
    give_on(out.first(size - kept), false, to);
    std::memcpy(out.data(), end.data(), kept);
  }
  pool_.give(std::move(block));
  if (last && agreed_.client_no_context_takeover)
    deflater_->reset();
  return true;
}

void packer::give_on(std::span<std::byte> payload, bool fin, const sink& to) {
  std::array<std::byte, max_frame_header> header;
  auto first = static_cast<std::uint8_t>(first_ | (fin ? fin_bit : 0U));
  auto size = write_masked_header(header, first, payload);
  to(std::span{header}.first(size));
  to(payload);
  first_ = opcode::continuation;
}

} // namespace wsengine::io
