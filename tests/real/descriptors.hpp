// descriptors.hpp: what the process has open, to see that nothing is left open, and how it was set.

#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <filesystem>
#include <map>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <vector>

namespace wsengine::tests {

/// What the process has open, by what it is (a socket has a number of its own), with how often.
inline std::map<std::string, int> open_descriptors() {
  std::map<std::string, int> result;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    // Others close descriptors meanwhile.
    std::error_code gone;
    auto what = std::filesystem::read_symlink(entry.path(), gone);
    if (!gone)
      ++result[what.string()];
  }
  return result;
}

/// What is open and was not open then.
inline std::vector<std::string> opened_since(const std::map<std::string, int>& then) {
  std::vector<std::string> result;
  for (const auto& [what, count] : open_descriptors())
    if (auto old = then.find(what); old == then.end() || old->second < count)
      result.push_back(what);
  return result;
}

/// The socket of this process that is connected to a port of 127.0.0.1; -1 when there is none.
inline int socket_to(std::uint16_t port) {
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    auto handle = std::stoi(entry.path().filename().string());
    sockaddr_in peer{};
    socklen_t size = sizeof(peer);
    if (::getpeername(handle, reinterpret_cast<sockaddr*>(&peer), &size) == 0
        && peer.sin_family == AF_INET && ntohs(peer.sin_port) == port)
      return handle;
  }
  return -1;
}

/// The value of an option of a socket; -1 when it cannot be read.
inline int socket_option(int handle, int level, int name) {
  int result = -1;
  socklen_t size = sizeof(result);
  return ::getsockopt(handle, level, name, &result, &size) == 0 ? result : -1;
}

} // namespace wsengine::tests
