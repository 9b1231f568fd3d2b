// session.cpp: one connection of the echo server, from the TLS handshake to its end.

#include "session.hpp"

#include "route.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace wsengine::examples {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

using boost::system::error_code;
using clock = std::chrono::steady_clock;
using timer =
  asio::basic_waitable_timer<clock, asio::wait_traits<clock>, asio::io_context::executor_type>;
using request_type = http::request<http::string_body>;

/// At this many bytes of messages to send, a session stops producing more.
constexpr std::size_t outbox_limit = 256U << 10U;

/// What a frame costs besides its payload, so that empty messages cannot pile up, either.
constexpr std::size_t frame_cost = 64;

// -- what goes out --------------------------------------------------------------------------------

/// A frame that waits to be sent.
struct outgoing {
  enum class type : std::uint8_t { text, binary, ping, close };

  type what = type::binary;
  std::string data;
  close_details details{close_code::normal, ""};
  clock::time_point due = clock::time_point::min();

  [[nodiscard]] std::size_t cost() const noexcept { return data.size() + frame_cost; }
};

/// A message of a flood: its index, then a pattern.
std::string flood_message(std::uint64_t index, std::size_t size) {
  std::string result(size, 'x');
  for (std::size_t i = 0; i < std::min<std::size_t>(size, 8); ++i)
    result[i] = static_cast<char>(index >> (8 * (7 - i)));
  return result;
}

websocket::close_reason to_reason(const close_details& details) {
  // An empty frame is what Beast sends for `none`.
  if (details.code == close_code::no_status)
    return {websocket::close_code::none};
  return {static_cast<websocket::close_code>(details.code), details.reason};
}

// -- session --------------------------------------------------------------------------------------

/// All of it runs on the server's thread.
class session final : public connection, public std::enable_shared_from_this<session> {
public:
  session(transport stream, registry& shared)
    : shared_(shared),
      id_(shared.accept()),
      stream_(std::move(stream)),
      wake_(stream_.get_executor(), clock::time_point::max()),
      deadline_(stream_.get_executor(), std::chrono::seconds(30)) {
    shared_.connections.insert(this);
  }

  ~session() override { shared_.connections.erase(this); }

  /// Runs the session; its operations keep it alive.
  void start() {
    deadline_.async_wait(status_handler{[weak = weak_from_this()](error_code) {
      // Cancelled once the request is there, or by the end of the connection.
      if (auto self = weak.lock(); self && !self->requested_)
        self->abort();
    }});
    stream_.next_layer().handshake([self = self()](error_code failed) {
      if (!failed)
        self->read_request();
    });
  }

  void abort() override {
    auto& socket = stream_.next_layer().socket();
    error_code ignored;
    // Not lingering makes the system send a reset.
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
    finish(false);
  }

  void send(const data_message& message) override {
    auto what = message.kind == message_kind::text ? outgoing::type::text : outgoing::type::binary;
    push({what, std::string{message.data.text()}, {}, {}});
  }

  void ping(const std::string& payload) override { push({outgoing::type::ping, payload, {}, {}}); }

  void close(const close_details& details) override {
    push({outgoing::type::close, {}, details, {}});
  }

private:
  std::shared_ptr<session> self() { return shared_from_this(); }

  // -- opening ------------------------------------------------------------------------------------

  void read_request() {
    http::async_read(stream_.next_layer(), buffer_, request_,
                     size_handler{[self = self()](error_code failed, std::size_t) {
                       if (!failed)
                         self->on_request();
                     }});
  }

  void on_request() {
    requested_ = true;
    deadline_.cancel();
    route_ = parse_route({request_.target().data(), request_.target().size()});
    announce();
    if (route_.status == 101 && route_.what != behaviour::stall && !websocket::is_upgrade(request_))
      route_ = {.status = 426, .problem = "this is a WebSocket server"};
    if (route_.status != 101)
      return refuse();
    if (route_.what == behaviour::stall)
      return stall();
    configure();
    stream_.async_accept(request_, status_handler{[self = self()](error_code failed) {
                           if (!failed)
                             self->on_accept();
                         }});
  }

