// outgoing.hpp: the bytes that a session has to send, in the order in which they have to go.

#pragma once

#include "buffer_pool.hpp"
#include "fifo.hpp"

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace wsengine::io {

/// A queue of bytes in blocks of the pool. Whatever is appended by one call stays together.
class outgoing {
public:
  /// How many blocks one system call sends.
  static constexpr std::size_t max_gather = 4;

  explicit outgoing(buffer_pool& pool) noexcept : pool_(pool) {}

  outgoing(const outgoing&) = delete;
  outgoing& operator=(const outgoing&) = delete;

  ~outgoing() { clear(); }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  void append(std::span<const std::byte> bytes);

  /// What goes next, as the buffers of one system call.
  [[nodiscard]] std::array<boost::asio::const_buffer, max_gather> next();

  /// The first `n` bytes are sent.
  void consume(std::size_t n);

  void clear();

private:
  struct part {
    buffer_block block;
    std::size_t first = 0;
    std::size_t last = 0;
  };

  buffer_pool& pool_;
  fifo<part> parts_;
  std::size_t size_ = 0;
};

} // namespace wsengine::io
