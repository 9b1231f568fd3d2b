// cookie_jar.cpp: see cookie_jar.hpp.

#include "rules/cookie_jar.hpp"

#include "vocabulary/ascii.hpp"
#include "vocabulary/http_date.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <utility>

namespace wsengine::rules {

namespace {

using namespace std::literals;

std::string_view trimmed(std::string_view text) {
  auto first = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), ascii::lower);
  return result;
}

/// Splits at the first mark; the second part is empty when there is none.
std::pair<std::string_view, std::string_view> split(std::string_view text, char mark) {
  auto end = std::min(text.find(mark), text.size());
  return {text.substr(0, end), text.substr(std::min(end + 1, text.size()))};
}

bool is_address(const std::string& host) {
  in6_addr buffer;
  return inet_pton(AF_INET, host.c_str(), &buffer) == 1
         || inet_pton(AF_INET6, host.c_str(), &buffer) == 1;
}

/// Section 5.1.3; both in lower case.
bool domain_matches(const std::string& host, const std::string& domain) {
  return host == domain || (host.ends_with("." + domain) && !is_address(host));
}

/// Section 5.1.4.
std::string default_path(std::string_view target) {
  auto path = target.substr(0, target.find('?'));
  auto end = path.rfind('/');
  return end == 0 || end == std::string_view::npos ? "/" : std::string{path.substr(0, end)};
}

bool path_matches(std::string_view target, std::string_view path) {
  auto asked = target.substr(0, target.find('?'));
  return asked.starts_with(path)
         && (asked.size() == path.size() || path.ends_with('/') || asked[path.size()] == '/');
}

/// Section 5.2.2: seconds from now; zero and less have expired.
std::optional<timestamp> expiry_of_age(std::string_view text, timestamp now) {
  std::int64_t seconds = 0;
  auto last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, seconds);
  if (end != last || text.empty() || ec == std::errc::invalid_argument)
    return std::nullopt;
  constexpr std::int64_t most = 60LL * 60 * 24 * 400;
  if (ec == std::errc::result_out_of_range)
    seconds = text.starts_with('-') ? 0 : most;
  return now + std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, most));
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

} // namespace

// -- taking ---------------------------------------------------------------------------------------

std::optional<cookie_jar::cookie> cookie_jar::parse(std::string_view text, const url& from,
                                                    timestamp now) {
  auto [pair, attributes] = split(text, ';');
  if (pair.find('=') == std::string_view::npos || text.size() > max_size || has_control(text))
    return std::nullopt;
  auto [name, value] = split(pair, '=');
  cookie result;
  result.name = trimmed(name);
  result.value = trimmed(value);
  result.domain = lower(from.host);
  result.path = default_path(from.target);
  // Section 5.3, step 3: Max-Age wins, wherever it stands.
  std::optional<timestamp> expires;
  while (!attributes.empty()) {
    auto [attribute, rest] = split(attributes, ';');
    attributes = rest;
    auto [raw_key, raw_value] = split(attribute, '=');
    auto key = lower(trimmed(raw_key));
    auto content = trimmed(raw_value);
    if (key == "domain" && !take_domain(result, content, from))
      return std::nullopt;
    if (key == "expires") {
      if (auto when = parse_http_date(content))
        expires = *when;
    } else {
      take_attribute(result, key, content, now);
    }
  }
  if (!result.expires)
    result.expires = expires;
  // Who answers without TLS must not plant what counts under TLS.
  if (result.name.empty() || (result.secure && !from.secure))
    return std::nullopt;
  return result;
}

bool cookie_jar::take_domain(cookie& into, std::string_view content, const url& from) {
  auto host = lower(from.host);
  auto domain = lower(content.substr(content.starts_with('.') ? 1 : 0));
  if (domain.empty())
    return true;
  if (!domain_matches(host, domain))
    return false;
  // A domain without a dot is everybody's; its cookies are for one host.
  into.host_only = domain.find('.') == std::string::npos || is_address(domain);
  into.domain = into.host_only ? host : domain;
  return true;
}

void cookie_jar::take_attribute(cookie& into, const std::string& key, std::string_view content,
                                timestamp now) {
  if (key == "secure") {
    into.secure = true;
  } else if (key == "path" && content.starts_with('/')) {
    into.path = content;
  } else if (key == "max-age") {
    if (auto when = expiry_of_age(content, now))
      into.expires = *when;
  }
}

void cookie_jar::store(cookie what, timestamp now) {
  auto found = std::find_if(cookies_.begin(), cookies_.end(), [&](const cookie& x) {
    return x.name == what.name && x.domain == what.domain && x.path == what.path
           && x.host_only == what.host_only;
  });
  auto expired = what.expires && *what.expires <= now;
  if (found != cookies_.end()) {
    if (expired)
      cookies_.erase(found);
    else
      *found = std::move(what);
    return;
  }
  if (expired)
    return;
  if (cookies_.size() >= max_cookies)
    cookies_.erase(cookies_.begin());
  cookies_.push_back(std::move(what));
}

void cookie_jar::take(const header_fields& headers, const url& from, timestamp now) {
  for (const auto& [name, value] : headers)
    if (ascii::equal_ignoring_case(name, "Set-Cookie"))
      if (auto what = parse(value, from, now))
        store(std::move(*what), now);
}

// -- sending --------------------------------------------------------------------------------------

void cookie_jar::add_to(header_fields& headers, const url& to, timestamp now) const {
  auto host = lower(to.host);
  std::vector<const cookie*> chosen;
  for (const auto& x : cookies_)
    if ((x.host_only ? x.domain == host : domain_matches(host, x.domain))
        && path_matches(to.target, x.path) && (!x.secure || to.secure)
        && !(x.expires && *x.expires <= now))
      chosen.push_back(&x);
  // Section 5.4: longer paths first, then the older.
  std::stable_sort(chosen.begin(), chosen.end(),
                   [](auto* lhs, auto* rhs) { return lhs->path.size() > rhs->path.size(); });
  auto own = std::find_if(headers.begin(), headers.end(), [](const header_field& field) {
    return ascii::equal_ignoring_case(field.first, "Cookie");
  });
  std::string text = own == headers.end() ? "" : own->second;
  auto is_own = [&, given = "; " + text](const cookie& x) {
    return given.find("; " + x.name + "=") != std::string::npos;
  };
  for (const auto* x : chosen)
    if (!is_own(*x))
      text += (text.empty() ? "" : "; ") + x->name + "=" + x->value;
  if (text.empty())
    return;
  if (own == headers.end())
    headers.emplace_back("Cookie", std::move(text));
  else
    own->second = std::move(text);
}

} // namespace wsengine::rules
