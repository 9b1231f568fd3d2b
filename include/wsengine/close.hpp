// close.hpp: close codes and close details (RFC 6455, sections 5.5.1 and 7.4).

#pragma once

#include "wsengine/compat.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wsengine {

// -- close codes ----------------------------------------------------------------------------------

/// Why a session was closed (RFC 6455, section 7.4.1, and the IANA registry for 1012 to 1014).
/// Any number between 3000 and 4999 is a valid code, too.
enum class close_code : std::uint16_t {
  /// The purpose of the session was fulfilled.
  normal = 1000,
  /// An endpoint goes away: a server that shuts down, a client that leaves.
  going_away = 1001,
  /// A frame broke the protocol.
  protocol_error = 1002,
  /// A kind of data that the endpoint does not accept.
  unsupported_data = 1003,
  /// Reserved without a meaning; never sent.
  reserved = 1004,
  /// The close frame carried no code; never sent.
  no_status = 1005,
  /// The connection ended without a close frame; never sent.
  abnormal = 1006,
  /// Data that does not fit its kind, such as text that is not UTF-8.
  invalid_payload = 1007,
  /// A message that breaks a policy of the endpoint.
  policy_violation = 1008,
  /// A message that is too big to process.
  message_too_big = 1009,
  /// The client misses an extension that it needs.
  mandatory_extension = 1010,
  /// The server met a condition that it did not expect.
  internal_error = 1011,
  /// The server restarts.
  service_restart = 1012,
  /// The server is overloaded.
  try_again_later = 1013,
  /// A gateway got an invalid response from its upstream server.
  bad_gateway = 1014,
  /// The TLS handshake failed; never sent.
  tls_handshake = 1015,
};

/// The name of a registered code, "private use" or "library use" for a code of 3000 to 4999, else
/// "unassigned".
std::string_view name_of(close_code code) noexcept;

/// Returns the number and the name, as in "1001 (going away)".
std::string to_string(close_code code);

/// Whether a close frame may carry the code: 1000 to 1003, 1007 to 1014, 3000 to 4999
/// (RFC 6455, section 7.4.2).
[[nodiscard]] constexpr bool is_sendable(close_code code) noexcept {
  auto value = static_cast<std::uint16_t>(code);
  return (value >= 1000 && value <= 1003) || (value >= 1007 && value <= 1014)
         || (value >= 3000 && value <= 4999);
}

/// Whether close details may name the code: what a close frame may carry, and the codes that only
/// report (1005, 1006, 1015).
[[nodiscard]] constexpr bool is_valid(close_code code) noexcept {
  return is_sendable(code) || code == close_code::no_status || code == close_code::abnormal
         || code == close_code::tls_handshake;
}

// -- close details --------------------------------------------------------------------------------

/// The bytes that a reason may have: a control frame carries 125, the code takes 2
/// (RFC 6455, section 5.5).
inline constexpr std::size_t max_close_reason_size = 123;

/// What a close frame says.
struct close_details {
  /// The default is what a client says when it leaves.
  close_code code = close_code::going_away;
  /// UTF-8, at most `max_close_reason_size` bytes.
  std::string reason;

  friend bool operator==(const close_details&, const close_details&) = default;
};

WSENGINE_INSPECT(close_details, code, reason)

/// Whether `text` is well-formed UTF-8 (RFC 3629: no overlong form, no surrogate, at most
/// U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// Says what keeps the details from being sent in a close frame; empty when nothing does.
[[nodiscard]] std::string why_not_sendable(const close_details& details);

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(10, wsengine::close_details)
