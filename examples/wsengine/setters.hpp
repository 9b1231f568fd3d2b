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
#include <utility>
#include <vector>

namespace wsengine::cli {

/// Sets a flag, to `value`.
option_setter flag(bool& field, bool value = true);

/// Takes a text that is not empty.
option_setter text(std::string& field);

/// Adds to a list.
option_setter append(std::vector<std::string>& field);

/// Takes a decimal number.
option_setter decimal(double& field);

/// Takes a duration, such as 250ms.
option_setter duration(timespan& field);

/// Adds a header field of the form NAME: VALUE.
option_setter header(header_fields& field);

/// "a, b or c".
[[nodiscard]] std::string alternatives(const std::vector<std::string>& words);

/// An option that takes one of these words; each stands for a value.
template <class T>
option choice(std::string name, std::string value_name, std::string help, T& field,
              std::vector<std::pair<std::string, T>> words) {
  std::vector<std::string> all;
  for (const auto& [word, value] : words)
    all.push_back(word);
  auto set = [&field, all,
              words = std::move(words)](const std::string& value) -> std::optional<std::string> {
    for (const auto& [word, meaning] : words)
      if (word == value) {
        field = meaning;
        return {};
      }
    return "must be " + alternatives(all);
  };
  return {std::move(name), std::move(value_name), std::move(help), std::move(set), false,
          false,           std::move(all)};
}

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
