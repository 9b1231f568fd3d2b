// raw_peer.hpp: a server for one connection that does, byte by byte, what a test wants.

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace wsengine::tests {

/// The value of `Sec-WebSocket-Accept` for an upgrade request (RFC 6455, section 4.2.2).
std::string accept_key(const std::string& request);

/// The server's side of a TCP connection. Functions throw when the client has gone.
class raw_session {
public:
  explicit raw_session(boost::asio::ip::tcp::socket& socket) : socket_(socket) {}

  /// One WebSocket frame of the client's, without its mask.
  struct frame {
    std::uint8_t opcode = 0;
    bool fin = false;
    /// The reserved bits, from 0 to 7; the highest is RSV1.
    std::uint8_t reserved = 0;
    std::string payload;
  };

  /// Reads an HTTP request up to its empty line.
  std::string read_request();

  /// Reads that many bytes.
  std::string take(std::size_t size);

  /// Connects to a port of this machine and carries bytes both ways until either side ends.
  void relay(std::uint16_t port);

  /// Sends bytes.
  void send(std::string_view bytes);

  /// Reads the upgrade request and answers it as it should be; `more` are further header lines.
  void upgrade(const std::string& more = {});

  /// What `upgrade` answers.
  static std::string response_to(const std::string& request, const std::string& more = {});

  frame read_frame();

  void send_frame(std::uint8_t opcode, std::string_view payload, bool fin = true);

  /// What `send_frame` sends. The opcode may have reserved bits (0x40 is RSV1).
  static std::string frame_of(std::uint8_t opcode, std::string_view payload, bool fin = true);

  /// Sends the header of a frame that announces `size` bytes.
  void send_header(std::uint8_t opcode, std::uint64_t size, bool fin = true);

  void send_close(std::uint16_t code, std::string_view reason = {});

  /// Sends binary messages until the client takes no more for half a second, or `limit` bytes are
  /// sent. Returns how many it started to send; `finish_frame` completes the last.
  std::size_t send_until_blocked(const std::string& payload, std::size_t limit);

  void finish_frame();

  /// Reads until the client ends the connection.
  void wait_end();

  /// Reads nothing and waits until there is something to read.
  void wait_readable();

  /// Reads nothing and waits until the client has ended the connection.
  void wait_error();

  /// Ends our direction and reads until the client ends the other.
  void finish();

  /// Resets the connection.
  void reset();

private:
  static std::string header_of(std::uint8_t opcode, std::uint64_t size, bool fin);

  boost::asio::ip::tcp::socket& socket_;
  std::string unsent_;
};

/// Listens on a port of its own and runs a script for the first connection. The connection ends
/// with the script.
class raw_peer {
public:
  using script = std::function<void(raw_session&)>;

  /// A receive buffer other than 0 bounds what the system takes while the script does not read.
  explicit raw_peer(script what, const std::string& address = "127.0.0.1", int receive_buffer = 0);

  raw_peer(const raw_peer&) = delete;
  raw_peer& operator=(const raw_peer&) = delete;

  /// Cuts everything off and waits for the script.
  ~raw_peer();

  [[nodiscard]] std::uint16_t port() const { return port_; }

  [[nodiscard]] std::string url(const std::string& scheme = "ws") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/";
  }

private:
  void run(const script& what);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  boost::asio::ip::tcp::socket socket_{context_};
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  bool ended_ = false;
  std::thread thread_;
};

} // namespace wsengine::tests
