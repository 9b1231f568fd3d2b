// masking.cpp: see masking.hpp.

#include "masking.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace wsengine {

namespace {

bool is_named(std::string_view name, std::string_view lower_case) {
  auto same = [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + ('a' - 'A') : x) == y; };
  return std::equal(name.begin(), name.end(), lower_case.begin(), lower_case.end(), same);
}

} // namespace

std::string masked_url(std::string url) {
  auto scheme = url.find("://");
  if (scheme == std::string::npos)
    return url;
  auto begin = scheme + 3;
  auto end = std::min(url.find_first_of("/?#", begin), url.size());
  auto at = url.rfind('@', end);
  if (at != std::string::npos && at >= begin && at < end)
    url.replace(begin, at - begin, "***");
  return url;
}

handshake_request masked(handshake_request what) {
  what.url = masked_url(std::move(what.url));
  for (auto& [name, value] : what.headers)
    if (is_credential(name))
      value = "***";
  return what;
}

handshake_response masked(handshake_response what) {
  for (auto& [name, value] : what.headers)
    if (is_credential(name) || is_named(name, "set-cookie"))
      value = "***";
    else if (is_named(name, "location"))
      value = masked_url(std::move(value));
  return what;
}

} // namespace wsengine
