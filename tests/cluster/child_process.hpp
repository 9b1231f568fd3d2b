// child_process.hpp: a program that a test runs, reads and kills.

#pragma once

#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace wsengine::tests {

/// A running program; it is killed with the object. Its standard output is read line by line.
class child_process {
public:
  /// The first word is the path of the program.
  explicit child_process(const std::vector<std::string>& words);

  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  ~child_process();

  /// Waits for a line of standard output that contains `part`, from the first one on, and returns
  /// it; empty when none comes.
  std::string wait_for(const std::string& part);

  /// The number behind `"port":` in such a line; 0 when none comes.
  std::uint16_t wait_for_port();

  /// How often `part` was in a line so far.
  std::size_t count(const std::string& part);

  void signal(int number) const;

  /// Waits for the end. Returns the exit status, or minus the number of the signal that ended it.
  int wait();

  /// How much memory it uses.
  [[nodiscard]] std::uint64_t resident_bytes() const;

private:
  void read();

  pid_t pid_ = -1;
  int output_ = -1;
  bool waited_ = false;
  int status_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  bool ended_ = false;
  std::thread reader_;
};

} // namespace wsengine::tests