  void on_accept() {
    open_ = true;
    shared_.tell({echo_event::type::opened, id_, std::string{request_.target()}, {}});
    if (route_.what == behaviour::silent)
      return hold();
    read();
    if (route_.what == behaviour::close)
      close(route_.details);
    else if (route_.what == behaviour::flood)
      flood();
  }

  void announce() {
    echo_request seen{std::string{request_.target()}, {}};
    for (const auto& field : request_)
      seen.headers.emplace_back(field.name_string(), field.value());
    shared_.request(id_, std::move(seen));
  }

  void configure() {
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = std::chrono::seconds(5);
    timeout.idle_timeout = websocket::stream_base::none();
    timeout.keep_alive_pings = false;
    stream_.set_option(timeout);
    stream_.read_message_max(shared_.options().max_message_size);
    stream_.auto_fragment(route_.fragment > 0);
    if (route_.fragment > 0)
      stream_.write_buffer_bytes(route_.fragment);
    websocket::permessage_deflate compression;
    compression.server_enable = route_.deflate;
    stream_.set_option(compression);
    stream_.control_callback([this](websocket::frame_type kind, beast::string_view payload) {
      if (kind != websocket::frame_type::close)
        shared_.tell(
          {kind == websocket::frame_type::ping ? echo_event::type::ping : echo_event::type::pong,
           id_,
           std::string{payload},
           {}});
    });
    auto offered = request_[http::field::sec_websocket_protocol];
    for (auto protocol : http::token_list{offered}) {
      stream_.set_option(websocket::stream_base::decorator(
        [chosen = std::string{protocol}](websocket::response_type& response) {
          response.set(http::field::sec_websocket_protocol, chosen);
        }));
      break;
    }
  }

  void refuse() {
    refusal_ = {static_cast<http::status>(route_.status), request_.version()};
    refusal_.set(http::field::content_type, "text/plain");
    refusal_.keep_alive(false);
    refusal_.body() = route_.problem + "\n";
    refusal_.prepare_payload();
    http::async_write(
      stream_.next_layer(), refusal_, size_handler{[self = self()](error_code, std::size_t) {
        error_code ignored;
        self->stream_.next_layer().socket().shutdown(asio::socket_base::shutdown_send, ignored);
      }});
  }

  /// Says nothing until the client has gone.
  void stall() {
    auto room = buffer_.prepare(256);
    stream_.next_layer().async_read_some(
      room, size_handler{[self = self()](error_code failed, std::size_t) {
        if (!failed)
          self->stall();
      }});
  }

  // -- receiving ----------------------------------------------------------------------------------

  /// Keeps the session alive without reading.
  void hold() {
    wake_.async_wait(status_handler{[self = self()](error_code) {
      if (self->open_)
        self->hold();
    }});
  }

  void read() {
    buffer_.clear();
    reading_ = true;
    stream_.async_read(buffer_, size_handler{[self = self()](error_code failed, std::size_t) {
                         self->reading_ = false;
                         // When we close first, the read may only be cut off; the frame that
                         // ended the session has been seen all the same.
                         if (failed)
                           self->finish(failed == websocket::error::closed
                                        || self->stream_.reason().code != 0);
                         else
                           self->on_read();
                       }});
  }

  void on_read() {
    auto data = beast::buffers_to_string(buffer_.data());
    shared_.tell({echo_event::type::message, id_, shared_.watched() ? data : "", {}});
    if (route_.what == behaviour::drop)
      return abort();
    if (route_.what == behaviour::echo || route_.what == behaviour::slow)
      push({stream_.got_text() ? outgoing::type::text : outgoing::type::binary,
            std::move(data),
            {},
            clock::now() + route_.delay});
    // A client that does not read gets no more echoes; it will feel it in its own writes.
    when_room([this] { read(); });
  }

  // -- sending ------------------------------------------------------------------------------------

  /// Queues messages of the flood as long as there is room.
  void flood() {
    if (flooded_ == route_.count)
      return close({close_code::normal, ""});
    push({outgoing::type::binary, flood_message(flooded_++, route_.size), {}, {}});
    when_room([this] { flood(); });
  }

