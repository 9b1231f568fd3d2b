// read_fault.hpp: what can be wrong with what the peer sends.

#pragma once

#include <cstdint>

namespace wsengine::io {

/// What ended a read, besides errors of the network.
enum class read_fault : std::uint8_t {
  none,
  closed,
  /// A response to the upgrade request whose header is too large.
  header_too_large,
  too_big,
  bad_text,
  protocol,
  /// A message of more frames than we accept.
  too_many_frames,
  /// Compressed data that cannot be inflated.
  bad_deflate,
};

} // namespace wsengine::io
