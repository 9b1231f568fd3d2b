// protocol.cpp: see protocol.hpp.

#include "protocol.hpp"

#include <algorithm>
#include <utility>
#include <vector>
#include <websocketpp/client.hpp>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/core_client.hpp>
#include <websocketpp/logger/stub.hpp>

namespace wsengine::io {

namespace {

namespace wspp = websocketpp;

// No threads, no log, and no transport: bytes go in and out by calls.
struct settings : wspp::config::core_client {
  using concurrency_type = wspp::concurrency::none;
  using alog_type = wspp::log::stub;
  using elog_type = wspp::log::stub;
  using rng_type = wspp::random::random_device::int_generator<std::uint32_t, concurrency_type>;

  struct transport_config : core_client::transport_config {
    using concurrency_type = settings::concurrency_type;
    using alog_type = settings::alog_type;
    using elog_type = settings::elog_type;
  };
  using transport_type = wspp::transport::iostream::endpoint<transport_config>;

  static constexpr std::size_t connection_read_buffer_size = protocol::max_feed;
};

using endpoint = wspp::client<settings>;
using message_ptr = settings::message_type::ptr;
using frame_processor = wspp::processor::hybi13<settings>;

namespace opcode = wspp::frame::opcode;
namespace status = wspp::close::status;

// How many bytes at the end of a text begin a character that goes on behind it.
std::size_t begun_character(std::string_view text) {
  for (std::size_t n = 1; n <= std::min<std::size_t>(3, text.size()); ++n) {
    auto byte = static_cast<unsigned char>(text[text.size() - n]);
    if (byte >= 0xC0)
      return (byte >= 0xF0 ? 4U : byte >= 0xE0 ? 3U : 2U) > n ? n : 0;
    if (byte < 0x80)
      return 0;
  }
  return 0;
}

} // namespace

// -- implementation -------------------------------------------------------------------------------

class protocol::impl {
public:
  impl(protocol_user& user, std::uint64_t max_message_size) : user_(user) {
    endpoint_.set_user_agent({});
    endpoint_.set_max_message_size(static_cast<std::size_t>(max_message_size));
  }

  ~impl() {
    // What the connection waits for keeps it.
    if (connection_)
      connection_->fatal_error();
  }

  void start(const std::string& target) {
    // Where the server is does not matter here: whoever sends the request names the host in it.
    auto where = std::make_shared<wspp::uri>(false, "localhost", target);
    std::error_code ec;
    connection_ = endpoint_.get_connection(where, ec);
    if (ec) {
      failure_ = ec;
      state_ = state::failed;
      return;
    }
    connection_->set_write_handler(
      [this](const wspp::connection_hdl&, const char* data, std::size_t size) {
        user_.on_bytes({data, size});
        return std::error_code{};
      });
    connection_->set_vector_write_handler(
      [this](const wspp::connection_hdl&, const std::vector<wspp::transport::buffer>& parts) {
        send(parts);
        return std::error_code{};
      });
    set_event_handlers();
    endpoint_.connect(connection_);
  }

  void feed(std::string_view bytes) { connection_->read_some(bytes.data(), bytes.size()); }

  std::error_code write(bool is_text, std::string_view piece, bool last) {
    auto op = begun_ ? opcode::continuation : is_text ? opcode::text : opcode::binary;
    // websocketpp demands that the first frame of a text ends with a whole character.
    auto kept = op == opcode::text && !last ? begun_character(piece) : 0;
    auto message = connection_->get_message(op, held_back_.size() + piece.size());
    message->append_payload(held_back_);
    message->append_payload(piece.data(), piece.size() - kept);
    message->set_fin(last);
    held_back_ = piece.substr(piece.size() - kept);
    begun_ = !last;
    return connection_->send(message);
  }

  std::error_code ping(std::string_view data) {
    std::error_code ec;
    connection_->ping(std::string{data}, ec);
    return ec;
  }

  // The connection's own `close` does not wait for the peer's frame after some codes, so the frame
  // goes past it.
  void close(std::uint16_t code, const std::string& reason) {
    auto frame = std::make_shared<settings::message_type>(settings::message_type::con_msg_man_ptr{},
                                                          opcode::close, reason.size() + 2);
    frame_processor processor{false, false, manager_, random_};
    if (processor.prepare_close(code, reason, frame))
      return;
    closed_by_user_ = true;
    user_.on_bytes(frame->get_header());
    user_.on_bytes(frame->get_payload());
  }

