// base64.cpp: see base64.hpp.

#include "base64.hpp"

#include "ascii.hpp"

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

std::optional<std::size_t> base64_size(std::string_view text) noexcept {
  if (text.size() % 4 != 0)
    return std::nullopt;
  auto content = text;
  for (int padding = 0; padding < 2 && content.ends_with('='); ++padding)
    content.remove_suffix(1);
  if (content.find_first_not_of(digits) != std::string_view::npos)
    return std::nullopt;
  return text.size() / 4 * 3 - (text.size() - content.size());
}

} // namespace wsengine
