// handshake.cpp: see handshake.hpp.

#include "wsengine/handshake.hpp"

#include "ascii.hpp"

#include "wsengine/encoding.hpp"

#include <caf/deep_to_string.hpp>

#include <algorithm>
#include <stdexcept>

namespace wsengine {

const std::string* find_header(const header_fields& fields, std::string_view name) noexcept {
  auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
    return ascii::equal_ignoring_case(field.first, name);
  });
  return found == fields.end() ? nullptr : &found->second;
}

// -- credentials ----------------------------------------------------------------------------------

header_field basic_auth(std::string_view user, std::string_view password) {
  auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (user.find(':') != std::string_view::npos)
    throw std::invalid_argument{"the user's name must not contain a colon"};
  if (std::any_of(user.begin(), user.end(), is_control)
      || std::any_of(password.begin(), password.end(), is_control))
    throw std::invalid_argument{"user and password must not contain control characters"};
  return {"Authorization", "Basic " + to_base64(std::string{user} + ':' + std::string{password})};
}

header_field bearer_auth(std::string_view token) {
  return {"Authorization", "Bearer " + std::string{token}};
}

bool is_credential(std::string_view name) noexcept {
  return ascii::equal_ignoring_case(name, "Authorization")
         || ascii::equal_ignoring_case(name, "Proxy-Authorization")
         || ascii::equal_ignoring_case(name, "Cookie");
}

std::string to_string(const handshake_request& request) {
  auto headers = request.headers;
  for (auto& [name, value] : headers)
    if (is_credential(name))
      value = "***";
  return "handshake_request(" + caf::deep_to_string(request.url) + ", "
         + caf::deep_to_string(headers) + ", " + caf::deep_to_string(request.subprotocols) + ")";
}

} // namespace wsengine
