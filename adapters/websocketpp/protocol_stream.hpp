// protocol_stream.hpp: websocketpp's protocol over a transport, behind the interface of stream.hpp.

#pragma once

#include "inbox.hpp"
#include "layered_stream.hpp"
#include "protocol.hpp"
#include "upgrade_request.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

namespace wsengine::io {

/// A stream over `Transport`.
template <class Transport>
class protocol_stream : public layered_stream<protocol_stream<Transport>, Transport>,
                        private protocol_user {
  using base = layered_stream<protocol_stream<Transport>, Transport>;
  friend base;

public:
  template <class... Ts>
  explicit protocol_stream(asio_unit& unit, stream_user& user, Ts&&... xs)
    : base(user),
      unit_(unit),
      layer_(unit, static_cast<layer_user&>(*this), std::forward<Ts>(xs)...) {}

  // -- handshake ----------------------------------------------------------------------------------

  void async_upgrade(const std::string& host, const std::string& target,
                     const handshake_request& request, const connection_options& options) override {
    this->limit(options);
    protocol_ =
      std::make_unique<protocol>(static_cast<protocol_user&>(*this), options.max_message_size);
    stage_ = stage::upgrading;
    protocol_->start(target);
    append(complete_request(std::exchange(request_, {}), host, request));
    layer_.fill();
  }

  // -- reading ------------------------------------------------------------------------------------

  void async_read(std::uint64_t room) override {
    room_ = room;
    reading_ = true;
    if (!layer_.has_bytes() && may_read() && !faulty())
      layer_.fill();
    else
      go_on_later();
  }

  // -- writing ------------------------------------------------------------------------------------

  error_code write(message_kind kind, std::span<const std::byte> piece, bool last) override {
    std::string_view text{reinterpret_cast<const char*>(piece.data()), piece.size()};
    auto ec = protocol_->write(kind == message_kind::text, text, last);
    return ec ? error_code{ec} : std::exchange(write_error_, {});
  }

  error_code ping(std::string_view data) override {
    auto ec = protocol_->ping(data);
    return ec ? error_code{ec} : std::exchange(write_error_, {});
  }

  // -- closing ------------------------------------------------------------------------------------

  void async_close(const close_details& details) override {
    // From now on, messages that come are dropped.
    stage_ = stage::closing;
    reading_ = false;
    messages_.clear();
    protocol_->close(static_cast<std::uint16_t>(details.code), details.reason);
    go_on_later();
  }

  close_details peer_details() const override {
    return {static_cast<close_code>(protocol_->close_code()), protocol_->close_reason()};
  }

protected:
  using base::self;
  using base::user;

private:
  using layer_type = typename base::layer_type;
  using base::frames;
  using base::writable;

  [[nodiscard]] layer_type& layer() noexcept { return layer_; }

  [[nodiscard]] const layer_type& layer() const noexcept { return layer_; }

  enum class stage {
    fresh,
    upgrading,
    // The server does not upgrade, and the body of its answer comes.
    refused,
    open,
    // The close operation takes what comes.
    closing,
    // Nothing is left but the end of the connection.
    ending,
  };

  // -- what has arrived ---------------------------------------------------------------------------

  void go_on_later() {
    asio::post(unit_.context(), [this, self = self()] {
      asio_unit::turn turn{unit_};
      go_on();
    });
  }

  void go_on() {
    switch (stage_) {
      case stage::upgrading: return read_response();
      case stage::refused: return read_body();
      case stage::open: return read_messages();
      case stage::closing: return read_close();
      case stage::fresh:
      case stage::ending: return;
    }
  }

  // Takes bytes from the layer, at most `max` of them.
  std::string_view take(std::size_t max) {
    error_code none_left;
    auto size =
      layer_.read_some(asio::buffer(chunk_.data(), std::min(max, chunk_.size())), none_left);
    return {chunk_.data(), size};
  }

  // Gives the protocol what has arrived, at most `max` bytes. Returns whether there was any.
  bool feed(std::size_t max) {
    auto bytes = take(max);
    if (!bytes.empty())
      protocol_->feed(bytes);
    return !bytes.empty();
  }

  // Whether the layer keeps back what follows, for it is beyond a limit that websocketpp does not
  // know.
  [[nodiscard]] bool faulty() noexcept { return frames().fault() != read_fault::none; }

  [[nodiscard]] bool at_end() noexcept { return protocol_->current() != protocol::state::open; }

  void on_filled(error_code ec) override {
    if (!ec)
      return go_on();
    switch (stage_) {
      case stage::upgrading:
      case stage::refused: return upgraded(ec, false, {});
      case stage::open:
        if (std::exchange(reading_, false))
          user().on_read_failed(ec, read_fault::none);
        return;
      case stage::closing: return user().on_closed(ec);
      case stage::fresh:
      case stage::ending: return;
    }
  }

  // -- handshake ----------------------------------------------------------------------------------

  void read_response() {
    while (protocol_->current() == protocol::state::upgrading)
      if (!feed(chunk_.size()))
        return faulty() ? upgraded(header_too_large(), false, {}) : layer_.fill();
    auto found = parse_response(layer_.response());
    if (protocol_->current() == protocol::state::open && found && found->current)
      return opened(std::move(found->response));
    if (!found || found->response.status == 101)
      return upgraded(failure(), false, {});
    stage_ = stage::refused;
    read_body();
  }

  error_code failure() const {
    auto ec = protocol_->failure();
    return ec ? error_code{ec} : make_error_code(boost::system::errc::protocol_error);
  }

  void opened(handshake_response response) {
    if (const auto* chosen = find_header(response.headers, "Sec-WebSocket-Protocol"))
      response.subprotocol = *chosen;
    for (const auto& [name, value] : response.headers)
      if (is_extensions(name))
        response.extensions += (response.extensions.empty() ? "" : ", ") + value;
    layer_.begin_frames({});
    upgraded({}, false, std::move(response));
  }

  static bool is_extensions(const std::string& name) {
    return find_header(header_fields{header_field{name, {}}}, "Sec-WebSocket-Extensions")
           != nullptr;
  }

  void read_body() {
    while (!take(chunk_.size()).empty())
      continue;
    auto found = parse_response(layer_.response());
    if (!found->complete && layer_.response().size() < max_refusal)
      return layer_.fill();
    upgraded({}, true, std::move(found->response));
  }

  void upgraded(error_code ec, bool refused, handshake_response response) {
    stage_ = ec || refused ? stage::ending : stage::open;
    user().on_upgraded(ec, refused, std::move(response));
  }

  // -- reading ------------------------------------------------------------------------------------

  // An empty message counts `inbox::message_overhead` and takes two bytes; no message counts more
  // for its bytes. So the room is kept to by feeding no more than this.
  [[nodiscard]] std::size_t most_for(std::uint64_t room) const noexcept {
    return static_cast<std::size_t>(
      std::clamp<std::uint64_t>(room / (inbox::message_overhead / 2), 2, chunk_.size()));
  }

  void read_messages() {
    if (!reading_)
      return;
    while (!at_end() && cost_ < room_ && may_read() && feed(most_for(room_ - cost_)))
      continue;
    if (at_end() || (faulty() && !layer_.has_bytes()))
      return end_reading();
    if (!messages_.empty())
      return hand_out();
    stalled_ = !may_read();
    if (!stalled_)
      layer_.fill();
  }

  void hand_out() {
    reading_ = false;
    cost_ = 0;
    user().on_read(std::exchange(messages_, {}));
  }

  // What came before the end is delivered all the same.
  void end_reading() {
    stage_ = stage::ending;
    auto fault = read_fault::closed;
    if (protocol_->current() == protocol::state::closed)
      user().on_close_frame(peer_details());
    else
      fault = tell_fault();
    layer_.async_tear_down(
      [this, self = self(), fault](error_code) { user().on_read_failed(code_of(fault), fault); });
    if (!messages_.empty())
      hand_out();
  }

  // The peer learns what it did wrong. websocketpp has told it already, if it found that out.
  read_fault tell_fault() {
    if (protocol_->current() == protocol::state::broken)
      return fault_of(static_cast<close_code>(protocol_->close_code()));
    protocol_->close(static_cast<std::uint16_t>(close_code::policy_violation), {});
    return frames().fault();
  }

  static read_fault fault_of(close_code told) {
    switch (told) {
      case close_code::message_too_big: return read_fault::too_big;
      case close_code::invalid_payload: return read_fault::bad_text;
      default: return read_fault::protocol;
    }
  }

  // How the fault reads to a person.
  static error_code code_of(read_fault fault) {
    namespace errc = boost::system::errc;
    switch (fault) {
      case read_fault::too_big: return make_error_code(errc::message_size);
      case read_fault::bad_text: return make_error_code(errc::illegal_byte_sequence);
      default: return make_error_code(errc::protocol_error);
    }
  }

  // -- closing ------------------------------------------------------------------------------------

  void read_close() {
    while (!at_end() && feed(chunk_.size()))
      messages_.clear();
    if (!at_end() && !faulty())
      return layer_.fill();
    stage_ = stage::ending;
    error_code ec;
    if (protocol_->current() != protocol::state::closed)
      ec = make_error_code(boost::system::errc::protocol_error);
    layer_.async_tear_down([this, self = self(), ec](error_code) { user().on_closed(ec); });
  }

  // -- events -------------------------------------------------------------------------------------

  void on_sent(error_code ec) override {
    user().on_sent(ec);
    if (!writable())
      return;
    pongs_wait_ = false;
    if (std::exchange(stalled_, false))
      go_on_later();
  }

  // A peer that does not take our pongs has to wait.
  [[nodiscard]] bool may_read() const { return !pongs_wait_; }

  void on_bytes(std::string_view bytes) override {
    if (stage_ == stage::upgrading)
      request_ += bytes;
    else
      append(bytes);
  }

  void on_message(bool is_text, std::string payload) override {
    auto kind = is_text ? message_kind::text : message_kind::binary;
    cost_ += inbox::cost_of(messages_.emplace_back(data_message{kind, std::move(payload)}));
  }

  void on_ping_frame() override {
    pongs_wait_ = !writable();
    user().on_ping();
  }

  void on_pong_frame(std::string_view data) override { user().on_pong(data); }

  void append(std::string_view bytes) {
    error_code ec;
    layer_.write_some(asio::buffer(bytes.data(), bytes.size()), ec);
    if (ec)
      write_error_ = ec;
  }

  asio_unit& unit_;
  layer_type layer_;
  std::unique_ptr<protocol> protocol_;
  stage stage_ = stage::fresh;
  // What websocketpp makes of the upgrade request.
  std::string request_;
  error_code write_error_;
  std::array<char, protocol::max_feed> chunk_;

  // Whether a read is under way, and waits until there is room for pongs.
  bool reading_ = false;
  bool stalled_ = false;
  // Whether a pong had to go behind much that the peer has not taken.
  bool pongs_wait_ = false;
  // What the read may bring, and what it has brought.
  std::uint64_t room_ = 0;
  std::uint64_t cost_ = 0;
  std::vector<data_message> messages_;
};

} // namespace wsengine::io
