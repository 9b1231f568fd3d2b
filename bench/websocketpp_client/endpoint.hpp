// endpoint.hpp: a client of websocketpp that is ready to dial, with or without TLS.

#pragma once

#include "common/arguments.hpp"

#include <stdexcept>
#include <string>
#include <type_traits>
#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_client.hpp>

namespace wsengine::bench {

namespace wspp = websocketpp;

using plain_config = wspp::config::asio_client;
using tls_config = wspp::config::asio_tls_client;

/// Dials sessions for the scenario; all run on the thread that calls `run`.
template <class Config>
class endpoint : public wspp::client<Config> {
public:
  using base = wspp::client<Config>;

  explicit endpoint(const arguments& args)
    : url_((args.tls() ? "wss://127.0.0.1:" : "ws://127.0.0.1:")
           + std::to_string(args.target_port()) + args.path()) {
    this->clear_access_channels(wspp::log::alevel::all);
    this->clear_error_channels(wspp::log::elevel::all);
    this->init_asio();
    this->set_fail_handler(
      [](wspp::connection_hdl) { throw std::runtime_error("a session does not open"); });
    this->set_tcp_post_init_handler([this](wspp::connection_hdl who) {
      auto connection = this->get_con_from_hdl(who);
      connection->get_raw_socket().set_option(wspp::lib::asio::ip::tcp::no_delay{true});
    });
    if constexpr (std::is_same_v<Config, tls_config>)
      this->set_tls_init_handler([](wspp::connection_hdl) {
        using context = wspp::lib::asio::ssl::context;
        return wspp::lib::make_shared<context>(context::tls_client);
      });
  }

  void dial() {
    wspp::lib::error_code error;
    auto connection = this->get_connection(url_, error);
    if (error)
      throw std::runtime_error("cannot dial: " + error.message());
    base::connect(connection);
  }

private:
  std::string url_;
};

} // namespace wsengine::bench