  state current() const noexcept { return state_; }
  std::error_code failure() const { return failure_; }

  std::uint16_t close_code() const noexcept { return close_code_; }
  const std::string& close_reason() const noexcept { return close_reason_; }

private:
  void set_event_handlers() {
    connection_->set_open_handler([this](const wspp::connection_hdl&) { state_ = state::open; });
    connection_->set_fail_handler([this](const wspp::connection_hdl&) {
      failure_ = connection_->get_ec();
      state_ = state::failed;
    });
    connection_->set_message_handler([this](const wspp::connection_hdl&, const message_ptr& what) {
      take(what->get_opcode() == opcode::text, std::move(what->get_raw_payload()));
    });
    connection_->set_ping_handler([this](const wspp::connection_hdl&, const std::string&) {
      user_.on_ping_frame();
      return true;
    });
    connection_->set_pong_handler(
      [this](const wspp::connection_hdl&, const std::string& data) { user_.on_pong_frame(data); });
  }

  // websocketpp does not see that a text in several frames ends in the middle of a character.
  void take(bool is_text, std::string payload) {
    if (state_ != state::open)
      return;
    if (!is_text || begun_character(payload) == 0)
      return user_.on_message(is_text, std::move(payload));
    state_ = state::broken;
    close_code_ = status::invalid_payload;
    close_reason_ = "a text that ends in the middle of a character";
    close(close_code_, close_reason_);
  }

  // The parts are the header and the payload of one frame after the other. Nothing follows a close
  // frame.
  void send(const std::vector<wspp::transport::buffer>& parts) {
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
      if (state_ != state::open)
        return;
      if ((static_cast<unsigned char>(parts[i].buf[0]) & 0x0FU) == opcode::close)
        end();
      if (closed_by_user_)
        continue;
      // For a length that is not in its shortest form, websocketpp blames itself.
      if (state_ == state::broken && close_code_ == status::internal_endpoint_error) {
        close_code_ = status::protocol_error;
        close(close_code_, close_reason_);
        continue;
      }
      user_.on_bytes({parts[i].buf, parts[i].len});
      user_.on_bytes({parts[i + 1].buf, parts[i + 1].len});
    }
  }

  // The connection says good-bye by itself: because the peer did, then it says the same, or because
  // of what the peer has done.
  void end() {
    auto code = connection_->get_remote_close_code();
    auto reason = connection_->get_remote_close_reason();
    auto said = connection_->get_local_close_code();
    auto same = said == code && connection_->get_local_close_reason() == reason;
    auto nothing = code == status::no_status && said == status::normal;
    state_ = same || nothing ? state::closed : state::broken;
    close_code_ = state_ == state::closed ? code : said;
    close_reason_ = state_ == state::closed ? reason : connection_->get_local_close_reason();
  }

  protocol_user& user_;
  endpoint endpoint_;
  endpoint::connection_ptr connection_;
  state state_ = state::upgrading;
  std::error_code failure_;
  bool closed_by_user_ = false;
  // Once the peer closed or broke the protocol.
  std::uint16_t close_code_ = 0;
  std::string close_reason_;
  // Of a message that is sent in pieces.
  bool begun_ = false;
  std::string held_back_;
  // For a frame of our own.
  settings::con_msg_manager_type::ptr manager_ = std::make_shared<settings::con_msg_manager_type>();
  settings::rng_type random_;
};

// -- interface ------------------------------------------------------------------------------------

protocol::protocol(protocol_user& user, std::uint64_t max_message_size)
  : impl_(std::make_unique<impl>(user, max_message_size)) {}

protocol::~protocol() = default;

void protocol::start(const std::string& target) {
  impl_->start(target);
}

void protocol::feed(std::string_view bytes) {
  impl_->feed(bytes);
}

protocol::state protocol::current() const noexcept {
  return impl_->current();
}

std::error_code protocol::failure() const {
  return impl_->failure();
}

std::uint16_t protocol::close_code() const noexcept {
  return impl_->close_code();
}

const std::string& protocol::close_reason() const noexcept {
  return impl_->close_reason();
}

std::error_code protocol::write(bool is_text, std::string_view piece, bool last) {
  return impl_->write(is_text, piece, last);
}

std::error_code protocol::ping(std::string_view data) {
  return impl_->ping(data);
}

void protocol::close(std::uint16_t code, const std::string& reason) {
  impl_->close(code, reason);
}

} // namespace wsengine::io
