// volume_of.hpp: how much messages are, as observers count.

#pragma once

#include "wsengine/message.hpp"
#include "wsengine/observer.hpp"

#include <vector>

namespace wsengine::io {

inline volume volume_of(const data_message& message) noexcept {
  return {message.last ? 1U : 0U, message.data.size()};
}

inline volume volume_of(const std::vector<data_message>& messages) noexcept {
  volume result;
  for (const auto& x : messages)
    result += volume_of(x);
  return result;
}

} // namespace wsengine::io
