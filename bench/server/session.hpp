// session.hpp: one session of the load server, on a TCP or a TLS stream.

#pragma once

#include "server/deflate_echo.hpp"
#include "server/frames.hpp"
#include "server/net.hpp"
#include "server/responder.hpp"
#include "server/route.hpp"
#include "server/upgrade.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace wsengine::bench {

/// Lives as long as an operation on its socket waits.
template <class Stream>
class session : public std::enable_shared_from_this<session<Stream>> {
public:
  explicit session(Stream stream) : stream_(std::move(stream)) {}

  void start() {
    error_code ignored;
    socket_of(stream_).set_option(tcp::no_delay{true}, ignored);
    if constexpr (std::is_same_v<Stream, tls_socket>)
      stream_.async_handshake(asio::ssl::stream_base::server, then(&session::read_request));
    else
      read_request();
  }

private:
  // -- opening --------------------------------------------------------------------------------

  struct opening {
    boost::beast::flat_buffer buffer;
    http::request_parser<http::empty_body> parser;
  };

  void read_request() {
    opening_ = std::make_unique<opening>();
    http::async_read_header(stream_, opening_->buffer, opening_->parser, then(&session::upgrade));
  }

  void upgrade() {
    const auto& asked = opening_->parser.get();
    auto target = asked.target();
    auto route = parse_route({target.data(), target.size()});
    if (!route || !boost::beast::websocket::is_upgrade(asked)) {
      text_ = refusal();
      return write(asio::buffer(text_), &session::end);
    }
    route_ = *route;
    if (route_.deflate) {
      auto request = opening_->parser.release();
      return std::make_shared<deflate_echo<Stream>>(std::move(stream_))->start(std::move(request));
    }
    text_ = upgrade_response(asked);
    write(asio::buffer(text_), &session::open);
  }

  void open() {
    responder_ = responder{route_.what == behaviour::echo};
    // Who only holds the session must not cost memory.
    auto busy = route_.what == behaviour::echo || route_.what == behaviour::sink;
    capacity_ = busy ? 64U << 10U : 512U;
    memory_ = std::make_unique_for_overwrite<std::byte[]>(capacity_ + responder::headroom);
    auto early = opening_->buffer.cdata();
    auto size = std::min(early.size(), capacity_);
    std::copy_n(static_cast<const std::byte*>(early.data()), size, chunk());
    opening_.reset();
    if (route_.what == behaviour::flood) {
      flood_ = std::make_unique<flood_block>(route_.size);
      return flood();
    }
    if (size > 0)
      return answer(size);
    receive();
  }

  // -- sending by itself ----------------------------------------------------------------------

  void flood() {
    auto frames = std::min<std::uint64_t>(route_.n, flood_->frames);
    if (frames == 0) {
      close_sent_ = true;
      text_ = make_close_frame();
      return write(asio::buffer(text_), &session::receive);
    }
    route_.n -= frames;
    write(asio::buffer(flood_->bytes.data(), frames * flood_->frame_size), &session::flood);
  }

  // -- answering ------------------------------------------------------------------------------

  std::byte* chunk() { return memory_.get() + responder::headroom; }

  void receive() {
    auto self = this->shared_from_this();
    stream_.async_read_some(asio::buffer(chunk(), capacity_),
                            [self](const error_code& error, std::size_t size) {
                              if (!error)
                                self->answer(size);
                            });
  }

  void answer(std::size_t received) {
    auto size = responder_.answer({chunk(), received}, memory_.get());
    if (responder_.closed() && close_sent_)
      return end();
    if (route_.what == behaviour::drop && responder_.messages() > 0)
      return reset();
    if (route_.what == behaviour::sink && !done_ && responder_.messages() >= route_.n) {
      done_ = true;
      text_ = make_frame(opcode::text, "done");
    } else {
      text_.clear();
    }
    auto next = responder_.closed() ? &session::end : &session::receive;
    if (size == 0 && text_.empty())
      return (this->*next)();
    write(
      std::array{asio::const_buffer{memory_.get(), size}, asio::const_buffer{asio::buffer(text_)}},
      next);
  }

  // -- ending ---------------------------------------------------------------------------------

  void end() {
    error_code ignored;
    if constexpr (std::is_same_v<Stream, tls_socket>) {
      auto self = this->shared_from_this();
      stream_.async_shutdown([self](const error_code&) {});
    } else {
      stream_.shutdown(tcp::socket::shutdown_both, ignored);
    }
  }

  void reset() {
    error_code ignored;
    auto& socket = socket_of(stream_);
    socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket.close(ignored);
  }

  // -- operations -----------------------------------------------------------------------------

  // A completion handler that goes on with `step`; after an error the session goes away.
  auto then(void (session::*step)()) {
    return [self = this->shared_from_this(), step](const error_code& error, auto...) {
      if (!error)
        (self.get()->*step)();
    };
  }

  template <class Buffers>
  void write(const Buffers& what, void (session::*step)()) {
    asio::async_write(stream_, what, then(step));
  }

  Stream stream_;
  std::unique_ptr<opening> opening_;
  route route_;
  responder responder_;
  std::unique_ptr<std::byte[]> memory_;
  std::size_t capacity_ = 0;
  std::unique_ptr<flood_block> flood_;
  // What is being written, besides answers.
  std::string text_;
  bool close_sent_ = false;
  bool done_ = false;
};

} // namespace wsengine::bench
