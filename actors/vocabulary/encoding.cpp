// encoding.cpp: see encoding.hpp.

#include "wsengine/encoding.hpp"

#include "wsengine/close.hpp"

#include <algorithm>
#include <cstdint>

namespace wsengine {

namespace {

constexpr std::string_view digits =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint32_t byte_at(std::string_view bytes, std::size_t index) noexcept {
  return index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0U;
}

} // namespace

// -- base64 ---------------------------------------------------------------------------------------

std::string to_base64(std::string_view bytes) {
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto group = byte_at(bytes, i) << 16U | byte_at(bytes, i + 1) << 8U | byte_at(bytes, i + 2);
    auto used = std::min<std::size_t>(bytes.size() - i, 3) + 1;
    for (std::size_t digit = 0; digit < 4; ++digit)
      result += digit < used ? digits[group >> (18 - 6 * digit) & 0x3FU] : '=';
  }
  return result;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  for (auto padding = 0; padding < 2 && text.ends_with('='); ++padding)
    text.remove_suffix(1);
  std::string result;
  result.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t value = 0;
  unsigned bits = 0;
  for (auto c : text) {
    auto digit = digits.find(c);
    if (digit == std::string_view::npos)
      return std::nullopt;
    value = value << 6U | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      result += static_cast<char>(value >> bits & 0xFFU);
    }
  }
  return result;
}

// -- UTF-8 ----------------------------------------------------------------------------------------

std::string to_utf8(std::string_view bytes) {
  if (is_utf8(bytes))
    return std::string{bytes};
  std::string result;
  for (auto c : bytes)
    if (static_cast<unsigned char>(c) < 0x80)
      result += c;
    else
      result += "\xEF\xBF\xBD";
  return result;
}

} // namespace wsengine
