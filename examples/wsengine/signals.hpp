// signals.hpp: hands the signals that end programs to a function, on a thread of its own.

#pragma once

#include "wake_up.hpp"

#include <functional>
#include <string>
#include <thread>

namespace wsengine::cli {

/// Keeps SIGINT and SIGTERM from ending the program, and ignores SIGPIPE. Call it before threads
/// start; they inherit it.
void block_signals();

/// "SIGINT" or "SIGTERM".
std::string name_of_signal(int number);

/// Waits for the signals that `block_signals` blocks.
class signal_watch {
public:
  /// `act` is called for each signal, on a thread of its own.
  explicit signal_watch(std::function<void(int)> act);

  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  ~signal_watch();

private:
  void run();

  std::function<void(int)> act_;
  int fd_;
  wake_up end_;
  std::thread thread_;
};

} // namespace wsengine::cli
