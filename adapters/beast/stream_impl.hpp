// stream_impl.hpp: Beast's WebSocket stream behind the interface of stream.hpp.
//
// Included by one source file for each layer, since Beast takes long to compile.

#pragma once

#include "frame_header.hpp"
#include "inbox.hpp"
#include "layered_stream.hpp"
#include "packer.hpp"
#include "read_buffer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace wsengine::io {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

// -- what Beast asks of its next layer ------------------------------------------------------------

/// Found by Beast when it tears the connection down.
template <class Transport, class Handler>
void async_teardown(boost::beast::role_type, buffered_layer<Transport>& layer, Handler&& handler) {
  layer.async_tear_down(std::forward<Handler>(handler));
}

/// Found by Beast when it gives a stream up.
template <class Transport>
void beast_close_socket(buffered_layer<Transport>& layer) {
  error_code ignored;
  layer.transport().socket().close(ignored);
}

/// Found by Beast when a synchronous read has found a fault: whoever made the read tears down.
template <class Transport>
void teardown(boost::beast::role_type, buffered_layer<Transport>&, error_code& ec) {
  ec = {};
}

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
  for (const auto& field : from) {
    result.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    // A list may be spread over several fields (RFC 9110, section 5.3).
    if (field.name() == http::field::sec_websocket_extensions)
      result.extensions.append(result.extensions.empty() ? "" : ", ")
        .append(field.value().data(), field.value().size());
  }
  result.body = from.body().substr(0, max_refused_body);
  return result;
}

/// Adds what the user asks for to the request that Beast has made.
inline void decorate(websocket::request_type& to, const handshake_request& request,
                     const deflate_options& deflate) {
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
  if (auto offer = deflate_offer(deflate); !offer.empty())
    to.set(http::field::sec_websocket_extensions, offer);
}

/// What the peer is told about a fault that Beast does not know.
inline close_code code_of(read_fault fault) {
  switch (fault) {
    case read_fault::too_many_frames: return close_code::policy_violation;
    case read_fault::bad_deflate: return close_code::invalid_payload;
    default: return close_code::protocol_error;
  }
}

// -- the stream -----------------------------------------------------------------------------------

/// A stream over `Transport`.
template <class Transport>
class stream_impl : public layered_stream<stream_impl<Transport>, Transport> {
  using base = layered_stream<stream_impl<Transport>, Transport>;
  friend base;

public:
  template <class... Ts>
  explicit stream_impl(asio_unit& unit, stream_user& user, Ts&&... xs)
    : base(user),
      ws_(unit, static_cast<layer_user&>(*this), std::forward<Ts>(xs)...) {
    // The session has timers of its own, which say what timed out.
    ws_.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                   websocket::stream_base::none(), false});
    // Pieces of a message are cut by whoever writes them.
    ws_.auto_fragment(false);
  }

  // -- handshake ----------------------------------------------------------------------------------

  void async_upgrade(const std::string& host, const std::string& target,
                     const handshake_request& request, const connection_options& options) override {
    ws_.read_message_max(static_cast<std::size_t>(options.max_message_size));
    this->limit(options);
    max_part_size_ = options.max_part_size;
    ws_.set_option(websocket::stream_base::decorator(
      [&](websocket::request_type& to) { decorate(to, request, options.deflate); }));
    response_ = std::make_unique<websocket::response_type>();
    ws_.async_handshake(*response_, host, target,
                        [this, self = self(), deflate = options.deflate](error_code ec) {
                          auto response = to_response(*std::exchange(response_, nullptr));
                          auto refused = ec == websocket::error::upgrade_declined;
                          if (!ec)
                            begin_frames(response.extensions, deflate);
                          user().on_upgraded(ec, refused, std::move(response));
                        });
    // The request is made by now; the user's is not needed any more.
    ws_.set_option(websocket::stream_base::decorator([](websocket::request_type&) {}));
    ws_.control_callback([this](websocket::frame_type type, beast::string_view data) {
      on_control(type, {data.data(), data.size()});
    });
  }

  // -- reading ------------------------------------------------------------------------------------

  void async_read(std::uint64_t room) override {
    room_ = room;
    // A peer that does not take our pongs has to wait, and Beast's asynchronous read waits for it.
    if (!frames().readable() || !writable())
      return wait();
    // There is something left from before.
    asio::post(ws_.get_executor(), [this, self = self()] { drain(); });
  }

  // -- writing ------------------------------------------------------------------------------------

  error_code write(message_kind kind, std::span<const std::byte> piece, bool last) override {
    if (packer_ && packer_->wants(piece, last))
      return write_packed(kind, piece, last);
    ws_.text(kind == message_kind::text);
    error_code ec;
    ws_.write_some(last, asio::buffer(piece.data(), piece.size()), ec);
    return ec;
  }

  error_code ping(std::string_view data) override {
    error_code ec;
    ws_.ping(websocket::ping_data{data.data(), data.size()}, ec);
    return ec;
  }

  // -- closing ------------------------------------------------------------------------------------

  void async_close(const close_details& details) override {
    // From now on the close operation takes what arrives.
    waiting_ = false;
    closing_ = true;
    layer().discard_messages();
    websocket::close_reason reason{static_cast<websocket::close_code>(details.code)};
    reason.reason.assign(details.reason.data(), details.reason.size());
    ws_.async_close(reason, [this, self = self()](error_code ec) { user().on_closed(ec); });
  }

  close_details peer_details() const override {
    const auto& from = ws_.reason();
    if (from.code == websocket::close_code::none)
      return {close_code::no_status, {}};
    return {static_cast<close_code>(from.code), {from.reason.data(), from.reason.size()}};
  }

protected:
  using base::self;
  using base::user;

