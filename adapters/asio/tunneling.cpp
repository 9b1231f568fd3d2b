// tunneling.cpp: see tunneling.hpp.

#include "tunneling.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace wsengine::io {

tunneling::tunneling(asio_unit& unit, tcp_socket& socket, std::unique_ptr<tunnel> talk,
                     done when_done)
  : unit_(unit),
    socket_(socket),
    talk_(std::move(talk)),
    when_done_(std::move(when_done)) {}

void tunneling::go_on(std::shared_ptr<void> user) {
  out_ = talk_->take_output();
  if (!out_.empty())
    return send(std::move(user));
  switch (talk_->current()) {
    case tunnel::state::talking: return receive(std::move(user));
    case tunnel::state::open: return when_done_({});
    case tunnel::state::failed: return when_done_(talk_->problem());
  }
}

void tunneling::send(std::shared_ptr<void> user) {
  asio::async_write(socket_, asio::buffer(out_),
                    [this, self = shared_from_this(), user](error_code ec, std::size_t) {
                      asio_unit::turn turn{unit_};
                      if (ec)
                        return when_done_(ec.message());
                      go_on(user);
                    });
}

void tunneling::receive(std::shared_ptr<void> user) {
  auto size = std::min(talk_->wants(), in_.size());
  socket_.async_read_some(asio::buffer(in_.data(), size),
                          [this, self = shared_from_this(), user](error_code ec, std::size_t n) {
                            asio_unit::turn turn{unit_};
                            took(ec, n, user);
                          });
}

void tunneling::took(error_code ec, std::size_t size, std::shared_ptr<void> user) {
  if (ec)
    return when_done_(ec == asio::error::eof ? "the proxy ended the connection" : ec.message());
  talk_->take(std::string_view{in_.data(), size});
  go_on(std::move(user));
}

} // namespace wsengine::io
