// redirect.cpp: see redirect.hpp.

#include "rules/redirect.hpp"

#include "vocabulary/ascii.hpp"

#include "wsengine/url.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace wsengine::rules {

namespace {

bool is_default_port(const url& what) {
  return what.port == (what.secure ? 443 : 80);
}

bool same_host(const url& lhs, const url& rhs) {
  return ascii::equal_ignoring_case(lhs.host, rhs.host)
         && (lhs.port == rhs.port || (is_default_port(lhs) && is_default_port(rhs)));
}

// -- references (RFC 3986, section 5.2) -----------------------------------------------------------

/// Section 5.2.4: resolves the segments "." and "..".
std::string without_dots(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    auto end = std::min(path.find('/', 1), path.size());
    auto segment = path.substr(0, end);
    path.remove_prefix(end);
    if (segment == "/..")
      result.erase(std::min(result.rfind('/'), result.size()));
    else if (segment != "/.")
      result += segment;
    // What ends in a dot segment names a folder.
    if (path.empty() && (segment == "/.." || segment == "/."))
      result += '/';
  }
  return result;
}

/// Splits off the query, with its question mark.
std::string_view take_query(std::string_view& text) {
  auto end = std::min(text.find('?'), text.size());
  auto query = text.substr(end);
  text = text.substr(0, end);
  return query;
}

/// Path and query of a reference that names neither scheme nor host.
std::string resolve_target(std::string_view base, std::string_view reference) {
  auto query = take_query(reference);
  auto base_query = take_query(base);
  if (reference.empty())
    return std::string{base} + std::string{query.empty() ? base_query : query};
  auto path = reference.starts_with('/')
                ? std::string{reference}
                : std::string{base.substr(0, base.rfind('/') + 1)} + std::string{reference};
  return without_dots(path) + std::string{query};
}

/// A scheme is letters and the like before a colon that no slash or question mark precedes.
bool has_scheme(std::string_view reference) {
  auto colon = reference.find_first_of(":/?");
  return colon != std::string_view::npos && reference[colon] == ':' && colon > 0;
}

std::string resolve(const url& base, std::string_view reference) {
  reference = reference.substr(0, reference.find('#'));
  std::string scheme = base.secure ? "wss:" : "ws:";
  if (ascii::starts_with_ignoring_case(reference, "http:"))
    return "ws" + std::string{reference.substr(4)};
  if (ascii::starts_with_ignoring_case(reference, "https:"))
    return "wss" + std::string{reference.substr(5)};
  if (has_scheme(reference))
    return std::string{reference};
  if (reference.starts_with("//"))
    return scheme + std::string{reference};
  return scheme + "//" + base.authority() + resolve_target(base.target, reference);
}

} // namespace

// -- interface ------------------------------------------------------------------------------------

bool is_redirect(const handshake_response& response) noexcept {
  switch (response.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: return true;
    default: return false;
  }
}

std::optional<redirect_target> follow(const handshake_request& request,
                                      const handshake_response& response, std::string& problem) {
  const auto* location = find_header(response.headers, "Location");
  auto from = parse_url(request.url, &problem);
  if (location == nullptr || !from) {
    problem = "it names no location";
    return std::nullopt;
  }
  redirect_target result{request, false};
  result.request.url = resolve(*from, *location);
  std::string fault;
  auto to = parse_url(result.request.url, &fault);
  if (!to) {
    problem = "its location is no WebSocket URL: " + fault;
    return std::nullopt;
  }
  if (from->secure && !to->secure) {
    problem = "it leads from wss to ws";
    return std::nullopt;
  }
  result.leaves_host = !same_host(*from, *to);
  if (result.leaves_host)
    std::erase_if(result.request.headers, [](const header_field& field) {
      return is_credential(field.first) || ascii::equal_ignoring_case(field.first, "Host");
    });
  return result;
}

} // namespace wsengine::rules
