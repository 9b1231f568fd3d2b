// output.cpp: see output.hpp.

#include "output.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wsengine::cli {

namespace {

bool is_a_socket(int fd) {
  struct stat what {};
  return ::fstat(fd, &what) == 0 && S_ISSOCK(what.st_mode);
}

std::string with_line_feed(std::string_view line) {
  std::string result{line};
  result += '\n';
  return result;
}

} // namespace

output::output(int fd) : fd_(fd), is_socket_(is_a_socket(fd)) {}

bool output::is_terminal() const noexcept {
  return ::isatty(fd_) == 1;
}

bool output::write_line(std::string_view line) {
  std::lock_guard guard{writing_};
  return write(with_line_feed(line));
}

bool output::write_last_line(std::string_view line) {
  std::lock_guard guard{writing_};
  auto result = write(with_line_feed(line));
  broken_ = true;
  return result;
}

bool output::write_bytes(std::string_view data) {
  std::lock_guard guard{writing_};
  return write(data);
}

void output::end() {
  std::lock_guard guard{writing_};
  broken_ = true;
}

bool output::write(std::string_view data) {
  if (broken_)
    return false;
  if (write_all(data))
    return true;
  // After part of a line, every further byte would be part of it.
  broken_ = true;
  if (when_broken_)
    when_broken_();
  return false;
}

void output::wait_only_until(clock::time_point when) {
  {
    std::lock_guard guard{limit_mutex_};
    limit_ = limit_ ? std::min(*limit_, when) : when;
  }
  limit_changed_.signal();
}

bool output::write_all(std::string_view data) {
  while (!data.empty()) {
    if (!wait_for_room())
      return false;
    auto written = write_some(data);
    if (written >= 0)
      data.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR && errno != EAGAIN)
      return false;
  }
  return true;
}

bool output::wait_for_room() {
  for (;;) {
    int timeout = -1;
    {
      std::lock_guard guard{limit_mutex_};
      limit_changed_.clear();
      if (limit_) {
        auto left = std::chrono::ceil<std::chrono::milliseconds>(*limit_ - clock::now()).count();
        timeout = static_cast<int>(std::clamp<decltype(left)>(left, 0, INT_MAX));
      }
    }
    pollfd both[] = {{fd_, POLLOUT, 0}, {limit_changed_.fd(), POLLIN, 0}};
    auto ready = ::poll(both, 2, timeout);
    if (ready < 0 && errno != EINTR)
      return false;
    // An error shows in the write.
    if (ready > 0 && both[0].revents != 0)
      return true;
    if (ready == 0)
      return false;
  }
}

long output::write_some(std::string_view data) const {
  if (is_socket_)
    return ::send(fd_, data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  // A pipe that has room at all has it for so many bytes; more could block beyond our reach. We
  // cannot make it non-blocking: others may share it.
  return ::write(fd_, data.data(), std::min<std::size_t>(data.size(), PIPE_BUF));
}

} // namespace wsengine::cli
