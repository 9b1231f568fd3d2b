// read_buffer.hpp: the memory into which one message is read.

#pragma once

#include "wsengine/message.hpp"

#include <caf/intrusive_ptr.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace wsengine::io {

/// Grows while a message comes in, and becomes its payload: small messages are copied out, the
/// memory of large ones is given away.
class read_buffer {
public:
  /// Room for what comes next. `hint` says how many bytes are expected.
  std::span<std::byte> space(std::size_t hint);

  /// Says that `n` bytes were put into the space.
  void commit(std::size_t n) noexcept { size_ += n; }

  /// The message is complete.
  payload take();

private:
  // Its bytes are written before anyone reads them.
  class memory : public payload_storage {
  public:
    explicit memory(std::size_t size)
      : bytes_(std::make_unique_for_overwrite<std::byte[]>(size)),
        size_(size) {}

    [[nodiscard]] std::byte* data() const noexcept { return bytes_.get(); }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_;
  };

  caf::intrusive_ptr<memory> memory_;
  std::size_t size_ = 0;
};

} // namespace wsengine::io
