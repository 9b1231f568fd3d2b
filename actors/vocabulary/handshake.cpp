// handshake.cpp: see handshake.hpp.

#include "wsengine/handshake.hpp"

#include "ascii.hpp"

#include <algorithm>

namespace wsengine {

const std::string* find_header(const header_fields& fields, std::string_view name) noexcept {
  auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
    return ascii::equal_ignoring_case(field.first, name);
  });
  return found == fields.end() ? nullptr : &found->second;
}

} // namespace wsengine
