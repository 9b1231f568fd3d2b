// close.cpp: see close.hpp.

#include "wsengine/close.hpp"

namespace wsengine {

// -- close codes ----------------------------------------------------------------------------------

std::string_view name_of(close_code code) noexcept {
  switch (code) {
    case close_code::normal: return "normal";
    case close_code::going_away: return "going away";
    case close_code::protocol_error: return "protocol error";
    case close_code::unsupported_data: return "unsupported data";
    case close_code::reserved: return "reserved";
    case close_code::no_status: return "no status";
    case close_code::abnormal: return "abnormal";
    case close_code::invalid_payload: return "invalid payload";
    case close_code::policy_violation: return "policy violation";
    case close_code::message_too_big: return "message too big";
    case close_code::mandatory_extension: return "mandatory extension";
    case close_code::internal_error: return "internal error";
    case close_code::service_restart: return "service restart";
    case close_code::try_again_later: return "try again later";
    case close_code::bad_gateway: return "bad gateway";
    case close_code::tls_handshake: return "TLS handshake";
  }
  // RFC 6455, section 7.4.2.
  auto value = static_cast<std::uint16_t>(code);
  if (value >= 3000 && value <= 3999)
    return "library use";
  if (value >= 4000 && value <= 4999)
    return "private use";
  return "unassigned";
}

std::string to_string(close_code code) {
  auto result = std::to_string(static_cast<std::uint16_t>(code));
  result += " (";
  result += name_of(code);
  result += ')';
  return result;
}

// -- UTF-8 ----------------------------------------------------------------------------------------

namespace {

/// What the first byte of a sequence says about the rest (RFC 3629, section 4).
struct utf8_sequence {
  /// How many bytes follow.
  std::size_t tail = 0;
  /// The range of the second byte, which is where overlong forms, surrogates and code points over
  /// U+10FFFF show.
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  bool valid = true;
};

constexpr utf8_sequence sequence_of(unsigned char first) noexcept {
  if (first <= 0x7F)
    return {};
  if (first >= 0xC2 && first <= 0xDF)
    return {1};
  if (first == 0xE0)
    return {2, 0xA0, 0xBF};
  if (first == 0xED)
    return {2, 0x80, 0x9F};
  if (first >= 0xE1 && first <= 0xEF)
    return {2};
  if (first == 0xF0)
    return {3, 0x90, 0xBF};
  if (first >= 0xF1 && first <= 0xF3)
    return {3};
  if (first == 0xF4)
    return {3, 0x80, 0x8F};
  return {0, 0, 0, false};
}

} // namespace

bool is_utf8(std::string_view text) noexcept {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    auto sequence = sequence_of(byte(i));
    if (!sequence.valid || sequence.tail >= text.size() - i)
      return false;
    for (std::size_t k = 1; k <= sequence.tail; ++k) {
      auto low = k == 1 ? sequence.low : 0x80;
      auto high = k == 1 ? sequence.high : 0xBF;
      if (byte(i + k) < low || byte(i + k) > high)
        return false;
    }
    i += sequence.tail + 1;
  }
  return true;
}

// -- close details --------------------------------------------------------------------------------

std::string why_not_sendable(const close_details& details) {
  if (!is_sendable(details.code))
    return "a close frame cannot carry the code " + to_string(details.code);
  if (details.reason.size() > max_close_reason_size)
    return "the reason has " + std::to_string(details.reason.size()) + " bytes, at most "
           + std::to_string(max_close_reason_size) + " fit into a close frame";
  if (!is_utf8(details.reason))
    return "the reason is not UTF-8";
  return {};
}

} // namespace wsengine
