// arguments.cpp: see arguments.hpp.

#include "common/arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace wsengine::bench {

namespace {

constexpr std::string_view tls_prefix = "tls_";

constexpr std::array<std::string_view, 10> scenarios = {
  "rtt", "flood", "sink", "large", "idle", "tls_rtt", "tls_flood", "reconnect", "busy", "herd"};

template <class Number>
Number parse_number(const std::string& word, std::string_view what, Number least) {
  Number result{};
  const auto* end = word.data() + word.size();
  auto [at, error] = std::from_chars(word.data(), end, result);
  if (error != std::errc{} || at != end || result < least)
    throw std::invalid_argument(std::string{what} + " is not a good number: " + word);
  return result;
}

std::string one_of(std::string word, std::string_view what,
                   std::initializer_list<std::string_view> choices) {
  if (std::find(choices.begin(), choices.end(), word) == choices.end())
    throw std::invalid_argument(std::string{what} + " cannot be " + word);
  return word;
}

} // namespace

bool arguments::tls() const noexcept {
  return scenario.starts_with(tls_prefix);
}

std::string_view arguments::kind() const noexcept {
  auto result = std::string_view{scenario};
  return tls() ? result.substr(tls_prefix.size()) : result;
}

std::uint16_t arguments::target_port() const noexcept {
  return static_cast<std::uint16_t>(tls() ? port + 1 : port);
}

std::string arguments::path() const {
  if (kind() == "flood")
    return "/flood?n=" + std::to_string(n) + "&size=" + std::to_string(size);
  if (kind() == "sink")
    return "/sink?n=" + std::to_string(n);
  if (kind() == "idle" || kind() == "herd")
    return "/hold";
  if (kind() == "reconnect")
    return "/drop";
  return deflate ? "/echo?deflate=1" : "/echo";
}

arguments parse_arguments(const std::vector<std::string>& words) {
  arguments result;
  std::vector<std::string> positional;
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (*word == "--deflate") {
      result.deflate = true;
    } else if (*word == "--metrics") {
      result.metrics = true;
    } else if (!word->starts_with("--")) {
      positional.push_back(*word);
    } else {
      const auto& option = *word;
      if (++word == words.end())
        throw std::invalid_argument(option + " needs a value");
      if (option == "--client")
        result.client = one_of(*word, option, {"callbacks", "actor", "batches"});
      else if (option == "--placement")
        result.placement = one_of(*word, option, {"io", "scheduler", "detached"});
      else if (option == "--otlp")
        result.traced = std::stod(*word);
      else if (option == "--messages")
        result.messages = parse_number<std::uint64_t>(*word, option, 1);
      else
        throw std::invalid_argument("there is no option " + option);
    }
  }
  if (positional.size() != 4)
    throw std::invalid_argument("PORT, SCENARIO, N and SIZE are needed");
  result.port = parse_number<std::uint16_t>(positional[0], "PORT", 1);
  result.scenario = positional[1];
  if (std::find(scenarios.begin(), scenarios.end(), result.scenario) == scenarios.end())
    throw std::invalid_argument("there is no scenario " + result.scenario);
  // Rates are taken between the first message and the last.
  result.n = parse_number<std::uint64_t>(positional[2], "N", result.kind() == "flood" ? 2 : 1);
  result.size = parse_number<std::size_t>(positional[3], "SIZE", 0);
  return result;
}

std::string usage(std::string_view program) {
  std::string result = "usage: " + std::string{program}
                       + " PORT SCENARIO N SIZE [--deflate] [--client callbacks|actor|batches]"
                         " [--placement io|scheduler|detached] [--messages M] [--metrics]\n  "
                         "[--otlp RATIO]\nscenarios:";
  for (auto scenario : scenarios)
    result.append(" ").append(scenario);
  return result;
}

} // namespace wsengine::bench
