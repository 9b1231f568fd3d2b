// lines.cpp: the lines of a recording, see wsengine/recording.hpp.

#include "wsengine/close.hpp"
#include "wsengine/encoding.hpp"
#include "wsengine/recording.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <utility>

namespace wsengine {

namespace json = boost::json;

namespace {

constexpr auto version_key = "wsengine_recording";

using milliseconds = std::chrono::duration<double, std::milli>;

// -- writing --------------------------------------------------------------------------------------

void add_text(json::object& to, const char* key, std::string_view value) {
  if (!value.empty())
    to[key] = to_utf8(value);
}

void add_headers(json::object& to, const header_fields& fields) {
  json::array result;
  for (const auto& [name, value] : fields)
    result.push_back(json::array{to_utf8(name), to_utf8(value)});
  if (!result.empty())
    to["headers"] = std::move(result);
}

void add(json::object& to, const handshake_request& what) {
  to["url"] = to_utf8(what.url);
  add_headers(to, what.headers);
  json::array protocols;
  for (const auto& x : what.subprotocols)
    protocols.push_back(json::string{to_utf8(x)});
  if (!protocols.empty())
    to["subprotocols"] = std::move(protocols);
}

void add(json::object& to, const handshake_response& what) {
  to["status"] = what.status;
  add_text(to, "subprotocol", what.subprotocol);
  add_text(to, "extensions", what.extensions);
  add_headers(to, what.headers);
  add_text(to, "body", what.body);
  add_text(to, "tls", what.tls.version);
}

void add(json::object& to, const data_message& what) {
  to["kind"] = to_string(what.kind);
  // A part may end within a character.
  if (what.kind == message_kind::text && is_utf8(what.data.text()))
    to["text"] = what.data.text();
  else
    to["base64"] = to_base64(what.data.text());
  if (!what.last)
    to["last"] = false;
}

// -- reading --------------------------------------------------------------------------------------

std::string text_in(const json::object& line, const char* key) {
  const auto* found = line.if_contains(key);
  if (found == nullptr)
    return {};
  if (!found->is_string())
    throw std::runtime_error{"\"" + std::string{key} + "\" is no text"};
  return std::string{found->as_string()};
}

std::uint64_t number_in(const json::object& line, const char* key, std::uint64_t most) {
  const auto* found = line.if_contains(key);
  if (found == nullptr)
    return 0;
  boost::system::error_code failed;
  auto result = found->to_number<std::uint64_t>(failed);
  if (failed || result > most)
    throw std::runtime_error{"\"" + std::string{key} + "\" is no number from 0 to "
                             + std::to_string(most)};
  return result;
}

timespan time_in(const json::object& line) {
  // Far beyond any recording, and far below what a timespan holds.
  constexpr auto most = milliseconds{std::chrono::hours{24 * 365 * 100}}.count();
  const auto* found = line.if_contains("t_ms");
  if (found == nullptr || !found->is_number())
    throw std::runtime_error{"\"t_ms\" is missing or no number"};
  auto result = found->to_number<double>();
  if (!(result >= 0 && result < most))
    throw std::runtime_error{"\"t_ms\" is out of range"};
  return std::chrono::round<timespan>(milliseconds{result});
}

header_fields headers_in(const json::object& line) {
  header_fields result;
  const auto* found = line.if_contains("headers");
  if (found == nullptr)
    return result;
  auto is_text = [](const json::value& x) { return x.is_string(); };
  if (const auto* list = found->if_array()) {
    for (const auto& x : *list) {
      const auto* pair = x.if_array();
      if (pair == nullptr || pair->size() != 2 || !is_text(pair->at(0)) || !is_text(pair->at(1)))
        throw std::runtime_error{"\"headers\" has a field that is no pair of texts"};
      result.emplace_back(pair->at(0).as_string(), pair->at(1).as_string());
    }
    return result;
  }
  throw std::runtime_error{"\"headers\" is no list"};
}

handshake_request request_in(const json::object& line) {
  handshake_request result;
  result.url = text_in(line, "url");
  result.headers = headers_in(line);
  if (const auto* found = line.if_contains("subprotocols"))
    for (const auto& x : found->as_array())
      result.subprotocols.emplace_back(x.as_string());
  return result;
}

handshake_response response_in(const json::object& line) {
  handshake_response result;
  result.status = static_cast<std::uint16_t>(number_in(line, "status", 999));
  result.subprotocol = text_in(line, "subprotocol");
  result.extensions = text_in(line, "extensions");
  result.headers = headers_in(line);
  result.body = text_in(line, "body");
  result.tls.version = text_in(line, "tls");
  return result;
}

data_message message_in(const json::object& line) {
  data_message result;
  auto kind = text_in(line, "kind");
  if (kind != "text" && kind != "binary")
    throw std::runtime_error{"\"kind\" is neither text nor binary"};
  result.kind = kind == "text" ? message_kind::text : message_kind::binary;
  if (line.contains("text") == line.contains("base64"))
    throw std::runtime_error{"a message needs \"text\" or \"base64\""};
  if (line.contains("text")) {
    result.data = payload{text_in(line, "text")};
  } else {
    auto bytes = from_base64(text_in(line, "base64"));
    if (!bytes)
      throw std::runtime_error{"\"base64\" is not base64"};
    result.data = payload{std::move(*bytes)};
  }
  if (const auto* last = line.if_contains("last"))
    result.last = last->as_bool();
  return result;
}

// What an event cannot do without.
void check(const recorded_event& event) {
  auto needs = [&](const char* what, bool there, const char* field) {
    if (event.what == what && !there)
      throw std::runtime_error{"\"" + event.what + "\" needs \"" + field + "\""};
  };
  needs("dial", static_cast<bool>(event.request), "url");
  needs("open", static_cast<bool>(event.response), "status");
  needs("received", static_cast<bool>(event.message), "kind");
  needs("write", static_cast<bool>(event.message), "kind");
  needs("close", static_cast<bool>(event.details), "code");
  needs("over", static_cast<bool>(event.details), "code");
}

recorded_event event_in(const json::object& line) {
  recorded_event result;
  result.what = text_in(line, "event");
  if (result.what.empty())
    throw std::runtime_error{"\"event\" is missing"};
  result.at = time_in(line);
  result.connection = number_in(line, "connection", std::numeric_limits<std::uint32_t>::max());
  result.by = text_in(line, "by");
  result.name = text_in(line, "name");
  result.info = text_in(line, "info");
  if (line.contains("url"))
    result.request = request_in(line);
  if (line.contains("status"))
    result.response = response_in(line);
  if (line.contains("kind"))
    result.message = message_in(line);
  if (line.contains("code"))
    result.details = close_details{static_cast<close_code>(number_in(line, "code", 65535)),
                                   text_in(line, "reason")};
  check(result);
  return result;
}

void check_version(const json::object& line) {
  if (!line.contains(version_key))
    throw std::runtime_error{"this is no recording of wsengine: there is no version"};
  auto version = number_in(line, version_key, 1'000'000);
  if (version == 0 || version > recording_version)
    throw std::runtime_error{"the recording has version " + std::to_string(version)
                             + "; this program reads versions up to "
                             + std::to_string(recording_version)};
}

json::object parse_object(const std::string& line) {
  boost::system::error_code failed;
  auto result = json::parse(line, failed);
  if (failed)
    throw std::runtime_error{"this is no JSON: " + failed.message()};
  if (!result.is_object())
    throw std::runtime_error{"this is no JSON object"};
  return std::move(result.as_object());
}

} // namespace

std::string recording_header() {
  return json::serialize(json::object{{version_key, recording_version}});
}

std::string to_line(const recorded_event& event) {
  json::object line;
  line["event"] = event.what;
  if (event.connection > 0)
    line["connection"] = event.connection;
  add_text(line, "by", event.by);
  add_text(line, "name", event.name);
  add_text(line, "info", event.info);
  if (event.request)
    add(line, *event.request);
  if (event.response)
    add(line, *event.response);
  if (event.message)
    add(line, *event.message);
  if (event.details) {
    line["code"] = static_cast<std::uint16_t>(event.details->code);
    add_text(line, "reason", event.details->reason);
  }
  // Boost.JSON would write 12.5 as 1.25E1, which is hard to read.
  char time[64];
  std::snprintf(time, sizeof(time), "{\"t_ms\":%.3f,", milliseconds{event.at}.count());
  return time + json::serialize(line).substr(1);
}

std::string to_string(const recording_problem& problem) {
  return "line " + std::to_string(problem.line) + ": " + problem.text;
}

std::vector<recorded_event> read_recording(std::istream& from,
                                           optional<recording_problem>& problem) {
  std::vector<recorded_event> result;
  std::string line;
  std::size_t number = 0;
  problem = nothing;
  while (std::getline(from, line)) {
    ++number;
    // A program that crashed may have left half a line.
    if (number > 1 && from.eof())
      return result;
    try {
      if (number == 1)
        check_version(parse_object(line));
      else
        result.push_back(event_in(parse_object(line)));
    } catch (const std::exception& x) {
      problem = recording_problem{number, x.what()};
      return result;
    }
  }
  if (number == 0)
    problem = recording_problem{1, "the recording is empty"};
  return result;
}

} // namespace wsengine