private:
  using layer_type = typename base::layer_type;
  using base::frames;
  using base::writable;

  [[nodiscard]] layer_type& layer() noexcept { return ws_.next_layer(); }

  [[nodiscard]] const layer_type& layer() const noexcept { return ws_.next_layer(); }

  // -- reading ------------------------------------------------------------------------------------

  // Waits for the first byte of data. Only Beast can answer a control frame, and see what is wrong;
  // its asynchronous read does.
  void wait() {
    if (!frames().readable() && !frames().protocol_waits()) {
      waiting_ = true;
      return layer().fill();
    }
    auto space = room_for(0, 0);
    ws_.async_read_some(asio::buffer(space.data(), space.size()),
                        [this, self = self()](error_code ec, std::size_t size) {
                          if (ec)
                            return failed(ec);
                          took(size);
                          drain();
                        });
  }

  void on_filled(error_code ec) override {
    if (!std::exchange(waiting_, false))
      return;
    if (ec)
      return user().on_read_failed(ec, read_fault::none);
    if (frames().readable())
      return drain();
    wait();
  }

  // Reads what has arrived.
  void drain() {
    error_code ec;
    while (!closing_ && cost_ < room_ && frames().readable() && writable()) {
      auto space = room_for(frames().readable_bytes(), frames().missing_bytes());
      auto size = ws_.read_some(asio::buffer(space.data(), space.size()), ec);
      if (ec)
        break;
      took(size);
    }
    cost_ = 0;
    buffer_.end_batch();
    expected_ = messages_.size();
    if (ec)
      // Beast has told the peer. What came before the fault is delivered all the same.
      layer().async_tear_down(
        [this, self = self(), ec](error_code) { user().on_read_failed(ec, fault_of(ec)); });
    user().on_read(std::exchange(messages_, {}));
  }

  // Room for what comes next, up to the end of a part.
  std::span<std::byte> room_for(std::size_t readable, std::uint64_t missing) {
    if (max_part_size_ == 0)
      return buffer_.space(readable, missing);
    auto left = static_cast<std::size_t>(max_part_size_) - buffer_.size();
    auto here = std::min(readable, left);
    auto space = buffer_.space(here, std::min<std::uint64_t>(missing, left - here));
    return space.first(std::min(space.size(), left));
  }

  // Beast has handed out `size` bytes of a message.
  void took(std::size_t size) {
    frames().took(size);
    buffer_.commit(size);
    auto last = ws_.is_message_done();
    if (last)
      frames().took_message();
    else if (max_part_size_ == 0 || buffer_.size() < max_part_size_)
      return;
    if (messages_.empty())
      messages_.reserve(expected_);
    auto kind = ws_.got_text() ? message_kind::text : message_kind::binary;
    cost_ += inbox::cost_of(messages_.emplace_back(data_message{kind, buffer_.take(), last}));
  }

  // Beast's read has failed, perhaps for a fault that was kept from it.
  void failed(error_code ec) {
    auto fault = frames().fault();
    // While the close operation is under way, it finds that out, too.
    if (fault == read_fault::none || closing_)
      return user().on_read_failed(ec, fault_of(ec));
    auto code = static_cast<std::uint16_t>(code_of(fault));
    std::array payload{static_cast<std::byte>(code >> 8U), static_cast<std::byte>(code)};
    std::array<std::byte, max_frame_header> header;
    auto size = write_masked_header(header, fin_bit | opcode::close, payload);
    error_code ignored;
    layer().write_some(std::array{asio::buffer(header.data(), size), asio::buffer(payload)},
                       ignored);
    layer().async_tear_down(
      [this, self = self(), ec, fault](error_code) { user().on_read_failed(ec, fault); });
  }

  // -- compression --------------------------------------------------------------------------------

  void begin_frames(const std::string& extensions, const deflate_options& offered) {
    // Whoever dials looks at the answer, too, and gives up if it is faulty.
    std::string fault;
    auto agreed = read_deflate_answer(extensions, offered, fault);
    if (agreed)
      packer_ = std::make_unique<packer>(layer().buffers(), *agreed, offered);
    layer().begin_frames(agreed);
  }

  // Beast knows nothing of compression, so the frames of such a message pass it by.
  error_code write_packed(message_kind kind, std::span<const std::byte> piece, bool last) {
    error_code ec;
    auto done = packer_->pack(kind, piece, last, [this, &ec](std::span<const std::byte> bytes) {
      if (!ec)
        layer().write_some(asio::buffer(bytes.data(), bytes.size()), ec);
    });
    return done ? ec : make_error_code(boost::system::errc::not_enough_memory);
  }

  // -- events -------------------------------------------------------------------------------------

  void on_sent(error_code ec) override { user().on_sent(ec); }

  void on_control(websocket::frame_type type, std::string_view data) {
    switch (type) {
      case websocket::frame_type::ping: return user().on_ping();
      case websocket::frame_type::pong: return user().on_pong(data);
      case websocket::frame_type::close: return user().on_close_frame(peer_details());
    }
  }

  websocket::stream<layer_type, false> ws_;
  std::unique_ptr<websocket::response_type> response_;
  std::unique_ptr<packer> packer_;

  // Whether a read waits for the layer.
  bool waiting_ = false;
  // Whether the close operation takes what arrives.
  bool closing_ = false;
  // Zero: messages are read as a whole.
  std::uint64_t max_part_size_ = 0;
  // What this read may bring, and what it has brought.
  std::uint64_t room_ = 0;
  std::uint64_t cost_ = 0;
  std::vector<data_message> messages_;
  // How many the last read brought: the next one brings as many, most likely.
  std::size_t expected_ = 1;
  read_buffer buffer_;
};

} // namespace wsengine::io
