// shown_url.cpp: see shown_url.hpp.

#include "rules/shown_url.hpp"

#include <algorithm>

namespace wsengine::rules {

namespace {

constexpr std::string_view redacted = "REDACTED";

// The query without its values, from behind the question mark. What has no equals sign may be a
// token, too.
std::string shown_query(std::string_view query) {
  std::string result;
  while (!query.empty()) {
    auto end = std::min(query.find('&'), query.size());
    auto pair = query.substr(0, end);
    if (auto equals = pair.find('='); equals != std::string_view::npos)
      result.append(pair.substr(0, equals + 1)).append(redacted);
    else if (!pair.empty())
      result.append(redacted);
    if (end < query.size())
      result += '&';
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return result;
}

} // namespace

std::string shown_url(std::string_view url) {
  auto scheme = url.find("://");
  auto host = scheme == std::string_view::npos ? 0 : scheme + 3;
  auto path = std::min(url.find_first_of("/?#", host), url.size());
  std::string result{url.substr(0, host)};
  auto authority = url.substr(host, path - host);
  if (auto at = authority.rfind('@'); at != std::string_view::npos) {
    auto user = authority.substr(0, at);
    result.append(redacted);
    if (user.find(':') != std::string_view::npos)
      result.append(":").append(redacted);
    authority.remove_prefix(at);
  }
  result.append(authority);
  auto query = std::min(url.find('?', path), url.size());
  result.append(url.substr(path, query - path));
  if (query < url.size())
    result.append("?").append(shown_query(url.substr(query + 1)));
  return result;
}

} // namespace wsengine::rules
