// stream_impl.hpp: Beast's WebSocket stream behind the interface of stream.hpp.
//
// Included by one source file for each layer, since Beast takes long to compile.

#pragma once

#include "layers.hpp"
#include "stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <memory>
#include <string>
#include <utility>

namespace wsengine::io {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

// -- translations ---------------------------------------------------------------------------------

/// What Beast found wrong with what the peer sent.
inline read_fault fault_of(error_code ec) {
  if (ec == websocket::error::closed)
    return read_fault::closed;
  if (ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow)
    return read_fault::too_big;
  if (ec == websocket::error::bad_frame_payload)
    return read_fault::bad_text;
  if (ec == websocket::condition::protocol_violation)
    return read_fault::protocol;
  return read_fault::none;
}

inline handshake_response to_response(const websocket::response_type& from) {
  handshake_response result;
  result.status = static_cast<std::uint16_t>(from.result_int());
  result.subprotocol = std::string{from[http::field::sec_websocket_protocol]};
  result.extensions = std::string{from[http::field::sec_websocket_extensions]};
  for (const auto& field : from)
    result.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
  return result;
}

/// Adds what the user asks for to the request that Beast has made.
inline void decorate(websocket::request_type& to, const handshake_request& request) {
  to.set(http::field::user_agent, "wsengine");
  for (const auto& [name, value] : request.headers)
    to.erase(name);
  for (const auto& [name, value] : request.headers)
    to.insert(name, value);
  std::string offered;
  for (const auto& name : request.subprotocols)
    offered += (offered.empty() ? "" : ", ") + name;
  if (!offered.empty())
    to.set(http::field::sec_websocket_protocol, offered);
}

// -- the stream -----------------------------------------------------------------------------------

/// A stream over `Layer`.
template <class Layer>
class stream_impl : public stream {
public:
  template <class... Ts>
  explicit stream_impl(asio::io_context& context, stream_user& user, Ts&&... xs)
    : user_(user),
      ws_(context, user, std::forward<Ts>(xs)...) {
    // The session has timers of its own, which say what timed out.
    ws_.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                   websocket::stream_base::none(), false});
  }

  tcp_socket& socket() override { return beast::get_lowest_layer(ws_); }

  // -- handshake ----------------------------------------------------------------------------------

  void async_upgrade(const std::string& host, const std::string& target,
                     const handshake_request& request) override {
    ws_.set_option(websocket::stream_base::decorator(
      [&request](websocket::request_type& to) { decorate(to, request); }));
    response_ = std::make_unique<websocket::response_type>();
    ws_.async_handshake(*response_, host, target, [this, self = self()](error_code ec) {
      auto response = std::exchange(response_, nullptr);
      auto refused = ec == websocket::error::upgrade_declined;
      user_.on_upgraded(ec, refused, to_response(*response));
    });
    // The request is made by now; the user's is not needed any more.
    ws_.set_option(websocket::stream_base::decorator([](websocket::request_type&) {}));
    ws_.control_callback([this](websocket::frame_type type, beast::string_view data) {
      on_control(type, {data.data(), data.size()});
    });
  }

  // -- reading ------------------------------------------------------------------------------------

  void max_message_size(std::uint64_t bytes) override {
    ws_.read_message_max(static_cast<std::size_t>(bytes));
  }

  std::size_t read_hint() const override { return ws_.read_size_hint(1); }

  void async_read(std::span<std::byte> space) override {
    ws_.async_read_some(asio::buffer(space.data(), space.size()),
                        [this, self = self()](error_code ec, std::size_t size) {
                          user_.on_read(ec, fault_of(ec), size);
                        });
  }

  bool message_done() const override { return ws_.is_message_done(); }

  message_kind kind() const override {
    return ws_.got_text() ? message_kind::text : message_kind::binary;
  }

  // -- writing ------------------------------------------------------------------------------------

  void async_write(const data_message& message) override {
    // Beast looks at the bytes until the operation is done, even when its session has been over for
    // long: the handler keeps them.
    auto bytes = message.data.bytes();
    ws_.text(message.kind == message_kind::text);
    // Messages up to this size go out as one frame; control frames may pass between frames.
    ws_.write_buffer_bytes(bytes.size() <= small_write ? small_write : large_write);
    ws_.async_write(asio::buffer(bytes.data(), bytes.size()),
                    [this, self = self(), keep = message.data](error_code ec, std::size_t) {
                      user_.on_written(ec);
                    });
  }

  void async_ping(std::string_view data) override {
    ws_.async_ping(websocket::ping_data{data.data(), data.size()},
                   [this, self = self()](error_code ec) { user_.on_ping_sent(ec); });
  }

  // -- closing ------------------------------------------------------------------------------------

  void async_close(const close_details& details) override {
    websocket::close_reason reason{static_cast<websocket::close_code>(details.code)};
    reason.reason.assign(details.reason.data(), details.reason.size());
    ws_.async_close(reason, [this, self = self()](error_code ec) { user_.on_closed(ec); });
  }

  close_details peer_details() const override {
    const auto& from = ws_.reason();
    if (from.code == websocket::close_code::none)
      return {close_code::no_status, {}};
    return {static_cast<close_code>(from.code), {from.reason.data(), from.reason.size()}};
  }

  void drop() noexcept override {
    error_code ignored;
    socket().close(ignored);
  }

protected:
  // Keeps the user, and with it this stream, until an operation is done.
  std::shared_ptr<stream_user> self() const { return user_.shared_from_this(); }

  stream_user& user() const noexcept { return user_; }

  Layer& layer() noexcept { return ws_.next_layer(); }

private:
  static constexpr std::size_t small_write = 4096;
  static constexpr std::size_t large_write = 65536;

  void on_control(websocket::frame_type type, std::string_view data) {
    switch (type) {
      case websocket::frame_type::ping: return user_.on_ping();
      case websocket::frame_type::pong: return user_.on_pong(data);
      case websocket::frame_type::close: return user_.on_close_frame(peer_details());
    }
  }

  stream_user& user_;
  websocket::stream<Layer> ws_;
  std::unique_ptr<websocket::response_type> response_;
};

} // namespace wsengine::io
