// protocol.hpp: websocketpp's side of a session, from bytes to messages and back.
//
// In terms of the standard library alone: websocketpp is no C++20, so what includes it is C++17.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace wsengine::io {

/// Whoever uses a protocol. All calls come within one of the protocol's functions.
class protocol_user {
public:
  /// These bytes are to be sent.
  virtual void on_bytes(std::string_view bytes) = 0;
  /// A message has come.
  virtual void on_message(bool is_text, std::string payload) = 0;
  /// A ping has come; its pong is among the bytes to be sent.
  virtual void on_ping_frame() = 0;
  /// A pong has come.
  virtual void on_pong_frame(std::string_view data) = 0;

protected:
  ~protocol_user() = default;
};

/// A client's session in websocketpp, which sees neither socket nor clock.
class protocol {
public:
  enum class state {
    /// The server's answer has not come yet.
    upgrading,
    open,
    /// The server's answer was none that opens a session.
    failed,
    /// The peer's close frame came. Ours is among the bytes to be sent.
    closed,
    /// The peer broke the protocol. What it gets for that is among the bytes to be sent.
    broken,
  };

  protocol(protocol_user& user, std::uint64_t max_message_size);

  protocol(const protocol&) = delete;
  protocol& operator=(const protocol&) = delete;

  ~protocol();

  /// Makes the upgrade request for a target such as "/path?query".
  void start(const std::string& target);

  /// Takes in what has come. To be called while it is `upgrading` or `open`. `bytes` are at most
  /// `max_feed`.
  void feed(std::string_view bytes);

  static constexpr std::size_t max_feed = 4096;

  [[nodiscard]] state current() const noexcept;

  /// Why it is `failed`.
  [[nodiscard]] std::error_code failure() const;

  /// The code of the peer's close frame, or, once it is `broken`, of the one that it gets.
  [[nodiscard]] std::uint16_t close_code() const noexcept;

  /// The reason that goes with the code.
  [[nodiscard]] const std::string& close_reason() const noexcept;

  /// Sends a piece of a message as one frame. `last`: it ends the message.
  std::error_code write(bool is_text, std::string_view piece, bool last);

  /// Sends a ping.
  std::error_code ping(std::string_view data);

  /// Sends a close frame; nothing is sent behind it. The session stays open for the peer's.
  void close(std::uint16_t code, const std::string& reason);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace wsengine::io
