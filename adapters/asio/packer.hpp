// packer.hpp: compresses messages (RFC 7692) and makes frames of them.

#pragma once

#include "buffer_pool.hpp"
#include "deflate_offer.hpp"
#include "zlib.hpp"

#include "wsengine/message.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace wsengine::io {

/// Takes a message in pieces and gives masked frames with its compressed payload on.
class packer {
public:
  /// Takes bytes to send.
  using sink = std::function<void(std::span<const std::byte>)>;

  packer(buffer_pool& pool, const deflate_agreement& agreed, const deflate_options& options);

  /// Whether the message that this piece begins or goes on with is compressed. To be asked for
  /// every piece, in order.
  [[nodiscard]] bool wants(std::span<const std::byte> piece, bool last) noexcept;

  /// Compresses a piece. Nothing may be given on before the message ends. Returns false if there is
  /// no memory.
  [[nodiscard]] bool pack(message_kind kind, std::span<const std::byte> piece, bool last,
                          const sink& to);

private:
  void give_on(std::span<std::byte> payload, bool fin, const sink& to);

  buffer_pool& pool_;
  deflate_agreement agreed_;
  deflate_options options_;
  // Made when the first message is compressed: it is large.
  std::optional<deflater> deflater_;
  bool in_message_ = false;
  bool compressed_ = false;
  // Whether a piece of the message was compressed.
  bool begun_ = false;
  // The first byte of the next frame.
  std::uint8_t first_ = 0;
};

} // namespace wsengine::io
