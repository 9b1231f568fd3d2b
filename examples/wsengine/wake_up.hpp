// wake_up.hpp: ends the waiting of a thread that polls file descriptors.

#pragma once

#include <cstdint>
#include <stdexcept>
#include <sys/eventfd.h>
#include <unistd.h>

namespace wsengine::cli {

/// A file descriptor that becomes readable when another thread says so.
class wake_up {
public:
  wake_up() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0)
      throw std::runtime_error("cannot make an eventfd");
  }

  wake_up(const wake_up&) = delete;
  wake_up& operator=(const wake_up&) = delete;

  ~wake_up() { ::close(fd_); }

  /// Makes the descriptor readable until `clear`. Callable from any thread.
  void signal() const noexcept {
    std::uint64_t one = 1;
    // A counter that is full is readable, too.
    [[maybe_unused]] auto written = ::write(fd_, &one, sizeof one);
  }

  void clear() const noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] auto size = ::read(fd_, &count, sizeof count);
  }

  [[nodiscard]] int fd() const noexcept { return fd_; }

private:
  int fd_;
};

} // namespace wsengine::cli
