// wire.hpp: the bytes of a WebSocket server: the upgrade and frames (RFC 6455, sections 4 and 5).

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wsengine::testing::wire {

enum class opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

/// A frame of the client's.
struct frame {
  opcode code = opcode::continuation;
  bool last = false;
  std::string payload;
};

/// Takes a whole frame from the front of `bytes`; nothing when there is none yet.
std::optional<frame> take_frame(std::string& bytes);

/// Takes a whole upgrade request from the front of `bytes`; nothing when there is none yet.
std::optional<std::string> take_request(std::string& bytes);

/// A frame of the server's: not masked. The message ends with it, or goes on.
std::string frame_of(opcode code, std::string_view payload, bool last = true);

/// A close frame; empty details have no payload.
std::string close_frame(const close_details& details);

/// What a close frame says.
close_details read_close(std::string_view payload);

/// The answer to an upgrade request: it is accepted when the response's status is 101.
std::string answer(const std::string& request, const handshake_response& response);

} // namespace wsengine::testing::wire
