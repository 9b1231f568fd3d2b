// upgrade_request.cpp: see upgrade_request.hpp.

#include "upgrade_request.hpp"

namespace wsengine::io {

namespace {

constexpr std::string_view line_end = "\r\n";

// Takes the first line, without its end, from the front of a text.
std::string_view take_line(std::string_view& text) {
  auto size = text.find(line_end);
  auto result = text.substr(0, size);
  text.remove_prefix(size == std::string_view::npos ? text.size() : size + line_end.size());
  return result;
}

void add_line(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append(line_end);
}

} // namespace

std::string complete_request(std::string_view made, const std::string& host,
                             const handshake_request& wanted) {
  std::string result{take_line(made)};
  result += line_end;
  if (!find_header(wanted.headers, "Host"))
    add_line(result, "Host", host);
  if (!find_header(wanted.headers, "User-Agent"))
    add_line(result, "User-Agent", "wsengine");
  // The fields of the handshake are reserved, so the user's are others.
  for (auto line = take_line(made); !line.empty(); line = take_line(made))
    if (!line.starts_with("Host:"))
      result.append(line).append(line_end);
  for (const auto& [name, value] : wanted.headers)
    add_line(result, name, value);
  std::string offered;
  for (const auto& name : wanted.subprotocols)
    offered += (offered.empty() ? "" : ", ") + name;
  if (!offered.empty())
    add_line(result, "Sec-WebSocket-Protocol", offered);
  return result += line_end;
}

} // namespace wsengine::io
