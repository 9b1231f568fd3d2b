// route.hpp: what a request's path and query ask of the echo server.

#pragma once

#include "wsengine/close.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wsengine::examples {

enum class behaviour : std::uint8_t { echo, close, drop, flood, slow, silent, stall, refuse };

/// A request that was understood, or the HTTP status to refuse it with.
struct route {
  behaviour what = behaviour::echo;
  /// `echo`: the size of the frames; 0: each message is one frame.
  std::size_t fragment = 0;
  /// `echo`, `flood`, `slow`: whether to compress, if the client offers that.
  bool deflate = false;
  /// `close`: what to send.
  close_details details{close_code::normal, ""};
  /// `flood`: how many messages of which size.
  std::uint64_t count = 1;
  std::size_t size = 128;
  /// `slow`: how long each echo waits.
  std::chrono::milliseconds delay{0};
  /// Other than 101: the status to answer with, and what is wrong.
  unsigned status = 101;
  std::string problem;
};

/// Understands the target of a request, such as "/close?code=4000&reason=enough".
route parse_route(std::string_view target);

} // namespace wsengine::examples
