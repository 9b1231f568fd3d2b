// setters.hpp: what the options of a command line do with their values.

#pragma once

#include "option_table.hpp"

#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace wsengine::cli {

/// Sets a flag, to `value`.
option_setter flag(bool& field, bool value = true);

/// Takes a text that is not empty.
option_setter text(std::string& field);

/// Takes one of these words.
option_setter one_of(std::string& field, std::vector<std::string> words);

/// Adds to a list.
option_setter append(std::vector<std::string>& field);

/// Takes a decimal number.
option_setter decimal(double& field);

/// Takes a duration, such as 250ms.
option_setter duration(timespan& field);

/// Adds a header field of the form NAME: VALUE.
option_setter header(header_fields& field);

/// Takes a whole number.
template <class T>
option_setter number(T& field, std::uint64_t least, std::uint64_t most) {
  return [&field, least, most](const std::string& value) -> std::optional<std::string> {
    std::uint64_t result = 0;
    const auto* last = value.data() + value.size();
    auto [end, ec] = std::from_chars(value.data(), last, result);
    if (ec != std::errc{} || end != last || result < least || result > most)
      return "must be a number from " + std::to_string(least) + " to " + std::to_string(most);
    field = static_cast<T>(result);
    return {};
  };
}

} // namespace wsengine::cli
