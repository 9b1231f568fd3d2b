// base64_text.cpp: see base64_text.hpp.

#include "base64_text.hpp"

#include <cstdint>

namespace wsengine::base64_text {

namespace {

constexpr std::string_view digits =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string encode(std::string_view bytes) {
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto group = bytes.substr(i, 3);
    std::uint32_t value = 0;
    for (std::size_t k = 0; k < 3; ++k)
      value = value << 8U | (k < group.size() ? static_cast<std::uint8_t>(group[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      result += k <= group.size() ? digits[value >> (18 - 6 * k) & 63U] : '=';
  }
  return result;
}

std::optional<std::string> decode(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  for (auto i = 0; i < 2 && text.ends_with('='); ++i)
    text.remove_suffix(1);
  std::string result;
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

} // namespace wsengine::base64_text
