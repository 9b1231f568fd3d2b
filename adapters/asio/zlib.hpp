// zlib.hpp: zlib's streams as permessage-deflate (RFC 7692) uses them: raw deflate, without an end.

#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace wsengine::io {

/// What a step did.
struct zlib_step {
  /// How much of the input it took, and how much output it made.
  std::size_t taken = 0;
  std::size_t made = 0;
  /// Whether the data is no deflate data, or there is no memory.
  bool failed = false;
};

/// Takes compressed bytes and gives back what they were made of.
class inflater {
public:
  /// `window_bits`: the base-2 logarithm of the window that the peer uses, from 8 to 15. Throws
  /// `std::bad_alloc`.
  explicit inflater(unsigned window_bits);
  ~inflater();

  /// Goes on until all input is taken or the output is full.
  zlib_step run(std::span<const std::byte> in, std::span<std::byte> out);

  /// Whether what was taken so far ends with a block: nothing is cut off.
  [[nodiscard]] bool at_end_of_block() const noexcept;

  /// Forgets what came before.
  void reset() noexcept;

private:
  bool go_on_behind_end() noexcept;

  struct state;
  std::unique_ptr<state> state_;
};

/// Compresses bytes.
class deflater {
public:
  /// `window_bits` from 9 to 15, `level` from 1 to 9, `memory_level` from 1 to 9, as zlib defines
  /// them. Throws `std::bad_alloc`.
  deflater(unsigned window_bits, unsigned level, unsigned memory_level);
  ~deflater();

  /// Goes on until all input is taken or the output is full. `flush`: everything is put out and
  /// ends at a byte, with an empty block; done once there is room left in the output.
  zlib_step run(std::span<const std::byte> in, std::span<std::byte> out, bool flush);

  /// Forgets what came before.
  void reset() noexcept;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace wsengine::io
