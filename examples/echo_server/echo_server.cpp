// echo_server.cpp: the thread of the echo server and the sockets on which it listens.

#include "echo_server.hpp"

#include "registry.hpp"
#include "session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace wsengine::examples {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using acceptor_type = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
using boost::system::error_code;

/// Reads PEM text or a PEM file into a TLS context.
asio::ssl::context make_context(const echo_credentials& from) {
  asio::ssl::context result{asio::ssl::context::tls_server};
  auto is_pem = [](const std::string& text) { return text.starts_with("-----BEGIN"); };
  if (is_pem(from.certificate))
    result.use_certificate_chain(asio::buffer(from.certificate));
  else
    result.use_certificate_chain_file(from.certificate);
  if (is_pem(from.key))
    result.use_private_key(asio::buffer(from.key), asio::ssl::context::pem);
  else
    result.use_private_key_file(from.key, asio::ssl::context::pem);
  return result;
}

acceptor_type listen(asio::io_context& io, const tcp::endpoint& where) {
  acceptor_type result{io, where.protocol()};
  // Lets a server come back on the port of one that has just died.
  result.set_option(asio::socket_base::reuse_address(true));
  if (where.protocol() == tcp::v6())
    result.set_option(asio::ip::v6_only(true));
  result.bind(where);
  result.listen();
  return result;
}

} // namespace

// -- the part with Asio ---------------------------------------------------------------------------

class echo_server::impl {
public:
  explicit impl(echo_options options) : shared_(std::move(options)) {}

  ~impl() { stop(); }

  void start() {
    if (running_)
      return;
    try {
      if (!shared_.options().tls.empty())
        tls_.emplace(make_context(shared_.options().tls));
      io_.emplace(1);
      listen_everywhere();
    } catch (const boost::system::system_error& problem) {
      acceptors_.clear();
      io_.reset();
      throw std::runtime_error(std::string{"the echo server cannot start: "} + problem.what());
    }
    for (auto& acceptor : acceptors_)
      accept(acceptor);
    thread_ = std::thread{[this] { run(); }};
    running_ = true;
  }

  void stop() {
    if (!running_)
      return;
    asio::post(*io_, [this] {
      stopping_ = true;
      for (auto& acceptor : acceptors_)
        acceptor.close();
      drop_all();
    });
    thread_.join();
    acceptors_.clear();
    io_.reset();
    stopping_ = false;
    running_ = false;
  }

  [[nodiscard]] bool running() const noexcept { return running_; }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  registry& shared() noexcept { return shared_; }

  /// Calls a function with each connection, on the server's thread.
  template <class F>
  void for_each(F what) {
    if (running_)
      asio::post(*io_, [this, what] {
        // A connection may end in the call.
        auto all = shared_.connections;
        for (auto* one : all)
          if (shared_.connections.count(one) > 0)
            what(*one);
      });
  }

private:
  void listen_everywhere() {
    auto port = port_ != 0 ? port_.load() : shared_.options().port;
    acceptors_.push_back(listen(*io_, {asio::ip::address_v4::loopback(), port}));
    port = acceptors_.front().local_endpoint().port();
    if (shared_.options().ipv6)
      acceptors_.push_back(listen(*io_, {asio::ip::address_v6::loopback(), port}));
    port_ = port;
  }

  void drop_all() {
    auto all = shared_.connections;
    for (auto* one : all)
      if (shared_.connections.count(one) > 0)
        one->abort();
  }

  void run() {
    while (!stopping_)
      io_->run_one();
    // What is left are cancelled operations; the bound is for the case that one is stuck.
    io_->run_for(std::chrono::seconds(5));
  }

  void accept(acceptor_type& acceptor) {
    acceptor.async_accept([this, &acceptor](error_code failed, transport::socket_type socket) {
      if (!acceptor.is_open())
        return;
      if (failed)
        return accept_later(acceptor);
      serve_connection({std::move(socket), tls_ ? &*tls_ : nullptr}, shared_);
      accept(acceptor);
    });
  }

  /// Out of file descriptors, most likely: gives others time to return some.
  void accept_later(acceptor_type& acceptor) {
    auto pause = std::make_shared<asio::steady_timer>(*io_, std::chrono::milliseconds(50));
    pause->async_wait([this, &acceptor, pause](error_code) {
      if (acceptor.is_open())
        accept(acceptor);
    });
  }

  registry shared_;
  std::optional<asio::ssl::context> tls_;
  std::optional<asio::io_context> io_;
  std::vector<acceptor_type> acceptors_;
  std::thread thread_;
  std::atomic<std::uint16_t> port_ = 0;
  std::atomic<bool> running_ = false;
  /// Used on the server's thread only.
  bool stopping_ = false;
};

// -- the public face ------------------------------------------------------------------------------

echo_server::echo_server(echo_options options)
  : impl_(std::make_unique<impl>(std::move(options))) {}

echo_server::~echo_server() = default;

void echo_server::start() {
  impl_->start();
}

void echo_server::stop() {
  impl_->stop();
}

bool echo_server::running() const noexcept {
  return impl_->running();
}

std::uint16_t echo_server::port() const noexcept {
  return impl_->port();
}

std::string echo_server::url(const std::string& path) const {
  // The certificates of tests are made out to a name.
  const auto* start =
    impl_->shared().options().tls.empty() ? "ws://127.0.0.1:" : "wss://localhost:";
  return start + std::to_string(port()) + path;
}

void echo_server::drop_all() {
  impl_->for_each([](connection& one) { one.abort(); });
}

void echo_server::close_all(const close_details& details) {
  impl_->for_each([details](connection& one) { one.close(details); });
}

void echo_server::send_all(const data_message& message) {
  impl_->for_each([message](connection& one) { one.send(message); });
}

void echo_server::ping_all(const std::string& payload) {
  impl_->for_each([payload](connection& one) { one.ping(payload); });
}

echo_counters echo_server::counters() const {
  return impl_->shared().counters();
}

std::vector<echo_request> echo_server::requests() const {
  return impl_->shared().requests();
}

bool echo_server::wait_until(const std::function<bool(const echo_counters&)>& wanted,
                             std::chrono::milliseconds timeout) const {
  return impl_->shared().wait_until(wanted, timeout);
}

} // namespace wsengine::examples
