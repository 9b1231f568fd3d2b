// deflate_offer.cpp: see deflate_offer.hpp.

#include "deflate_offer.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

namespace wsengine::io {

namespace {

constexpr std::string_view extension_name = "permessage-deflate";

std::string_view trim(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> result;
  for (;;) {
    auto end = std::min(text.find(by), text.size());
    result.push_back(trim(text.substr(0, end)));
    if (end == text.size())
      return result;
    text.remove_prefix(end + 1);
  }
}

// A value may be a quoted string (RFC 6455, section 9.1).
std::string_view unquote(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

std::optional<unsigned> window_bits(std::string_view text, unsigned most) {
  unsigned value = 0;
  const auto* last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, value);
  // A leading zero is no decimal number of the RFC's.
  if (ec != std::errc{} || end != last || text.front() == '0' || value < 8 || value > most)
    return std::nullopt;
  return value;
}

// Reads the parameters of the answer. Each is known, has a good value, and stands there once.
class answer_reader {
public:
  explicit answer_reader(const deflate_options& offered) : offered_(offered) {}

  bool read(std::string_view parameter) {
    auto equals = std::min(parameter.find('='), parameter.size());
    auto name = trim(parameter.substr(0, equals));
    std::optional<std::string_view> value;
    if (equals < parameter.size())
      value = unquote(trim(parameter.substr(equals + 1)));
    return seen_.insert(name).second && take(name, value);
  }

  // What we have asked for must be there.
  [[nodiscard]] bool keeps_the_offer() const {
    return agreed_.server_window_bits <= offered_.server_max_window_bits
           && (agreed_.server_no_context_takeover || !offered_.server_no_context_takeover);
  }

  [[nodiscard]] deflate_agreement agreed() const {
    auto result = agreed_;
    // What we have announced for ourselves holds whatever the server says.
    result.client_window_bits =
      std::min<unsigned>(result.client_window_bits, offered_.client_max_window_bits);
    result.client_no_context_takeover |= offered_.client_no_context_takeover;
    return result;
  }

private:
  bool take(std::string_view name, std::optional<std::string_view> value) {
    if (name == "server_no_context_takeover")
      return agreed_.server_no_context_takeover = !value.has_value();
    if (name == "client_no_context_takeover")
      return agreed_.client_no_context_takeover = !value.has_value();
    if (name == "server_max_window_bits")
      return take_bits(value, offered_.server_max_window_bits, agreed_.server_window_bits);
    if (name == "client_max_window_bits")
      return take_bits(value, offered_.client_max_window_bits, agreed_.client_window_bits);
    return false;
  }

  static bool take_bits(std::optional<std::string_view> value, unsigned most, unsigned& to) {
    auto bits = value ? window_bits(*value, most) : std::nullopt;
    to = bits.value_or(to);
    return bits.has_value();
  }

  const deflate_options& offered_;
  deflate_agreement agreed_;
  std::set<std::string_view> seen_;
};

} // namespace

std::string deflate_offer(const deflate_options& options) {
  if (!options.enabled)
    return {};
  std::string result{extension_name};
  result += "; client_max_window_bits=" + std::to_string(options.client_max_window_bits);
  result += "; server_max_window_bits=" + std::to_string(options.server_max_window_bits);
  if (options.client_no_context_takeover)
    result += "; client_no_context_takeover";
  if (options.server_no_context_takeover)
    result += "; server_no_context_takeover";
  return result;
}

std::optional<deflate_agreement> read_deflate_answer(std::string_view extensions,
                                                     const deflate_options& offered,
                                                     std::string& fault) {
  if (trim(extensions).empty())
    return std::nullopt;
  auto parts = split(extensions, ';');
  answer_reader answer{offered};
  auto good = offered.enabled && parts.front() == extension_name;
  for (std::size_t i = 1; good && i < parts.size(); ++i)
    good = answer.read(parts[i]);
  if (good && answer.keeps_the_offer())
    return answer.agreed();
  fault =
    "the server chose the extension " + std::string{trim(extensions)} + ", which was not offered";
  return std::nullopt;
}

} // namespace wsengine::io
