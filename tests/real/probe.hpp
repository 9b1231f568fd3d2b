// probe.hpp: a client for tests with real sockets: records its callbacks, runs what a test puts in
// their place, and lets the test's thread wait for what it wants to see.

#pragma once

#include "wsengine/callbacks.hpp"
#include "wsengine/error.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace wsengine::tests {

/// A door that callbacks wait at until the test opens it. Callbacks hold it by a shared pointer,
/// for they may pass it when the test is over.
class gate {
public:
  void wait() {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [this] { return open_; });
  }

  void open() {
    std::lock_guard guard{mutex_};
    open_ = true;
    changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

/// The record is shared by the callbacks, on whatever thread they run, and the test.
class probe : public callbacks {
public:
  /// What a test runs inside callbacks; set before the engine is started.
  std::function<caf::result<void>(session_context&, bool)> in_open;
  std::function<void(session_context&, const payload&)> in_message;
  std::function<close_details(session_context&, const optional<close_details>&)> in_close;
  std::function<void(session_context&)> in_restart_error;

  // -- the record ---------------------------------------------------------------------------------

  /// Waits until `wanted` holds for the lines recorded so far; false when it never came to that.
  bool wait_until(const std::function<bool(const std::vector<std::string>&)>& wanted) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::seconds(20), [&] { return wanted(lines_); });
  }

  /// Waits until there are that many lines that begin with `prefix`.
  bool wait_for(const std::string& prefix, std::size_t times = 1) {
    return wait_until([&](const auto& lines) { return count_in(lines, prefix) >= times; });
  }

  std::size_t count(const std::string& prefix) {
    std::lock_guard guard{mutex_};
    return count_in(lines_, prefix);
  }

  std::vector<std::string> lines() {
    std::lock_guard guard{mutex_};
    return lines_;
  }

  /// The session that opened last.
  session current() {
    std::lock_guard guard{mutex_};
    return current_;
  }

  void note(std::string line) {
    std::lock_guard guard{mutex_};
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }

  // -- callbacks ----------------------------------------------------------------------------------

  caf::result<void> on_open(session_context& context, const handshake_response&,
                            bool restarting) override {
    {
      std::lock_guard guard{mutex_};
      current_ = context.which();
    }
    note(restarting ? "open again" : "open");
    if (in_open)
      return in_open(context, restarting);
    return caf::unit;
  }

  void on_message(session_context& context, message_kind, const payload& data) override {
    note("message " + std::string{data.text().substr(0, 32)});
    if (in_message)
      in_message(context, data);
  }

  void on_read_error(session_context&, const caf::error& cause) override {
    note("read_error " + describe(cause));
  }

  close_details on_close(session_context& context, const optional<close_details>& peer) override {
    note(peer ? "close " + std::to_string(static_cast<unsigned>(peer->code)) : "close by us");
    return in_close ? in_close(context, peer) : close_details{};
  }

  void on_close_error(session_context&, const caf::error& cause) override {
    note("close_error " + describe(cause));
  }

  void on_restart_error(session_context& context, const caf::error& cause, std::uint32_t retry,
                        optional<timespan> next_delay) override {
    note("restart_error " + std::to_string(retry) + (next_delay ? " " : " last ")
         + describe(cause));
    if (in_restart_error)
      in_restart_error(context);
  }

private:
  static std::size_t count_in(const std::vector<std::string>& lines, const std::string& prefix) {
    std::size_t result = 0;
    for (const auto& x : lines)
      result += x.starts_with(prefix) ? 1 : 0;
    return result;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  session current_;
};

} // namespace wsengine::tests
