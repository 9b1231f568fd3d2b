// signals.hpp: hands the signals that end programs to a function, on a thread of its own.

#pragma once

#include "output.hpp"
#include "wake_up.hpp"

#include <functional>
#include <future>
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

/// Waits for the first signal of a program that then ends by itself.
class ending_signal {
public:
  /// From that signal on, nobody waits for a reader of `out`, which must outlive the object.
  explicit ending_signal(output& out);

  /// Returns its name.
  std::string wait() { return came_.get_future().get(); }

private:
  std::promise<std::string> came_;
  signal_watch watch_;
};

} // namespace wsengine::cli
