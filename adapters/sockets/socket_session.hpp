// socket_session.hpp: one connection of a scripted server over real sockets.

#pragma once

#include "wire.hpp"

#include "wsengine/testing/script.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace wsengine::testing {

/// Plays scripts over a socket, on a thread of its own.
class socket_session {
public:
  using clock = std::chrono::steady_clock;

  /// Takes the socket over. `first` is asked for the script once the upgrade request is there.
  socket_session(int descriptor, timespan second, std::function<script()> first);

  socket_session(const socket_session&) = delete;
  socket_session& operator=(const socket_session&) = delete;

  /// Resets the connection and waits for the thread.
  ~socket_session();

  /// Plays a script next to the others; returns false when the session is over.
  bool play(script what);

  /// Whether the client waits for the answer to its upgrade request.
  [[nodiscard]] bool is_asked() const;

  [[nodiscard]] std::vector<data_message> received() const;

  [[nodiscard]] optional<close_details> close_frame() const;

private:
  enum class phase { connected, asked, open, closing, over };

  struct track {
    std::vector<step> steps;
    std::size_t next = 0;
    std::size_t seen = 0;
    // Until when it does nothing.
    optional<clock::time_point> wakes;
  };

  void run();
  void wait();
  [[nodiscard]] int patience() const;
  bool receive();
  void flush();
  void take_in();
  void take(wire::frame what);
  void take_close(const std::string& payload);
  void advance();
  bool perform(track& self, const step& what);
  bool perform(track& self, const steps::await_write& what);
  void refuse(const caf::error& cause);
  void send(const std::string& bytes);
  void send_last(const std::string& bytes);
  void reset();
  [[nodiscard]] clock::time_point later(timespan delay) const;
  [[nodiscard]] bool stops_reading() const;

  const int descriptor_;
  const timespan second_;
  std::function<script()> first_;
  // Wakes the thread.
  int wake_[2] = {-1, -1};

  mutable std::mutex mutex_;
  phase phase_ = phase::connected;
  bool ending_ = false;
  std::vector<script> commands_;
  std::vector<track> tracks_;
  std::string request_;
  std::string inbound_;
  // What the system has not taken yet, and whether that is the last.
  std::string outbound_;
  bool sent_last_ = false;
  // Whether the message that was sent last goes on.
  bool in_parts_ = false;
  std::string fragments_;
  message_kind kind_ = message_kind::text;
  std::vector<data_message> received_;
  optional<close_details> close_frame_;
  steps::on_close_frame close_reaction_;
  bool takes_writes_ = true;
  bool answers_pings_ = true;
  // When the answer to the close frame goes out.
  optional<clock::time_point> close_due_;

  std::thread thread_;
};

} // namespace wsengine::testing
