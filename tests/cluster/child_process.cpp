// child_process.cpp: see child_process.hpp.

#include "cluster/child_process.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wsengine::tests {

namespace {

// Far longer than anything takes, even with sanitizers on a busy machine.
constexpr auto patience = std::chrono::seconds(60);

// What the new process does. A test that is aborted takes it along: whoever waits for the end of
// the test's output would wait for this one's, too.
[[noreturn]] void become(char** arguments, int output) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  auto input = ::open("/dev/null", O_RDONLY);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

} // namespace

child_process::child_process(const std::vector<std::string>& words) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error("cannot make a pipe");
  output_ = ends[0];
  std::vector<char*> arguments;
  for (const auto& x : words)
    arguments.push_back(const_cast<char*>(x.c_str()));
  arguments.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0)
    become(arguments.data(), ends[1]);
  ::close(ends[1]);
  if (pid_ < 0) {
    ::close(output_);
    throw std::runtime_error("cannot run " + words[0]);
  }
  reader_ = std::thread{[this] { read(); }};
}

child_process::~child_process() {
  if (!waited_) {
    signal(SIGKILL);
    wait();
  }
  reader_.join();
  ::close(output_);
}

std::string child_process::wait_for(const std::string& part) {
  std::unique_lock guard{mutex_};
  auto found = lines_.end();
  changed_.wait_for(guard, patience, [&] {
    found = std::find_if(lines_.begin(), lines_.end(),
                         [&](const auto& x) { return x.find(part) != std::string::npos; });
    return found != lines_.end() || ended_;
  });
  return found == lines_.end() ? std::string{} : *found;
}

std::uint16_t child_process::wait_for_port() {
  const std::string key = "\"port\":";
  auto line = wait_for(key);
  auto at = line.find(key);
  if (at == std::string::npos)
    return 0;
  return static_cast<std::uint16_t>(std::stoul(line.substr(at + key.size())));
}

std::size_t child_process::count(const std::string& part) {
  std::lock_guard guard{mutex_};
  return static_cast<std::size_t>(std::count_if(lines_.begin(), lines_.end(), [&](const auto& x) {
    return x.find(part) != std::string::npos;
  }));
}

void child_process::signal(int number) const {
  ::kill(pid_, number);
}

int child_process::wait() {
  if (!waited_) {
    int how = 0;
    ::waitpid(pid_, &how, 0);
    waited_ = true;
    status_ = WIFEXITED(how) ? WEXITSTATUS(how) : -WTERMSIG(how);
  }
  return status_;
}

std::uint64_t child_process::resident_bytes() const {
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  std::ifstream{"/proc/" + std::to_string(pid_) + "/statm"} >> size >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void child_process::read() {
  std::string rest;
  char buffer[4096];
  for (;;) {
    auto size = ::read(output_, buffer, sizeof buffer);
    std::lock_guard guard{mutex_};
    if (size <= 0) {
      ended_ = true;
      changed_.notify_all();
      return;
    }
    rest.append(buffer, static_cast<std::size_t>(size));
    for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      lines_.push_back(rest.substr(0, end));
      rest.erase(0, end + 1);
    }
    changed_.notify_all();
  }
}

} // namespace wsengine::tests
