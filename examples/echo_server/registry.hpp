// registry.hpp: what all connections of the echo server share: options, counters, who is there.

#pragma once

#include "echo_server.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace wsengine::examples {

/// What the server can do with a connection; called on the server's thread.
class connection {
public:
  virtual ~connection() = default;

  /// Resets the TCP connection.
  virtual void abort() = 0;

  virtual void send(const data_message& message) = 0;

  virtual void ping(const std::string& payload) = 0;

  virtual void close(const close_details& details) = 0;
};

/// Shared by the server's thread, which writes, and its users, who read.
class registry {
public:
  explicit registry(echo_options options) : options_(std::move(options)) {}

  [[nodiscard]] const echo_options& options() const noexcept { return options_; }

  /// Whether anybody sees the events.
  [[nodiscard]] bool watched() const noexcept { return options_.on_event != nullptr; }

  // -- for the server's thread --------------------------------------------------------------------

  std::set<connection*> connections;

  /// Counts a TCP connection and names it.
  std::uint64_t accept() {
    auto lock = std::lock_guard{mutex_};
    changed_.notify_all();
    return ++counters_.accepted;
  }

  void request(std::uint64_t who, echo_request what) {
    auto target = what.target;
    {
      auto lock = std::lock_guard{mutex_};
      append(requests_, std::move(what));
    }
    tell({echo_event::type::request, who, std::move(target), {}});
  }

  void message_sent() {
    auto lock = std::lock_guard{mutex_};
    ++counters_.sent;
    changed_.notify_all();
  }

  /// Counts and announces an event.
  void tell(const echo_event& event) {
    {
      auto lock = std::lock_guard{mutex_};
      count(event);
    }
    changed_.notify_all();
    if (watched())
      options_.on_event(event);
  }

  // -- for every thread ---------------------------------------------------------------------------

  [[nodiscard]] echo_counters counters() const {
    auto lock = std::lock_guard{mutex_};
    return snapshot();
  }

  [[nodiscard]] std::vector<echo_request> requests() const {
    auto lock = std::lock_guard{mutex_};
    return {requests_.begin(), requests_.end()};
  }

  bool wait_until(const std::function<bool(const echo_counters&)>& wanted,
                  std::chrono::milliseconds timeout) const {
    auto lock = std::unique_lock{mutex_};
    return changed_.wait_for(lock, timeout, [&] { return wanted(snapshot()); });
  }

private:
  template <class T>
  static void append(std::deque<T>& list, T value) {
    list.push_back(std::move(value));
    if (list.size() > 1024)
      list.pop_front();
  }

  void count(const echo_event& event) {
    switch (event.what) {
      case echo_event::type::request: ++counters_.requests; break;
      case echo_event::type::opened:
        ++counters_.opened;
        ++counters_.open;
        break;
      case echo_event::type::message: ++counters_.messages; break;
      case echo_event::type::ping: ++counters_.pings; break;
      case echo_event::type::pong: ++counters_.pongs; break;
      case echo_event::type::closed:
        --counters_.open;
        append(closes_, event.details);
        break;
    }
  }

  [[nodiscard]] echo_counters snapshot() const {
    auto result = counters_;
    result.closes.assign(closes_.begin(), closes_.end());
    return result;
  }

  echo_options options_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  echo_counters counters_;
  std::deque<close_details> closes_;
  std::deque<echo_request> requests_;
};

} // namespace wsengine::examples
