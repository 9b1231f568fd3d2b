// callback_info.hpp: what a recording says of the arguments of a callback, for a person.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/message.hpp"

#include <cstddef>
#include <string>

namespace wsengine {

[[nodiscard]] inline std::string info_of_open(bool restarting) {
  return restarting ? "restarting" : "";
}

[[nodiscard]] inline std::string info_of_message(message_kind kind, const payload& data) {
  return to_string(kind) + ", " + std::to_string(data.size()) + " bytes";
}

[[nodiscard]] inline std::string info_of_messages(const message_batch& batch) {
  std::size_t bytes = 0;
  for (const auto& x : batch.messages)
    bytes += x.data.size();
  return std::to_string(batch.messages.size()) + " messages, " + std::to_string(bytes) + " bytes";
}

[[nodiscard]] inline std::string info_of_close(const optional<close_details>& peer) {
  if (!peer)
    return "we close";
  return to_string(peer->code) + (peer->reason.empty() ? "" : ": " + peer->reason);
}

} // namespace wsengine
