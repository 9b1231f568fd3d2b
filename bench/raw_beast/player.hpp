// player.hpp: a session that sends one message, waits for its echo, and goes on as its game says.

#pragma once

#include "raw_beast/network.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace wsengine::bench {

/// A `Game` has `opened(player&)`, which may call `play`, and `returned()`, which says whether the
/// message is to be sent again.
template <class Stream, class Game>
class player {
public:
  player(network& net, const arguments& args, const std::string& message, Game& game)
    : stream_(make_stream<Stream>(net)),
      args_(args),
      message_(message),
      game_(game) {}

  void start() {
    dial(stream_, args_, [this] { game_.opened(*this); });
  }

  void play() {
    read();
    write();
  }

private:
  // A read always waits, so that neither side ever waits for the other to take its bytes.
  void read() {
    stream_.async_read(buffer_, [this](const error_code& error, std::size_t size) {
      check(error, "read");
      buffer_.consume(size);
      if (game_.returned()) {
        // The echo may be back before the handler of its write has run.
        if (writing_)
          again_ = true;
        else
          write();
      }
      read();
    });
  }

  void write() {
    writing_ = true;
    stream_.async_write(asio::buffer(message_), [this](const error_code& error, std::size_t) {
      check(error, "write");
      writing_ = false;
      if (std::exchange(again_, false))
        write();
    });
  }

  Stream stream_;
  const arguments& args_;
  const std::string& message_;
  Game& game_;
  beast::flat_buffer buffer_;
  bool writing_ = false;
  bool again_ = false;
};

} // namespace wsengine::bench
