// utf8_parts.hpp: whether text that comes in parts is UTF-8.

#pragma once

#include "wsengine/close.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace wsengine::io {

/// Checks text whose parts may end within a character. Whether such an end is sound is known with
/// the part that completes it.
class utf8_parts {
public:
  /// Takes the next part. Returns whether all that came so far may be the beginning of UTF-8, or,
  /// for the last part, is UTF-8.
  [[nodiscard]] bool take(std::string_view part, bool last) {
    if (!open_.empty()) {
      auto n = std::min(size_of(open_.front()) - open_.size(), part.size());
      open_ += part.substr(0, n);
      part.remove_prefix(n);
      if (open_.size() < size_of(open_.front()))
        return !last;
      if (!is_utf8(open_))
        return false;
      open_.clear();
    }
    auto rest = cut_off(part);
    if (last && rest > 0)
      return false;
    open_ = part.substr(part.size() - rest);
    part.remove_suffix(rest);
    return is_utf8(part);
  }

private:
  // How many bytes the character has that begins with this one; 1 when none does.
  static std::size_t size_of(char lead) noexcept {
    auto byte = static_cast<unsigned char>(lead);
    if (byte < 0xC2 || byte > 0xF4)
      return 1;
    return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  }

  // How many bytes at the end belong to a character that is not complete.
  static std::size_t cut_off(std::string_view text) noexcept {
    for (std::size_t n = 1; n <= std::min<std::size_t>(text.size(), 3); ++n)
      if (size_of(text[text.size() - n]) > n)
        return n;
    return 0;
  }

  // The beginning of a character.
  std::string open_;
};

} // namespace wsengine::io
