// tunnel.cpp: see tunnel.hpp.

#include "tunnel.hpp"

#include "wsengine/handshake.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace wsengine::io {

// -- what both have in common ---------------------------------------------------------------------

std::string tunnel::take_output() {
  return std::exchange(out_, {});
}

void tunnel::fail(std::string problem) {
  state_ = state::failed;
  problem_ = std::move(problem);
}

namespace {

using boost::asio::ip::address;

bool parse_address(const std::string& host, address& into) {
  boost::system::error_code ec;
  into = boost::asio::ip::make_address(host, ec);
  return !ec;
}

// -- HTTP CONNECT (RFC 9110, section 9.3.6) -------------------------------------------------------

class http_tunnel final : public tunnel {
public:
  http_tunnel(const std::string& host, std::uint16_t port, const proxy_options& login) {
    auto authority =
      (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
    auto request =
      "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: wsengine\r\n";
    if (!login.user.empty())
      request +=
        "Proxy-Authorization: " + basic_auth(login.user, login.password.text()).second + "\r\n";
    say(request + "\r\n");
  }

  std::size_t wants() const override { return 1024; }

  void take(std::string_view bytes) override {
    head_ += bytes;
    for (;;) {
      auto end = head_.find("\r\n\r\n");
      if (end == std::string::npos)
        break;
      auto rest = head_.substr(end + 4);
      answered(head_.substr(0, head_.find("\r\n")), rest.empty());
      if (current() != state::talking)
        return;
      head_ = std::move(rest);
    }
    if (head_.size() > max_head)
      fail("the answer of the proxy has more than 16 KiB of headers");
  }

private:
  static constexpr std::size_t max_head = 16U << 10U;

  // Takes the first line of a response. What follows the header of a success is not the proxy's,
  // and a server that we have said nothing to has nothing to say.
  void answered(std::string_view line, bool is_all) {
    unsigned status = 0;
    auto digits = line.substr(std::min(line.find(' ') + 1, line.size()));
    auto [end, ec] = std::from_chars(
      digits.data(), digits.data() + std::min<std::size_t>(3, digits.size()), status);
    if (!line.starts_with("HTTP/1.") || ec != std::errc{} || status < 100)
      return fail("the proxy does not answer in HTTP");
    // 100 to 199 announce an answer that is still to come.
    if (status < 200)
      return;
    if (status < 300)
      return is_all ? succeed() : fail("the proxy sent something behind its answer");
    std::string reason{end, static_cast<std::size_t>(line.data() + line.size() - end)};
    std::erase_if(reason, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    fail("the proxy answered with status " + std::to_string(status) + reason.substr(0, 100));
  }

  std::string head_;
};

// -- SOCKS5 (RFC 1928, RFC 1929) ------------------------------------------------------------------

std::string bytes(std::initializer_list<unsigned> values) {
  std::string result;
  for (auto x : values)
    result += static_cast<char>(x);
  return result;
}

std::string with_size(const std::string& text) {
  return bytes({static_cast<unsigned>(text.size())}) + text;
}

std::string text_of_reply(unsigned code) {
  switch (code) {
    case 1: return "general failure";
    case 2: return "not allowed by its rules";
    case 3: return "network unreachable";
    case 4: return "host unreachable";
    case 5: return "connection refused";
    case 6: return "time to live expired";
    case 7: return "command not supported";
    case 8: return "address type not supported";
    default: return "reply " + std::to_string(code);
  }
}

class socks_tunnel final : public tunnel {
public:
  socks_tunnel(std::string host, std::uint16_t port, const proxy_options& login)
    : host_(std::move(host)),
      port_(port),
      login_(login) {
    say(login_.user.empty() ? bytes({5, 1, no_login}) : bytes({5, 2, no_login, by_password}));
  }

  std::size_t wants() const override { return needed_ - in_.size(); }

  void take(std::string_view more) override {
    in_ += more;
    while (current() == state::talking && in_.size() >= needed_)
      step();
  }

private:
  static constexpr unsigned no_login = 0;
  static constexpr unsigned by_password = 2;

  enum class phase { greeting, login, reply, bound };

  [[nodiscard]] unsigned at(std::size_t index) const {
    return static_cast<unsigned char>(in_[index]);
  }

  void expect(phase next, std::size_t size) {
    phase_ = next;
    in_.clear();
    needed_ = size;
  }

  void step() {
    // The answer to a password has a version of its own.
    if (phase_ != phase::bound && at(0) != (phase_ == phase::login ? 1U : 5U))
      return fail("the proxy does not answer in SOCKS5");
    switch (phase_) {
      case phase::greeting: return greeted();
      case phase::login:
        return at(1) == 0 ? ask() : fail("the proxy does not accept user and password");
      case phase::reply: return replied();
      case phase::bound: return succeed();
    }
  }

  void greeted() {
    if (at(1) == no_login)
      return ask();
    if (at(1) != by_password || login_.user.empty())
      return fail(login_.user.empty() ? "the proxy wants a login"
                                      : "the proxy accepts no user with a password");
    say(bytes({1}) + with_size(login_.user) + with_size(login_.password.text()));
    expect(phase::login, 2);
  }

  void ask() {
    address numeric;
    std::string where;
    if (!parse_address(host_, numeric)) {
      where = bytes({3}) + with_size(host_);
    } else if (numeric.is_v4()) {
      auto raw = numeric.to_v4().to_bytes();
      where = bytes({1}) + std::string{raw.begin(), raw.end()};
    } else {
      auto raw = numeric.to_v6().to_bytes();
      where = bytes({4}) + std::string{raw.begin(), raw.end()};
    }
    say(bytes({5, 1, 0}) + where + bytes({port_ >> 8U & 0xFFU, port_ & 0xFFU}));
    // Up to the first byte of the address, which is the size of a name.
    expect(phase::reply, 5);
  }

  void replied() {
    if (at(1) != 0)
      return fail("the proxy answered: " + text_of_reply(at(1)));
    // What is left of the address, and a port.
    switch (at(3)) {
      case 1: return expect(phase::bound, 3 + 2);
      case 3: return expect(phase::bound, at(4) + 2);
      case 4: return expect(phase::bound, 15 + 2);
      default: return fail("the proxy does not answer in SOCKS5");
    }
  }

  std::string host_;
  unsigned port_;
  proxy_options login_;
  phase phase_ = phase::greeting;
  std::string in_;
  std::size_t needed_ = 2;
};

} // namespace

std::unique_ptr<tunnel> make_tunnel(proxy_address::protocol speaks, const std::string& host,
                                    std::uint16_t port, const proxy_options& login) {
  if (speaks == proxy_address::protocol::socks5)
    return std::make_unique<socks_tunnel>(host, port, login);
  return std::make_unique<http_tunnel>(host, port, login);
}

} // namespace wsengine::io
