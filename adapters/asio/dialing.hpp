// dialing.hpp: opens a WebSocket stream: resolve, connect, proxy, TLS, upgrade, each with its own
// timeout.

#pragma once

#include "asio_unit.hpp"
#include "connecting.hpp"
#include "net.hpp"
#include "phase_spans.hpp"
#include "protocol_library.hpp"
#include "stream.hpp"
#include "tunneling.hpp"

#include "wsengine/error.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/options.hpp"
#include "wsengine/url.hpp"

#include <caf/error.hpp>

#include <boost/asio/local/stream_protocol.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wsengine::io {

/// What the session learns from its dial.
class dial_user {
public:
  virtual ~dial_user() = default;

  /// The stream is open. Called once, unless `on_dial_failed` is.
  virtual void on_dialed(handshake_response response) = 0;

  /// The dial failed; its stream is dropped.
  virtual void on_dial_failed(caf::error reason) = 0;
};

/// One dial. Completion handlers keep it and its owner alive, so it may be let go at any time.
class dialing : public connecting_user, public std::enable_shared_from_this<dialing> {
public:
  /// `owner` uses the stream and hands `on_tls` and `on_upgraded` on. The stream is put into
  /// `target`, which belongs to it, as is `user`. `spans` may be null.
  dialing(asio_unit& unit, const protocol_library& library, stream_user& owner, dial_user& user,
          std::unique_ptr<stream>& target, handshake_request request, connection_options options,
          std::unique_ptr<phase_spans> spans = nullptr);

  /// Starts. An error when the request cannot be sent; then nothing was started.
  caf::error start();

  /// Stops without a word to the user, and drops the stream.
  void cancel();

  /// The phase that is under way, as `phase_of` would name it.
  [[nodiscard]] std::string_view current_phase() const noexcept;

  void on_tls(error_code ec);
  void on_upgraded(error_code ec, bool refused, handshake_response response);

private:
  enum class phase { idle, resolving, connecting, tunneling, securing, upgrading, over };

  using local = asio::local::stream_protocol;
  using local_socket = asio::basic_stream_socket<local, executor>;

  void on_connecting() override;
  void on_connected(tcp_socket socket) override;
  void on_not_connected(dial_errc code, std::string text) override;
  std::shared_ptr<void> hold_user() override { return std::make_shared<keep>(hold()); }

  std::string parse();
  std::string make_stream();
  void connect();
  void connect_locally();
  void on_connected_locally(error_code ec);
  void connected();
  void tunnel_through();
  void on_tunneled(const std::string& problem);
  void secure_or_upgrade();
  void upgrade();

  void enter(phase next, timespan bound);
  void on_timeout();
  void fail(dial_errc code, std::string text);
  void fail(caf::error reason);

  // What a completion handler holds.
  struct keep {
    std::shared_ptr<stream_user> owner;
    std::shared_ptr<dialing> self;
  };

  keep hold() { return {owner_.shared_from_this(), shared_from_this()}; }

  asio_unit& unit_;
  const protocol_library& library_;
  stream_user& owner_;
  dial_user& user_;
  std::unique_ptr<stream>& stream_;
  handshake_request request_;
  connection_options options_;
  url url_;
  std::optional<proxy_address> proxy_;
  // Whom we connect to, for messages.
  std::string peer_;
  phase phase_ = phase::idle;
  // Null for most: nobody traces the dial.
  std::unique_ptr<phase_spans> spans_;
  std::shared_ptr<connecting> connecting_;
  std::shared_ptr<tunneling> tunneling_;
  local_socket local_socket_;
  timer timer_;
};

} // namespace wsengine::io
