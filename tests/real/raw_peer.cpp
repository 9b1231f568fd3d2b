// raw_peer.cpp: see raw_peer.hpp.

#include "real/raw_peer.hpp"

#include "wsengine/encoding.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <openssl/sha.h>

#include <array>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace wsengine::tests {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

std::string accept_key(const std::string& request) {
  const std::string name = "Sec-WebSocket-Key: ";
  auto first = request.find(name) + name.size();
  auto key = request.substr(first, request.find('\r', first) - first)
             + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

namespace {

std::uint64_t number(std::string_view bytes) {
  std::uint64_t result = 0;
  for (auto byte : bytes)
    result = result << 8U | static_cast<std::uint8_t>(byte);
  return result;
}

std::string bytes_of(std::uint64_t value, int count) {
  std::string result;
  for (int i = count - 1; i >= 0; --i)
    result += static_cast<char>(value >> (8 * i) & 0xFFU);
  return result;
}

} // namespace

// -- session --------------------------------------------------------------------------------------

std::string raw_session::read_request() {
  std::string result;
  while (!result.ends_with("\r\n\r\n"))
    result += take(1);
  return result;
}

std::string raw_session::take(std::size_t size) {
  std::string result(size, '\0');
  asio::read(socket_, asio::buffer(result));
  return result;
}

void raw_session::relay(std::uint16_t port) {
  tcp::socket other{socket_.get_executor()};
  other.connect({asio::ip::address_v4::loopback(), port});
  std::array<tcp::socket*, 2> ends{&socket_, &other};
  std::array<pollfd, 2> readable{pollfd{socket_.native_handle(), POLLIN, 0},
                                 pollfd{other.native_handle(), POLLIN, 0}};
  std::array<char, 4096> buffer{};
  for (;;) {
    poll(readable.data(), readable.size(), -1);
    for (std::size_t i = 0; i < 2; ++i) {
      if (readable[i].revents == 0)
        continue;
      boost::system::error_code ec;
      auto size = ends[i]->read_some(asio::buffer(buffer), ec);
      if (ec)
        return;
      asio::write(*ends[1 - i], asio::buffer(buffer.data(), size));
    }
  }
}

void raw_session::send(std::string_view bytes) {
  asio::write(socket_, asio::buffer(bytes));
}

void raw_session::upgrade(const std::string& more) {
  send(response_to(read_request(), more));
}

std::string raw_session::response_to(const std::string& request, const std::string& more) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: "
         + accept_key(request) + "\r\n" + more + "\r\n";
}

raw_session::frame raw_session::read_frame() {
  auto head = take(2);
  frame result;
  result.fin = (static_cast<std::uint8_t>(head[0]) & 0x80U) != 0;
  result.reserved = static_cast<std::uint8_t>(head[0]) >> 4U & 7U;
  result.opcode = static_cast<std::uint8_t>(head[0]) & 0x0FU;
  std::uint64_t size = static_cast<std::uint8_t>(head[1]) & 0x7FU;
  if (size == 126)
    size = number(take(2));
  else if (size == 127)
    size = number(take(8));
  auto mask = take(4);
  result.payload = take(size);
  for (std::size_t i = 0; i < size; ++i)
    result.payload[i] = static_cast<char>(result.payload[i] ^ mask[i % 4]);
  return result;
}

std::string raw_session::header_of(std::uint8_t opcode, std::uint64_t size, bool fin) {
  std::string head(1, static_cast<char>((fin ? 0x80U : 0U) | opcode));
  if (size < 126)
    return head + static_cast<char>(size);
  if (size < 65536)
    return head + static_cast<char>(126) + bytes_of(size, 2);
  return head + static_cast<char>(127) + bytes_of(size, 8);
}

std::string raw_session::frame_of(std::uint8_t opcode, std::string_view payload, bool fin) {
  return header_of(opcode, payload.size(), fin) + std::string{payload};
}

void raw_session::send_header(std::uint8_t opcode, std::uint64_t size, bool fin) {
  send(header_of(opcode, size, fin));
}

void raw_session::send_frame(std::uint8_t opcode, std::string_view payload, bool fin) {
  // In one piece: a reset throws away what the system has not sent yet.
  send(frame_of(opcode, payload, fin));
}

void raw_session::send_close(std::uint16_t code, std::string_view reason) {
  send_frame(8, bytes_of(code, 2) + std::string{reason});
}

std::size_t raw_session::send_until_blocked(const std::string& payload, std::size_t limit) {
  auto frame = header_of(2, payload.size(), true) + payload;
  std::size_t frames = 0;
  pollfd writable{socket_.native_handle(), POLLOUT, 0};
  while (frames * payload.size() < limit) {
    if (unsent_.empty()) {
      unsent_ = frame;
      ++frames;
    }
    if (poll(&writable, 1, 500) == 0)
      return frames;
    auto sent = ::send(socket_.native_handle(), unsent_.data(), unsent_.size(), MSG_DONTWAIT);
    if (sent > 0)
      unsent_.erase(0, static_cast<std::size_t>(sent));
  }
  return frames;
}

void raw_session::finish_frame() {
  send(std::exchange(unsent_, {}));
}

void raw_session::wait_end() {
  boost::system::error_code ec;
  std::array<char, 4096> buffer{};
  while (!ec)
    socket_.read_some(asio::buffer(buffer), ec);
}

void raw_session::wait_readable() {
  pollfd readable{socket_.native_handle(), POLLIN, 0};
  poll(&readable, 1, -1);
}

void raw_session::wait_error() {
  pollfd hang_up{socket_.native_handle(), POLLRDHUP, 0};
  poll(&hang_up, 1, -1);
}

void raw_session::finish() {
  socket_.shutdown(tcp::socket::shutdown_send);
  wait_end();
}

void raw_session::reset() {
  socket_.set_option(asio::socket_base::linger{true, 0});
  socket_.close();
}

// -- peer -----------------------------------------------------------------------------------------

raw_peer::raw_peer(script what, const std::string& address, int receive_buffer) {
  tcp::endpoint where{asio::ip::make_address(address), 0};
  acceptor_.open(where.protocol());
  if (receive_buffer > 0)
    acceptor_.set_option(asio::socket_base::receive_buffer_size{receive_buffer});
  acceptor_.bind(where);
  acceptor_.listen();
  port_ = acceptor_.local_endpoint().port();
  thread_ = std::thread{[this, what = std::move(what)] { run(what); }};
}

void raw_peer::run(const script& what) {
  try {
    tcp::socket accepted{context_};
    acceptor_.accept(accepted);
    {
      std::lock_guard guard{mutex_};
      if (ended_)
        return;
      socket_ = std::move(accepted);
      socket_.set_option(tcp::no_delay{true});
    }
    raw_session session{socket_};
    what(session);
  } catch (const boost::system::system_error&) {
    // The client has gone, or the test is over.
  }
  std::lock_guard guard{mutex_};
  boost::system::error_code ignored;
  socket_.close(ignored);
}

raw_peer::~raw_peer() {
  {
    std::lock_guard guard{mutex_};
    ended_ = true;
    // Wakes the thread from whatever it waits for.
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    if (socket_.is_open())
      ::shutdown(socket_.native_handle(), SHUT_RDWR);
  }
  thread_.join();
}

} // namespace wsengine::tests
