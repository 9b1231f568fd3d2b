// proxy.cpp: see proxy.hpp.

#include "wsengine/proxy.hpp"

#include "ascii.hpp"

#include "wsengine/url.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdlib>

namespace wsengine {

// -- addresses ------------------------------------------------------------------------------------

namespace {

constexpr std::uint16_t socks_port = 1080;

template <class T>
std::optional<T> fail(std::string* problem, std::string text) {
  if (problem)
    *problem = std::move(text);
  return std::nullopt;
}

} // namespace

std::optional<proxy_address> parse_proxy_address(std::string_view text, std::string* problem) {
  proxy_address result;
  auto end = text.find("://");
  auto scheme = text.substr(0, end);
  if (end == std::string_view::npos)
    return fail<proxy_address>(problem, "must start with http:// or socks5://");
  if (ascii::equal_ignoring_case(scheme, "socks5") || ascii::equal_ignoring_case(scheme, "socks5h"))
    result.speaks = proxy_address::protocol::socks5;
  else if (!ascii::equal_ignoring_case(scheme, "http"))
    return fail<proxy_address>(problem, "the scheme must be http or socks5, not \""
                                          + std::string{scheme} + "\"");
  auto authority = text.substr(end + 3);
  if (authority.find('@') != std::string_view::npos)
    return fail<proxy_address>(problem, "user and password are options of their own");
  if (authority.ends_with('/'))
    authority.remove_suffix(1);
  if (authority.find_first_of("/?") != std::string_view::npos)
    return fail<proxy_address>(problem, "nothing may follow host and port");
  // Host and port follow the same rules.
  auto parsed = parse_url("ws://" + std::string{authority}, problem);
  if (!parsed)
    return std::nullopt;
  result.host = std::move(parsed->host);
  result.port = parsed->port;
  auto has_port = !authority.ends_with(']') && !authority.ends_with(':')
                  && authority.find(':', authority.find(']') + 1) != std::string_view::npos;
  if (!has_port && result.speaks == proxy_address::protocol::socks5)
    result.port = socks_port;
  return result;
}

// -- with user and password -----------------------------------------------------------------------

namespace {

unsigned value_of(char hex_digit) {
  return ascii::is_digit(hex_digit) ? static_cast<unsigned>(hex_digit - '0')
                                    : static_cast<unsigned>(ascii::lower(hex_digit) - 'a') + 10;
}

/// Resolves percent escapes; what is none stays as it is.
std::string unescape(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '%' && text.size() - i > 2 && ascii::is_hex_digit(text[i + 1])
        && ascii::is_hex_digit(text[i + 2])) {
      result += static_cast<char>(value_of(text[i + 1]) << 4U | value_of(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  return result;
}

} // namespace

std::optional<proxy_options> parse_proxy(std::string_view text, std::string* problem) {
  proxy_options result;
  auto end = text.find("://");
  auto scheme = end == std::string_view::npos ? std::string_view{"http"} : text.substr(0, end);
  auto rest = end == std::string_view::npos ? text : text.substr(end + 3);
  // A password may contain a sign that was not escaped.
  if (auto at = rest.rfind('@'); at != std::string_view::npos) {
    auto who = rest.substr(0, at);
    auto colon = who.find(':');
    result.user = unescape(who.substr(0, colon));
    if (colon != std::string_view::npos)
      result.password = unescape(who.substr(colon + 1));
    rest.remove_prefix(at + 1);
  }
  result.url = std::string{scheme} + "://" + std::string{rest};
  if (!parse_proxy_address(result.url, problem))
    return std::nullopt;
  return result;
}

// -- the list of exceptions -----------------------------------------------------------------------

namespace {

/// One entry of the list.
struct exception {
  std::string_view host;
  std::optional<std::uint16_t> port;
  std::optional<unsigned> prefix;
};

template <class T>
bool read_number(std::string_view text, T& into) {
  auto last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, into);
  return ec == std::errc{} && end == last && !text.empty();
}

/// An address as its bytes: 4, 16, or none for what is no address.
std::string bytes_of(std::string_view text) {
  std::array<char, 16> buffer{};
  std::string copy{text};
  if (inet_pton(AF_INET, copy.c_str(), buffer.data()) == 1)
    return {buffer.data(), 4};
  if (inet_pton(AF_INET6, copy.c_str(), buffer.data()) == 1)
    return {buffer.data(), 16};
  return {};
}

std::string split_entry(std::string_view entry, exception& into) {
  into.host = entry;
  if (entry.empty())
    return "must not be empty";
  if (auto slash = entry.find('/'); slash != std::string_view::npos) {
    into.host = entry.substr(0, slash);
    unsigned prefix = 0;
    auto size = bytes_of(into.host).size();
    if (size == 0 || !read_number(entry.substr(slash + 1), prefix) || prefix > 8 * size)
      return "is not a network such as 10.0.0.0/8";
    into.prefix = prefix;
    return {};
  }
  // An IPv6 address without brackets has colons of its own.
  if (!bytes_of(entry).empty())
    return {};
  if (auto colon = entry.rfind(':'); colon != std::string_view::npos && !entry.ends_with(']')) {
    std::uint16_t port = 0;
    if (!read_number(entry.substr(colon + 1), port) || port == 0)
      return "must end with a port from 1 to 65535 behind the colon";
    into.port = port;
    into.host = entry.substr(0, colon);
  }
  if (into.host.starts_with('[') && into.host.ends_with(']'))
    into.host = into.host.substr(1, into.host.size() - 2);
  return {};
}

bool same_network(std::string_view lhs, std::string_view rhs, unsigned bits) {
  if (lhs.size() != rhs.size() || lhs.empty())
    return false;
  auto whole = bits / 8;
  if (lhs.substr(0, whole) != rhs.substr(0, whole))
    return false;
  auto left = bits % 8;
  if (left == 0)
    return true;
  auto mask = 0xFFU << (8 - left) & 0xFFU;
  return (static_cast<unsigned char>(lhs[whole]) & mask)
         == (static_cast<unsigned char>(rhs[whole]) & mask);
}

bool matches(const exception& what, std::string_view host, std::uint16_t port) {
  if (what.port && *what.port != port)
    return false;
  if (what.host == "*")
    return true;
  auto ours = bytes_of(host);
  if (what.prefix)
    return same_network(ours, bytes_of(what.host), *what.prefix);
  if (auto theirs = bytes_of(what.host); !ours.empty() || !theirs.empty())
    return ours == theirs;
  auto name = what.host;
  if (name.starts_with("*."))
    name.remove_prefix(1);
  if (name.starts_with('.'))
    name.remove_prefix(1);
  for (auto* x : {&name, &host})
    if (x->ends_with('.'))
      x->remove_suffix(1);
  if (name.empty() || host.size() < name.size())
    return false;
  auto above = host.size() - name.size();
  return ascii::equal_ignoring_case(host.substr(above), name)
         && (above == 0 || host[above - 1] == '.');
}

} // namespace

std::vector<std::string> split_no_proxy(std::string_view list) {
  std::vector<std::string> result;
  while (!list.empty()) {
    auto size = std::min(list.find_first_of(", \t"), list.size());
    if (size > 0)
      result.emplace_back(list.substr(0, size));
    list.remove_prefix(std::min(size + 1, list.size()));
  }
  return result;
}

std::string why_no_entry(std::string_view entry) {
  exception ignored;
  return split_entry(entry, ignored);
}

bool goes_around(const proxy_options& proxy, std::string_view host, std::uint16_t port) {
  return std::any_of(proxy.no_proxy.begin(), proxy.no_proxy.end(), [&](const auto& entry) {
    exception what;
    return split_entry(entry, what).empty() && matches(what, host, port);
  });
}

// -- the environment ------------------------------------------------------------------------------

namespace {

/// The value of the first variable that is set and not empty.
const char* first_of(const environment& lookup, std::initializer_list<const char*> names) {
  for (const auto* name : names)
    if (const auto* value = lookup(name); value != nullptr && *value != '\0')
      return value;
  return nullptr;
}

} // namespace

proxy_options proxy_from_environment(bool secure, std::string* problem, const environment& lookup) {
  auto find = lookup
                ? lookup
                : environment{[](const char* name) -> const char* { return std::getenv(name); }};
  const auto* value = secure
                        ? first_of(find, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                        : first_of(find, {"http_proxy", "all_proxy", "ALL_PROXY"});
  if (value == nullptr)
    return {};
  auto result = parse_proxy(value, problem);
  if (!result)
    return {};
  if (const auto* list = first_of(find, {"no_proxy", "NO_PROXY"}))
    for (auto& entry : split_no_proxy(list))
      // One bad entry of a variable that others read, too, must not end everything.
      if (why_no_entry(entry).empty())
        result->no_proxy.push_back(std::move(entry));
  return *result;
}

} // namespace wsengine
