// compression.hpp: permessage-deflate as a server does it, straight with zlib.

#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace wsengine::tests {

/// Compresses messages one after the other.
class server_deflate {
public:
  explicit server_deflate(int window_bits = 15);
  ~server_deflate();

  /// The payload of a compressed message.
  std::string operator()(std::string_view message);

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Inflates the messages of a client one after the other.
class server_inflate {
public:
  explicit server_inflate(int window_bits = 15);
  ~server_inflate();

  /// The message with that payload. Throws `std::runtime_error`.
  std::string operator()(std::string_view payload);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace wsengine::tests
