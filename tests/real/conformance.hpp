// conformance.hpp: what a server sends and what it expects of a client that echoes, frame by frame.

#pragma once

#include "real/raw_peer.hpp"

#include "wsengine/close.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace wsengine::tests {

/// The server sends bytes, `chop` of them at once; 0: all.
struct sends {
  std::string bytes;
  std::size_t chop = 0;
};

/// The server gets a message back. Frames other than that are wrong.
struct expects {
  std::uint8_t opcode = 1;
  std::string payload;
};

/// The server gets a close frame with this code; 1005: without one.
struct expects_close {
  std::uint16_t code = 1000;
};

/// A conversation.
struct script {
  std::string name;
  std::vector<std::variant<sends, expects, expects_close>> steps;
  /// How the session ended, as the client sees it.
  close_code end = close_code::normal;
};

inline constexpr bool more = false;

/// A frame of the server; the opcode may have reserved bits (0x40 is RSV1).
inline std::string frame(std::uint8_t opcode, const std::string& payload, bool fin = true) {
  return raw_session::frame_of(opcode, payload, fin);
}

/// A close frame of the server.
inline std::string close_frame(std::uint16_t code, const std::string& reason = {}) {
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
  return frame(8, payload + reason);
}

/// A conversation in which everything is as it should be, and which the server closes.
script good(std::string name, std::vector<std::variant<sends, expects, expects_close>> steps);

/// A conversation at whose end the client finds a fault.
script bad(std::string name, std::vector<std::variant<sends, expects, expects_close>> steps,
           close_code code = close_code::protocol_error);

/// Plays the server's part. Returns what went wrong; empty when nothing did.
std::string play(raw_session& session, const script& what);

/// The conversations of each section of the Autobahn|Testsuite, by its numbers.
std::vector<script> framing_scripts();       // 1, 2, 10
std::vector<script> fault_scripts();         // 3, 4
std::vector<script> fragmentation_scripts(); // 5, 9
std::vector<script> text_scripts();          // 6
std::vector<script> close_scripts();         // 7

} // namespace wsengine::tests
