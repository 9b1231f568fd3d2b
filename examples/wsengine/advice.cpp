// advice.cpp: see advice.hpp.

#include "advice.hpp"

#include "wsengine/error.hpp"
#include "wsengine/url.hpp"

namespace wsengine::cli {

namespace {

/// Where the connection goes to, for people.
std::string target_of(const engine_options& options) {
  if (const auto& path = options.connection.unix_socket; !path.empty())
    return path;
  auto parsed = parse_url(options.request.url);
  return parsed ? "port " + std::to_string(parsed->port) + " of " + parsed->host : "its port";
}

std::string for_refusal(unsigned status) {
  switch (status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: return "The server sends us elsewhere: --max-redirects N follows.";
    case 401:
    case 403:
      return "The server wants to know who you are, or where you come from: --bearer-auth, "
             "--basic-auth, --header 'Cookie: ...', or --header 'Origin: ...'.";
    case 404: return "Is the path of the URL right?";
    case 426: return "Is the path of the URL right? --subprotocol may be missing, too.";
    case 429:
    case 503: return "The server is busy: --retry-first goes on trying.";
    default: return {};
  }
}

std::string for_connect(const engine_options& options) {
  return "Does a server listen on " + target_of(options)
         + "? --retry-first waits for one; --proxy URL goes through a proxy.";
}

std::string for_upgrade(const engine_options& options) {
  auto parsed = parse_url(options.request.url);
  if (parsed && !parsed->secure)
    return "Does the server speak WebSocket there? If it speaks TLS, write wss://.";
  return "Does the server speak WebSocket there?";
}

} // namespace

std::string advice_for_url(std::string_view url) {
  if (url.empty())
    return {};
  auto end = url.find("://");
  if (end == std::string_view::npos)
    return "; did you mean ws://" + std::string{url} + "?";
  auto scheme = url.substr(0, end);
  if (scheme == "http" || scheme == "https")
    return std::string{"; did you mean "} + (scheme == "http" ? "ws" : "wss")
           + std::string{url.substr(end)} + "?";
  return {};
}

std::string advice_for(const caf::error& cause, const engine_options& options) {
  if (auto response = response_of(cause))
    return for_refusal(response->status);
  if (is(cause, dial_errc::resolve_failed) || is(cause, dial_errc::resolve_timeout))
    return "Is the name of the host right, and does this machine reach its name server?";
  if (is(cause, dial_errc::connect_failed) || is(cause, dial_errc::connect_timeout))
    return for_connect(options);
  if (is(cause, dial_errc::proxy_failed) || is(cause, dial_errc::proxy_timeout))
    return "Is the proxy right, and the login for it? --no-proxy LIST goes without one.";
  if (is(cause, dial_errc::tls_failed))
    return "--ca FILE trusts an authority of your own, --server-name NAME expects another name; "
           "does the server speak TLS there?";
  if (is(cause, dial_errc::upgrade_failed) || is(cause, dial_errc::upgrade_timeout))
    return for_upgrade(options);
  return {};
}

} // namespace wsengine::cli
