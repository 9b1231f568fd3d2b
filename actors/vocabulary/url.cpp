// url.cpp: see url.hpp.

#include "wsengine/url.hpp"

#include "ascii.hpp"

#include <arpa/inet.h>
#include <charconv>

namespace wsengine {

namespace {

constexpr std::uint16_t default_port(bool secure) noexcept {
  return secure ? 443 : 80;
}

// -- parts ----------------------------------------------------------------------------------------
//
// Each function returns what is wrong with its part; empty when nothing is.

std::string quoted(char c) {
  auto byte = static_cast<unsigned char>(c);
  if (byte > 0x20 && byte < 0x7F)
    return std::string{'\'', c, '\''};
  constexpr char digits[] = "0123456789ABCDEF";
  return std::string{"byte 0x"} + digits[byte >> 4U] + digits[byte & 0xFU];
}

/// Without this, a later complaint would print control characters.
std::string check_characters(std::string_view text) {
  for (auto c : text) {
    if (c == ' ')
      return "spaces are not allowed; write %20";
    if (c < 0x21 || c > 0x7E)
      return "only printable ASCII characters are allowed, not " + quoted(c);
  }
  return {};
}

std::string take_scheme(std::string_view& text, url& result) {
  auto end = text.find("://");
  if (end == std::string_view::npos)
    return "must start with ws:// or wss://";
  auto scheme = text.substr(0, end);
  if (ascii::equal_ignoring_case(scheme, "wss"))
    result.secure = true;
  else if (!ascii::equal_ignoring_case(scheme, "ws"))
    return "the scheme must be ws or wss, not \"" + std::string{scheme} + "\"";
  text.remove_prefix(end + 3);
  return {};
}

bool is_ip_address(int family, std::string_view text) {
  in6_addr buffer;
  return inet_pton(family, std::string{text}.c_str(), &buffer) == 1;
}

std::string check_host_name(std::string_view host) {
  for (auto c : host)
    if (!ascii::is_alphanumeric(c) && std::string_view{"-._~"}.find(c) == std::string_view::npos)
      return "the host name must not contain " + quoted(c);
  if (host.size() > 253)
    return "the host name is longer than 253 characters";
  if (host.front() == '.' || host.find("..") != std::string_view::npos)
    return "the host name has an empty label";
  // Resolvers take forms like 127.1 for addresses; nobody means that in a URL.
  auto labels = host.substr(0, host.size() - (host.back() == '.' ? 1 : 0));
  auto last = labels.substr(labels.rfind('.') + 1);
  if (std::all_of(last.begin(), last.end(), ascii::is_digit) && !is_ip_address(AF_INET, host))
    return "\"" + std::string{host} + "\" is not an IPv4 address";
  return {};
}

std::string take_host(std::string_view& authority, url& result) {
  auto is_literal = authority.starts_with('[');
  auto end = authority.find(is_literal ? ']' : ':');
  if (is_literal && end == std::string_view::npos)
    return "the IPv6 address has no closing bracket";
  auto host = is_literal ? authority.substr(1, end - 1) : authority.substr(0, end);
  authority.remove_prefix(std::min(authority.size(), is_literal ? end + 1 : end));
  if (host.empty())
    return "the host is missing";
  result.host = host;
  if (!is_literal)
    return check_host_name(host);
  if (!is_ip_address(AF_INET6, host))
    return "\"" + std::string{host} + "\" is not an IPv6 address";
  return {};
}

std::string check_port(std::string_view text, url& result) {
  result.port = default_port(result.secure);
  if (text.empty())
    return {};
  if (text.front() != ':')
    return "only a port may follow the IPv6 address";
  text.remove_prefix(1);
  // RFC 3986, section 3.2.3, allows a colon without digits for the default port.
  if (text.empty())
    return {};
  auto end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, result.port);
  if (parsed.ec != std::errc{} || parsed.ptr != end || result.port == 0)
    return "the port must be a number from 1 to 65535, not \"" + std::string{text} + "\"";
  return {};
}

/// Path and query consist of pchar, '/' and '?' (RFC 3986, sections 3.3 and 3.4).
std::string check_target(std::string_view target) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=:@/?";
  for (std::size_t i = 0; i < target.size(); ++i) {
    auto c = target[i];
    if (c == '%') {
      if (target.size() - i < 3 || !ascii::is_hex_digit(target[i + 1])
          || !ascii::is_hex_digit(target[i + 2]))
        return "\"" + std::string{target.substr(i, 3)} + "\" is not a percent escape";
    } else if (!ascii::is_alphanumeric(c) && marks.find(c) == std::string_view::npos) {
      return quoted(c) + " is not allowed in path or query; write it as a percent escape";
    }
  }
  return {};
}

/// Splits `text` into the parts of `result`.
std::string parse(std::string_view text, url& result) {
  if (auto problem = check_characters(text); !problem.empty())
    return problem;
  if (auto problem = take_scheme(text, result); !problem.empty())
    return problem;
  if (text.find('#') != std::string_view::npos)
    return "a WebSocket URL has no fragment; write %23 for #";
  auto authority = text.substr(0, text.find_first_of("/?"));
  text.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos)
    return "user information is not allowed; send an Authorization header instead";
  if (auto problem = take_host(authority, result); !problem.empty())
    return problem;
  if (auto problem = check_port(authority, result); !problem.empty())
    return problem;
  result.target = text.starts_with('/') ? std::string{text} : "/" + std::string{text};
  return check_target(text);
}

} // namespace

// -- interface ------------------------------------------------------------------------------------

std::string url::authority() const {
  auto result = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != default_port(secure))
    result += ":" + std::to_string(port);
  return result;
}

std::optional<url> parse_url(std::string_view text, std::string* problem) {
  url result;
  auto fault = parse(text, result);
  if (fault.empty())
    return result;
  if (problem)
    *problem = std::move(fault);
  return std::nullopt;
}

} // namespace wsengine
