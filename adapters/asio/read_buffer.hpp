// read_buffer.hpp: the memory into which messages are read.

#pragma once

#include "wsengine/message.hpp"

#include <caf/intrusive_ptr.hpp>

#include <cstddef>
#include <span>

namespace wsengine::io {

/// Messages that come together lie in one piece of memory, which their payloads share and nothing
/// is copied out of. A large message gets a piece of its own, which grows while it comes in.
class read_buffer {
public:
  read_buffer();

  read_buffer(const read_buffer&) = delete;
  read_buffer& operator=(const read_buffer&) = delete;

  ~read_buffer();

  /// Room for what comes next. `readable` bytes have arrived; of the message that they begin or go
  /// on with, `missing` have not.
  std::span<std::byte> space(std::size_t readable, std::uint64_t missing);

  /// Says that `n` bytes were put into the space.
  void commit(std::size_t n) noexcept { last_ += n; }

  /// How much of the message that comes in is here.
  [[nodiscard]] std::size_t size() const noexcept { return last_ - first_; }

  /// The message is complete, or as much of it as is wanted at once.
  payload take();

  /// No more messages come together with those that were taken.
  void end_batch() noexcept;

private:
  class memory;

  void replace(caf::intrusive_ptr<memory> by) noexcept;

  caf::intrusive_ptr<memory> memory_;
  // References to it that were made in advance, and how many at once: a payload takes one, and each
  // change of the count by itself costs as much as the rest of it.
  std::size_t spare_refs_ = 0;
  std::size_t refs_at_once_ = 1;
  // The message that comes in.
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

} // namespace wsengine::io
