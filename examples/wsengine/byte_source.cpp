// byte_source.cpp: see byte_source.hpp.

#include "byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace wsengine::cli {

namespace {

/// More is not there at once, anyway.
constexpr std::size_t most_at_once = 1U << 20U;

} // namespace

std::optional<std::string> byte_source::next(std::size_t most) {
  std::string result(std::min(most, most_at_once), '\0');
  for (;;) {
    pollfd both[] = {{fd_, POLLIN, 0}, {end_fd_, POLLIN, 0}};
    if (::poll(both, 2, -1) < 0 && errno != EINTR)
      return std::nullopt;
    if (both[1].revents != 0)
      return std::nullopt;
    if (both[0].revents == 0)
      continue;
    auto size = ::read(fd_, result.data(), result.size());
    if (size > 0) {
      result.resize(static_cast<std::size_t>(size));
      return result;
    }
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
      continue;
    ended_ = true;
    return std::nullopt;
  }
}

} // namespace wsengine::cli
