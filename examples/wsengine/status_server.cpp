// status_server.cpp: see status_server.hpp; the only file of the program that knows Beast.

#include "status_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

namespace wsengine::cli {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

constexpr auto patience = std::chrono::seconds(10);
constexpr std::size_t most_visitors = 64;
constexpr std::uint64_t most_body = 1024;
constexpr std::uint32_t most_header = 16U << 10U;

class visitor;

/// The connections that are open, so that none is left at the end.
using visitors = std::set<visitor*>;

/// One connection: one request after the other.
class visitor : public std::enable_shared_from_this<visitor> {
public:
  visitor(tcp::socket socket, const status_site& site, visitors& all)
    : stream_(std::move(socket)),
      site_(site),
      all_(all) {
    all_.insert(this);
  }

  visitor(const visitor&) = delete;
  visitor& operator=(const visitor&) = delete;

  ~visitor() { all_.erase(this); }

  void read() {
    parser_.emplace();
    parser_->header_limit(most_header);
    parser_->body_limit(most_body);
    stream_.expires_after(patience);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code ec, std::size_t) {
                       if (!ec)
                         self->answer(self->parser_->release());
                     });
  }

  void end() { stream_.close(); }

private:
  using request = http::request<http::string_body>;
  using response = http::response<http::string_body>;

  static std::string text_of(beast::string_view what) { return {what.data(), what.size()}; }

  void answer(const request& to) {
    auto answer =
      site_.answer({text_of(to.method_string()), text_of(to.target()),
                    text_of(to[http::field::host]), text_of(to[http::field::authorization])});
    response_ = response{static_cast<http::status>(answer.status), to.version()};
    response_.set(http::field::content_type, answer.content_type);
    response_.set(http::field::cache_control, "no-store");
    response_.set("X-Content-Type-Options", "nosniff");
    response_.set("Referrer-Policy", "no-referrer");
    response_.set("Cross-Origin-Resource-Policy", "same-origin");
    if (!answer.policy.empty())
      response_.set("Content-Security-Policy", answer.policy);
    if (!answer.allow.empty())
      response_.set(http::field::allow, answer.allow);
    response_.keep_alive(to.keep_alive());
    response_.body() = std::move(answer.body);
    response_.prepare_payload();
    // The length is told, the content is not (RFC 9110, section 9.3.2).
    if (to.method() == http::verb::head)
      response_.body().clear();
    write();
  }

  void write() {
    stream_.expires_after(patience);
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code ec, std::size_t) {
                        if (!ec && self->response_.keep_alive())
                          return self->read();
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ec);
                      });
  }

  beast::tcp_stream stream_;
  const status_site& site_;
  visitors& all_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  response response_;
};

} // namespace

class status_server::impl {
public:
  impl(status_site site, std::uint16_t port) : site_(std::move(site)) {
    listen(port);
    site_.listen_on(port_);
    accept();
    thread_ = std::thread{[this] { io_.run(); }};
  }

  ~impl() {
    asio::post(io_, [this] {
      beast::error_code ignored;
      acceptor_.close(ignored);
      timer_.cancel();
      for (auto* x : visitors_)
        x->end();
    });
    thread_.join();
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  [[nodiscard]] const std::string& token() const noexcept { return site_.token(); }

private:
  void listen(std::uint16_t port) {
    tcp::endpoint at{asio::ip::address_v4::loopback(), port};
    try {
      acceptor_.open(at.protocol());
      acceptor_.set_option(tcp::acceptor::reuse_address(true));
      acceptor_.bind(at);
      acceptor_.listen();
      port_ = acceptor_.local_endpoint().port();
    } catch (const boost::system::system_error& x) {
      throw std::runtime_error("127.0.0.1:" + std::to_string(port) + ": " + x.code().message());
    }
  }

  void accept() {
    acceptor_.async_accept([this](beast::error_code ec, tcp::socket socket) {
      if (!acceptor_.is_open())
        return;
      if (!ec && visitors_.size() < most_visitors)
        std::make_shared<visitor>(std::move(socket), site_, visitors_)->read();
      if (ec)
        return accept_later();
      accept();
    });
  }

  // The system has run out of something, files as a rule.
  void accept_later() {
    timer_.expires_after(std::chrono::milliseconds(100));
    timer_.async_wait([this](beast::error_code ec) {
      if (!ec)
        accept();
    });
  }

  status_site site_;
  visitors visitors_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  asio::steady_timer timer_{io_};
  std::uint16_t port_ = 0;
  std::thread thread_;
};

status_server::status_server(status_site site, std::uint16_t port)
  : impl_(std::make_unique<impl>(std::move(site), port)) {}

status_server::~status_server() = default;

std::uint16_t status_server::port() const noexcept {
  return impl_->port();
}

std::string status_server::url() const {
  return "http://127.0.0.1:" + std::to_string(port()) + "/#" + impl_->token();
}

} // namespace wsengine::cli
