// proxy.hpp: the proxy that a connection goes through, and which servers it goes around it to.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/secret.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine {

/// A proxy. The server's name is resolved by the proxy, never here.
struct proxy_options {
  /// `http://host[:port]` for the CONNECT method of HTTP (RFC 9110, section 9.3.6; port 80), or
  /// `socks5://host[:port]` (RFC 1928; port 1080), which may be written `socks5h`, too. Empty: no
  /// proxy. User information is refused here; see `parse_proxy`.
  std::string url;
  /// The user for the proxy: HTTP's Basic scheme (RFC 7617), or RFC 1929 for SOCKS5. Empty: none.
  std::string user;
  /// The user's password.
  secret password;
  /// Servers to go around the proxy to, as in the variable `no_proxy`: a name stands for itself and
  /// all below it, with or without a leading dot, or `*` and a dot; an address for itself; one with
  /// prefix length, such as `10.0.0.0/8`, for its network; `*` for all. A port may follow a name or
  /// an address; IPv6 addresses then need their brackets.
  std::vector<std::string> no_proxy;

  friend bool operator==(const proxy_options&, const proxy_options&) = default;
};

WSENGINE_INSPECT(proxy_options, url, user, password, no_proxy)

/// Splits `http://user:password@host:port` and the like; user and password may have percent
/// escapes, and a missing scheme is `http`. On failure returns nothing and, when asked, says what
/// is wrong in `problem`, without repeating the password.
std::optional<proxy_options> parse_proxy(std::string_view text, std::string* problem = nullptr);

/// Where a proxy is and what it speaks.
struct proxy_address {
  enum class protocol : std::uint8_t { http, socks5 };

  protocol speaks = protocol::http;
  /// A name, an IPv4 address, or an IPv6 address without its brackets.
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const proxy_address&, const proxy_address&) = default;
};

/// Understands `proxy_options::url`. On failure returns nothing and, when asked, says what is wrong
/// in `problem`.
std::optional<proxy_address> parse_proxy_address(std::string_view url,
                                                 std::string* problem = nullptr);

/// Splits a list such as `localhost,.example.org 10.0.0.0/8` at commas and spaces.
[[nodiscard]] std::vector<std::string> split_no_proxy(std::string_view list);

/// What is wrong with an entry of `proxy_options::no_proxy`; empty when nothing is.
[[nodiscard]] std::string why_no_entry(std::string_view entry);

/// Whether a connection to that host and port goes around the proxy. The host is a name or an
/// address without brackets.
[[nodiscard]] bool goes_around(const proxy_options& proxy, std::string_view host,
                               std::uint16_t port);

/// Looks up an environment variable; null when there is none.
using environment = std::function<const char*(const char* name)>;

/// The proxy for `ws` or, when `secure`, `wss` URLs as the environment names it: `http_proxy` or
/// `https_proxy`, then `all_proxy`, each also in upper case save for `HTTP_PROXY`, which a web
/// server may have filled with a header of a request; and the list `no_proxy`. No proxy when there
/// is none or when it cannot be understood; then, when asked, says why in `problem`. Nothing reads
/// the environment but this function. `lookup` stands in for it in tests.
[[nodiscard]] proxy_options proxy_from_environment(bool secure, std::string* problem = nullptr,
                                                   const environment& lookup = {});

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(23, wsengine::proxy_options)
