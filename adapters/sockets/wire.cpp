// wire.cpp: see wire.hpp.

#include "wire.hpp"

#include "wsengine/encoding.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace wsengine::testing::wire {

namespace {

constexpr std::size_t mask_size = 4;

std::uint64_t number(std::string_view bytes) {
  std::uint64_t result = 0;
  for (auto byte : bytes)
    result = result << 8U | static_cast<std::uint8_t>(byte);
  return result;
}

std::string bytes_of(std::uint64_t value, int count) {
  std::string result;
  for (int i = count - 1; i >= 0; --i)
    result += static_cast<char>(value >> (8 * i) & 0xFFU);
  return result;
}

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The value of a header field, whose name is given in lower case; empty when there is none.
std::string field_of(const std::string& request, const std::string& name) {
  auto lower = request;
  std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
  auto found = lower.find("\r\n" + name + ":");
  if (found == std::string::npos)
    return {};
  auto first = request.find_first_not_of(' ', found + 2 + name.size() + 1);
  return request.substr(first, request.find_first_of(" \r", first) - first);
}

// The value of Sec-WebSocket-Accept (RFC 6455, section 4.2.2).
std::string accept_key(const std::string& request) {
  auto key = field_of(request, "sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

} // namespace

// -- frames ---------------------------------------------------------------------------------------

std::optional<frame> take_frame(std::string& bytes) {
  if (bytes.size() < 2)
    return std::nullopt;
  std::size_t head = 2;
  std::uint64_t size = static_cast<std::uint8_t>(bytes[1]) & 0x7FU;
  if (auto more = size == 127 ? 8U : size == 126 ? 2U : 0U; more > 0) {
    if (bytes.size() < head + more)
      return std::nullopt;
    size = number(std::string_view{bytes}.substr(head, more));
    head += more;
  }
  if (bytes.size() < head + mask_size + size)
    return std::nullopt;
  frame result;
  result.last = (static_cast<std::uint8_t>(bytes[0]) & 0x80U) != 0;
  result.code = static_cast<opcode>(static_cast<std::uint8_t>(bytes[0]) & 0x0FU);
  result.payload = bytes.substr(head + mask_size, size);
  for (std::size_t i = 0; i < size; ++i)
    result.payload[i] = static_cast<char>(result.payload[i] ^ bytes[head + i % mask_size]);
  bytes.erase(0, head + mask_size + size);
  return result;
}

std::string frame_of(opcode code, std::string_view payload, bool last) {
  std::string result(1, static_cast<char>((last ? 0x80U : 0U) | static_cast<std::uint8_t>(code)));
  if (payload.size() < 126)
    result += static_cast<char>(payload.size());
  else if (payload.size() < 65536)
    result += '\x7E' + bytes_of(payload.size(), 2);
  else
    result += '\x7F' + bytes_of(payload.size(), 8);
  return result.append(payload);
}

std::string close_frame(const close_details& details) {
  if (!is_sendable(details.code))
    return frame_of(opcode::close, {});
  return frame_of(opcode::close,
                  bytes_of(static_cast<std::uint16_t>(details.code), 2) + details.reason);
}

close_details read_close(std::string_view payload) {
  if (payload.size() < 2)
    return {close_code::no_status, {}};
  return {static_cast<close_code>(number(payload.substr(0, 2))), std::string{payload.substr(2)}};
}

// -- the upgrade ----------------------------------------------------------------------------------

std::optional<std::string> take_request(std::string& bytes) {
  auto end = bytes.find("\r\n\r\n");
  if (end == std::string::npos)
    return std::nullopt;
  auto result = bytes.substr(0, end + 4);
  bytes.erase(0, end + 4);
  return result;
}

std::string answer(const std::string& request, const handshake_response& response) {
  auto is_open = response.status == 101;
  auto result = "HTTP/1.1 " + std::to_string(response.status) + " Scripted\r\n";
  if (is_open)
    result += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
              + accept_key(request) + "\r\n";
  if (!response.subprotocol.empty())
    result += "Sec-WebSocket-Protocol: " + response.subprotocol + "\r\n";
  for (const auto& [name, value] : response.headers)
    result += name + ": " + value + "\r\n";
  if (!is_open)
    result += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  return result + "\r\n" + response.body;
}

} // namespace wsengine::testing::wire