  /// Calls `next` now or, when the outbox is full, once it is not.
  void when_room(std::function<void()> next) {
    if (!open_)
      return;
    waiting_for_room_.push_back(std::move(next));
    use_room();
  }

  void use_room() {
    // Neither the flood nor the echoes may recurse into themselves.
    if (std::exchange(using_room_, true))
      return;
    while (open_ && outbox_bytes_ <= outbox_limit && !waiting_for_room_.empty()) {
      auto next = std::move(waiting_for_room_.front());
      waiting_for_room_.pop_front();
      next();
    }
    using_room_ = false;
  }

  /// Sends the next frame of the outbox, when it is due.
  void write() {
    if (!open_ || writing_ || outbox_.empty())
      return;
    writing_ = true;
    auto& next = outbox_.front();
    if (next.due > clock::now()) {
      wake_.expires_at(next.due);
      return wake_.async_wait(status_handler{[self = self()](error_code) { self->on_wake(); }});
    }
    if (next.what == outgoing::type::close)
      // The reader sees why the session ends; nothing is sent behind a close frame.
      return stream_.async_close(to_reason(next.details),
                                 status_handler{[self = self()](error_code) {}});
    auto done = [self = self()](error_code failed) { self->on_written(failed); };
    if (next.what == outgoing::type::ping)
      return stream_.async_ping(websocket::ping_data{next.data.substr(0, 125)},
                                status_handler{done});
    stream_.text(next.what == outgoing::type::text);
    stream_.async_write(asio::buffer(next.data),
                        size_handler{[done](error_code failed, std::size_t) { done(failed); }});
  }

  void on_wake() {
    writing_ = false;
    write();
  }

  void on_written(error_code failed) {
    // A reader sees the same failure, and knows its cause better.
    if (failed)
      return reading_ ? void() : finish(false);
    if (outbox_.front().what != outgoing::type::ping)
      shared_.message_sent();
    writing_ = false;
    outbox_bytes_ -= outbox_.front().cost();
    outbox_.pop_front();
    use_room();
    write();
  }

  void push(outgoing what) {
    if (!open_)
      return;
    outbox_bytes_ += what.cost();
    outbox_.push_back(std::move(what));
    write();
  }

  // -- ending -------------------------------------------------------------------------------------

  /// The session is over; what still waits finds out by `open_`.
  void finish(bool by_close_frame) {
    wake_.cancel();
    deadline_.cancel();
    waiting_for_room_.clear();
    if (std::exchange(open_, false))
      shared_.tell({echo_event::type::closed, id_, {}, end_details(by_close_frame)});
  }

  close_details end_details(bool by_close_frame) const {
    if (!by_close_frame)
      return {close_code::abnormal, ""};
    const auto& reason = stream_.reason();
    if (reason.code == websocket::close_code::none)
      return {close_code::no_status, ""};
    return {static_cast<close_code>(reason.code),
            std::string{reason.reason.data(), reason.reason.size()}};
  }

  registry& shared_;
  std::uint64_t id_;
  websocket::stream<transport> stream_;
  route route_;
  beast::flat_buffer buffer_;
  request_type request_;
  http::response<http::string_body> refusal_;
  bool requested_ = false;
  /// Whether the session has opened and not ended.
  bool open_ = false;
  bool reading_ = false;
  bool writing_ = false;
  std::deque<outgoing> outbox_;
  std::size_t outbox_bytes_ = 0;
  /// How many messages of the flood were queued.
  std::uint64_t flooded_ = 0;
  std::deque<std::function<void()>> waiting_for_room_;
  bool using_room_ = false;
  /// Runs until a delayed frame is due.
  timer wake_;
  /// Runs until the upgrade request is there.
  timer deadline_;
};

} // namespace

void serve_connection(transport stream, registry& shared) {
  error_code ignored;
  stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  std::make_shared<session>(std::move(stream), shared)->start();
}

} // namespace wsengine::examples
