// setters.cpp: see setters.hpp.

#include "setters.hpp"

#include "duration.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace wsengine::cli {

namespace {

using problem = std::optional<std::string>;

} // namespace

option_setter flag(bool& field, bool value) {
  return [&field, value](const std::string&) -> problem {
    field = value;
    return {};
  };
}

option_setter text(std::string& field) {
  return [&field](const std::string& value) -> problem {
    field = value;
    return value.empty() ? problem{"must not be empty"} : problem{};
  };
}

std::string alternatives(const std::vector<std::string>& words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0)
      result += i + 1 == words.size() ? " or " : ", ";
    result += words[i];
  }
  return result;
}

option_setter append(std::vector<std::string>& field) {
  return [&field](const std::string& value) -> problem {
    field.push_back(value);
    return {};
  };
}

option_setter decimal(double& field) {
  return [&field](const std::string& value) -> problem {
    const auto* last = value.data() + value.size();
    auto [end, ec] = std::from_chars(value.data(), last, field);
    if (ec != std::errc{} || end != last || !std::isfinite(field))
      return "must be a decimal number, such as 1.5";
    return {};
  };
}

option_setter duration(timespan& field) {
  return [&field](const std::string& value) -> problem {
    auto result = parse_duration(value);
    if (!result)
      return "must be a duration, such as 250ms, 5s or 1m";
    field = *result;
    return {};
  };
}

option_setter header(header_fields& field) {
  return [&field](const std::string& value) -> problem {
    auto colon = value.find(':');
    if (colon == std::string::npos || colon == 0)
      return "must have the form 'NAME: VALUE'";
    auto first = std::min(value.find_first_not_of(" \t", colon + 1), value.size());
    auto last = value.find_last_not_of(" \t") + 1;
    field.emplace_back(value.substr(0, colon), value.substr(first, std::max(first, last) - first));
    return {};
  };
}

} // namespace wsengine::cli
