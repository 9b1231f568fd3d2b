// line_reader.cpp: see line_reader.hpp.

#include "line_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace wsengine::cli {

line_reader::line_reader(int fd, int end_fd, std::size_t longest)
  : fd_(fd),
    end_fd_(end_fd),
    longest_(longest) {}

std::optional<std::string> line_reader::next() {
  for (;;) {
    auto found = buffer_.find('\n', searched_);
    if (found != std::string::npos) {
      // The rest of a line that was cut off is not a line of its own.
      auto line = take(found);
      if (!std::exchange(skipping_, false))
        return line;
      continue;
    }
    searched_ = buffer_.size();
    if (skipping_) {
      buffer_.clear();
      searched_ = 0;
    } else if (buffer_.size() > longest_) {
      skipping_ = true;
      auto begin = take(buffer_.size());
      too_long_ = true;
      return begin;
    }
    if (!fill())
      break;
  }
  if (!ended_ || buffer_.empty() || skipping_)
    return std::nullopt;
  return take(buffer_.size());
}

std::optional<std::string> line_reader::take(std::size_t size) {
  auto line = buffer_.substr(0, size);
  buffer_.erase(0, std::min(buffer_.size(), size + 1));
  searched_ = 0;
  if (!line.empty() && line.back() == '\r')
    line.pop_back();
  too_long_ = line.size() > longest_;
  return line;
}

bool line_reader::fill() {
  for (;;) {
    pollfd both[] = {{fd_, POLLIN, 0}, {end_fd_, POLLIN, 0}};
    if (::poll(both, 2, -1) < 0 && errno != EINTR)
      return false;
    if (both[1].revents != 0)
      return false;
    if (both[0].revents == 0)
      continue;
    char data[64U << 10U];
    auto size = ::read(fd_, data, sizeof data);
    if (size > 0) {
      buffer_.append(data, static_cast<std::size_t>(size));
      return true;
    }
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
      continue;
    ended_ = true;
    return false;
  }
}

} // namespace wsengine::cli
