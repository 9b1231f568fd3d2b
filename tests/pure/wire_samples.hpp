// wire_samples.hpp: messages to send and functions to take bytes on the wire apart.

#pragma once

#include "zlib.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine::tests {

/// Bytes that cannot be compressed, the same ones every time.
inline std::string random_bytes(std::size_t size, unsigned seed = 1) {
  std::mt19937 source{seed};
  std::string result(size, '\0');
  for (auto& byte : result)
    byte = static_cast<char>(source());
  return result;
}

/// Messages of many sizes, from what can hardly be compressed to what nearly vanishes.
inline std::vector<std::string> sample_messages() {
  std::vector<std::string> result;
  for (std::size_t size :
       {1U, 2U, 125U, 126U, 1000U, 4096U, 65531U, 65532U, 65533U, 65536U, 200000U}) {
    result.push_back(std::string(size, 'x'));
    result.push_back(random_bytes(size));
    std::string text;
    for (int i = 0; text.size() < size; ++i)
      text += "{\"price\":" + std::to_string(i * 7919 % 10007) + "},";
    result.push_back(text.substr(0, size));
  }
  return result;
}

/// One frame of a client.
struct client_frame {
  bool fin = false;
  unsigned reserved = 0;
  unsigned opcode = 0;
  std::string payload;
};

/// Takes masked frames apart.
inline std::vector<client_frame> split_client_frames(std::string_view wire) {
  auto number = [](std::string_view bytes) {
    std::uint64_t result = 0;
    for (auto byte : bytes)
      result = result << 8U | static_cast<std::uint8_t>(byte);
    return result;
  };
  std::vector<client_frame> result;
  while (!wire.empty()) {
    auto first = static_cast<std::uint8_t>(wire[0]);
    client_frame frame{(first & 0x80U) != 0, first & 0x70U, first & 0x0FU, {}};
    std::uint64_t size = static_cast<std::uint8_t>(wire[1]) & 0x7FU;
    std::size_t extended = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (extended > 0)
      size = number(wire.substr(2, extended));
    auto key = wire.substr(2 + extended, 4);
    frame.payload = wire.substr(6 + extended, size);
    for (std::size_t i = 0; i < frame.payload.size(); ++i)
      frame.payload[i] = static_cast<char>(frame.payload[i] ^ key[i % 4]);
    wire.remove_prefix(6 + extended + size);
    result.push_back(std::move(frame));
  }
  return result;
}

/// Inflates all of it.
inline std::string inflate_all(io::inflater& with, std::string_view packed) {
  std::string result;
  std::array<std::byte, 1000> out;
  auto in = std::as_bytes(std::span{packed});
  for (;;) {
    auto did = with.run(in, out);
    if (did.failed)
      return "no deflate data";
    result.append(reinterpret_cast<const char*>(out.data()), did.made);
    in = in.subspan(did.taken);
    if (in.empty() && did.made < out.size())
      return result;
  }
}

/// Compresses a message as a server does.
inline std::string deflate_all(io::deflater& with, std::string_view message) {
  std::string result;
  std::array<std::byte, 1000> out;
  auto in = std::as_bytes(std::span{message});
  for (;;) {
    auto did = with.run(in, out, true);
    result.append(reinterpret_cast<const char*>(out.data()), did.made);
    in = in.subspan(did.taken);
    if (in.empty() && did.made < out.size())
      return result.substr(0, result.size() - 4);
  }
}

} // namespace wsengine::tests
