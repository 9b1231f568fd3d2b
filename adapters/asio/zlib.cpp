// zlib.cpp: see zlib.hpp.

#include "zlib.hpp"

#define ZLIB_CONST
#include <array>
#include <new>
#include <zlib.h>

namespace wsengine::io {

namespace {

// Neither input nor output is ever larger than a block of a few ten thousand bytes.
void set_buffers(z_stream& to, std::span<const std::byte> in, std::span<std::byte> out) {
  to.next_in = reinterpret_cast<const Bytef*>(in.data());
  to.avail_in = static_cast<uInt>(in.size());
  to.next_out = reinterpret_cast<Bytef*>(out.data());
  to.avail_out = static_cast<uInt>(out.size());
}

zlib_step step_of(const z_stream& from, std::span<const std::byte> in, std::span<std::byte> out,
                  bool failed) {
  return {in.size() - from.avail_in, out.size() - from.avail_out, failed};
}

} // namespace

// -- inflating ------------------------------------------------------------------------------------

struct inflater::state {
  z_stream stream{};
};

inflater::inflater(unsigned window_bits) : state_(std::make_unique<state>()) {
  if (inflateInit2(&state_->stream, -static_cast<int>(window_bits)) != Z_OK)
    throw std::bad_alloc{};
}

inflater::~inflater() {
  inflateEnd(&state_->stream);
}

zlib_step inflater::run(std::span<const std::byte> in, std::span<std::byte> out) {
  auto& stream = state_->stream;
  set_buffers(stream, in, out);
  for (;;) {
    auto result = inflate(&stream, Z_SYNC_FLUSH);
    // A block may say that it is the last (RFC 7692, section 7.2.3.4); more follows all the same.
    if (result == Z_STREAM_END) {
      if (!go_on_behind_end())
        return step_of(stream, in, out, true);
      if (stream.avail_in > 0 && stream.avail_out > 0)
        continue;
      result = Z_OK;
    }
    // The latter: there was nothing to do.
    return step_of(stream, in, out, result != Z_OK && result != Z_BUF_ERROR);
  }
}

bool inflater::go_on_behind_end() noexcept {
  auto& stream = state_->stream;
  std::array<Bytef, 1U << 15U> window;
  uInt size = 0;
  return inflateGetDictionary(&stream, window.data(), &size) == Z_OK
         && inflateReset(&stream) == Z_OK
         && inflateSetDictionary(&stream, window.data(), size) == Z_OK;
}

bool inflater::at_end_of_block() const noexcept {
  constexpr int behind_block = 128;
  return (state_->stream.data_type & behind_block) != 0;
}

void inflater::reset() noexcept {
  inflateReset(&state_->stream);
}

// -- deflating ------------------------------------------------------------------------------------

struct deflater::state {
  z_stream stream{};
};

deflater::deflater(unsigned window_bits, unsigned level, unsigned memory_level)
  : state_(std::make_unique<state>()) {
  if (deflateInit2(&state_->stream, static_cast<int>(level), Z_DEFLATED,
                   -static_cast<int>(window_bits), static_cast<int>(memory_level),
                   Z_DEFAULT_STRATEGY)
      != Z_OK)
    throw std::bad_alloc{};
}

deflater::~deflater() {
  deflateEnd(&state_->stream);
}

zlib_step deflater::run(std::span<const std::byte> in, std::span<std::byte> out, bool flush) {
  auto& stream = state_->stream;
  set_buffers(stream, in, out);
  auto result = deflate(&stream, flush ? Z_SYNC_FLUSH : Z_NO_FLUSH);
  return step_of(stream, in, out, result != Z_OK && result != Z_BUF_ERROR);
}

void deflater::reset() noexcept {
  deflateReset(&state_->stream);
}

} // namespace wsengine::io
