// deflate_echo.hpp: an echo with permessage-deflate, which is left to Beast.

#pragma once

#include "server/net.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <memory>
#include <utility>

namespace wsengine::bench {

template <class Stream>
class deflate_echo : public std::enable_shared_from_this<deflate_echo<Stream>> {
public:
  explicit deflate_echo(Stream stream) : stream_(std::move(stream)) {
    boost::beast::websocket::permessage_deflate options;
    options.server_enable = true;
    stream_.set_option(options);
    stream_.read_message_max(0);
  }

  void start(request what) {
    request_ = std::move(what);
    stream_.async_accept(request_, then(&deflate_echo::read));
  }

private:
  void read() {
    buffer_.clear();
    stream_.async_read(buffer_, then(&deflate_echo::write));
  }

  void write() {
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.cdata(), then(&deflate_echo::read));
  }

  auto then(void (deflate_echo::*step)()) {
    return [self = this->shared_from_this(), step](const error_code& error, auto...) {
      if (!error)
        (self.get()->*step)();
    };
  }

  boost::beast::websocket::stream<Stream> stream_;
  request request_;
  boost::beast::flat_buffer buffer_;
};

} // namespace wsengine::bench
