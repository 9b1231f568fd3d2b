// upgrade.cpp: see upgrade.hpp.

#include "server/upgrade.hpp"

#include <boost/beast/http/field.hpp>

#include <openssl/evp.h>

#include <array>

namespace wsengine::bench {

std::string accept_key(std::string_view key) {
  constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  auto text = std::string{key}.append(guid);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> encoded{};
  auto length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

std::string upgrade_response(const request& what) {
  auto key = what[http::field::sec_websocket_key];
  return "HTTP/1.1 101 Switching Protocols\r\n"
         "Upgrade: websocket\r\n"
         "Connection: Upgrade\r\n"
         "Sec-WebSocket-Accept: "
         + accept_key({key.data(), key.size()}) + "\r\n\r\n";
}

std::string refusal() {
  return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}

} // namespace wsengine::bench
