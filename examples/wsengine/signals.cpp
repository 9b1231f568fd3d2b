// signals.cpp: see signals.hpp.

#include "signals.hpp"

#include <csignal>
#include <poll.h>
#include <stdexcept>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

namespace wsengine::cli {

namespace {

sigset_t ending_signals() {
  sigset_t result;
  sigemptyset(&result);
  sigaddset(&result, SIGINT);
  sigaddset(&result, SIGTERM);
  return result;
}

} // namespace

void block_signals() {
  auto both = ending_signals();
  pthread_sigmask(SIG_BLOCK, &both, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

std::string name_of_signal(int number) {
  return number == SIGINT ? "SIGINT" : "SIGTERM";
}

signal_watch::signal_watch(std::function<void(int)> act) : act_(std::move(act)) {
  auto both = ending_signals();
  fd_ = ::signalfd(-1, &both, SFD_CLOEXEC);
  if (fd_ < 0)
    throw std::runtime_error("cannot make a signalfd");
  thread_ = std::thread{[this] { run(); }};
}

signal_watch::~signal_watch() {
  end_.signal();
  thread_.join();
  ::close(fd_);
}

void signal_watch::run() {
  for (;;) {
    pollfd both[] = {{fd_, POLLIN, 0}, {end_.fd(), POLLIN, 0}};
    ::poll(both, 2, -1);
    if (both[1].revents != 0)
      return;
    signalfd_siginfo what{};
    if (both[0].revents != 0 && ::read(fd_, &what, sizeof what) == sizeof what)
      act_(static_cast<int>(what.ssi_signo));
  }
}

ending_signal::ending_signal(output& out)
  : watch_([this, &out, asked = false](int number) mutable {
      out.wait_only_until(output::clock::now());
      if (!std::exchange(asked, true))
        came_.set_value(name_of_signal(number));
    }) {}

} // namespace wsengine::cli
