// trace_context.cpp: see wsengine/trace_context.hpp and wsengine/trace_parent.hpp.

#include "wsengine/trace_context.hpp"

#include "rules/tracestate.hpp"

#include "wsengine/trace_parent.hpp"

#include <utility>

namespace wsengine {

namespace {

// Where the parts of a `traceparent` are.
constexpr std::size_t trace_at = 3;
constexpr std::size_t span_at = 36;
constexpr std::size_t flags_at = 53;
constexpr std::size_t full_size = 55;

void append_hex(std::string& to, std::uint64_t value, unsigned digits) {
  for (auto i = digits; i-- > 0;)
    to += "0123456789abcdef"[(value >> (4 * i)) & 0xFU];
}

// Reads digits in lower case; others are refused.
std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t result = 0;
  for (auto x : text) {
    if (x >= '0' && x <= '9')
      result = result << 4U | static_cast<unsigned>(x - '0');
    else if (x >= 'a' && x <= 'f')
      result = result << 4U | static_cast<unsigned>(x - 'a' + 10);
    else
      return {};
  }
  return result;
}

bool has_dashes(std::string_view text) {
  return text[trace_at - 1] == '-' && text[span_at - 1] == '-' && text[flags_at - 1] == '-';
}

} // namespace

// -- text -----------------------------------------------------------------------------------------

std::string to_string(trace_id id) {
  std::string result;
  append_hex(result, id.high, 16);
  append_hex(result, id.low, 16);
  return result;
}

std::string to_string(span_id id) {
  std::string result;
  append_hex(result, id.value, 16);
  return result;
}

std::string to_traceparent(const trace_context& what) {
  auto result = "00-" + to_string(what.trace) + '-' + to_string(what.span) + '-';
  append_hex(result, what.flags, 2);
  return result;
}

std::optional<trace_context> parse_traceparent(std::string_view parent, std::string_view state) {
  if (parent.size() < full_size || !has_dashes(parent))
    return {};
  auto version = read_hex(parent.substr(0, 2));
  auto high = read_hex(parent.substr(trace_at, 16));
  auto low = read_hex(parent.substr(trace_at + 16, 16));
  auto span = read_hex(parent.substr(span_at, 16));
  auto flags = read_hex(parent.substr(flags_at, 2));
  if (!version || *version == 0xFF || !high || !low || !span || !flags)
    return {};
  // Versions to come may go on behind another dash.
  if (parent.size() > full_size && (*version == 0 || parent[full_size] != '-'))
    return {};
  // Bits that this version does not know are not handed on.
  auto known = *version == 0 ? trace_context::sampled_flag | trace_context::random_flag
                             : trace_context::sampled_flag;
  trace_context result{
    {*high, *low}, {*span}, static_cast<std::uint8_t>(*flags & static_cast<unsigned>(known)), {}};
  if (!result.valid())
    return {};
  result.state = rules::bounded_tracestate(state);
  return result;
}

// -- in messages ----------------------------------------------------------------------------------

std::string to_string(const trace_parent& what) {
  if (!what)
    return {};
  auto result = to_traceparent(*what);
  return what->state.empty() ? result : result + ' ' + what->state;
}

trace_parent parse_trace_parent(std::string_view text) {
  auto space = text.find(' ');
  auto state = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
  auto found = parse_traceparent(text.substr(0, space), state);
  return found ? trace_parent{std::move(*found)} : trace_parent{};
}

} // namespace wsengine
